"""Words about people and stores that leave this room. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from joren.core.errors import BadInput, NotFound, Refused, Unavailable
from joren.core.ids import CustomerId, IdentityId, StoreId
from joren.core.tables import TableSpec

SIGHTING: Final = TableSpec(
    "sighting",  # one way in which a row of a file describes a person
    {
        "sighting_id": "int64",
        "store_id": "int64",
        "customer_number": "string",
        "email": "string",
        "phone": "string",
        "name": "string",
        "name_kana": "string",
        "postal_code": "string",
        "prefecture": "string",
        "city": "string",
        "street": "string",
        "building": "string",
    },
)

CUSTOMER: Final = TableSpec(
    "customer_input",
    {
        "source_row": "int64",
        "customer_number": "string",
        "email": "string",
        "phone": "string",
        "name": "string",
        "name_kana": "string",
        "birthday": "date",
        "gender": "string",
        "postal_code": "string",
        "prefecture": "string",
        "city": "string",
        "street": "string",
        "building": "string",
        "acquisition_source": "string",
        "language": "string",
        "time_zone": "string",
        "registered_at": "timestamp('UTC', 6)",
        "life_stage": "string",
        "life_stage_since": "date",
        "accepts_email": "boolean",
        "accepts_sms": "boolean",
    },
)

TRAITS: Final = TableSpec(
    "traits",  # what segments and analyses may know of a person: no name and no way to reach them
    {
        "customer_id": "int64",
        "birth_day": "string",  # month and day, 04-01
        "prefecture": "string",
        "acquisition_source": "string",
        "registered_on": "date",
        # Who may get news by it: a bit of how consents stood, which each message asks again.
        "may_email": "boolean",
        "may_line": "boolean",
        "may_sms": "boolean",
        "may_post": "boolean",
        "life_stage": "int64",  # its number in the shop's catalogue
        "life_stage_since": "date",
        "life_stage_changed_on": "date",  # null of whoever was in one only
        "gender": "string",  # female, male or other
        "age_band": "int64",  # the ten years of life: 10 is up to 19, 80 is 80 and more
        "language": "string",  # ja of ja-JP; null where nobody said
        "may_push": "boolean",
        "may_phone": "boolean",
        "may_email_surveys": "boolean",
        "may_line_surveys": "boolean",
        "may_sms_surveys": "boolean",
        "may_post_surveys": "boolean",
        "may_phone_surveys": "boolean",
        "may_web_analytics": "boolean",
    },
    snapshot=True,
)

CONSENTS: Final[Mapping[str, tuple[str, str]]] = {
    "may_email": ("email", "marketing"),
    "may_line": ("line", "marketing"),
    "may_sms": ("sms", "marketing"),
    "may_post": ("post", "marketing"),
    "may_push": ("push", "marketing"),
    "may_phone": ("phone", "marketing"),
    "may_email_surveys": ("email", "surveys"),
    "may_line_surveys": ("line", "surveys"),
    "may_sms_surveys": ("sms", "surveys"),
    "may_post_surveys": ("post", "surveys"),
    "may_phone_surveys": ("phone", "surveys"),
    "may_web_analytics": ("web", "analytics"),
}
"""The columns of TRAITS that are consents: channel and purpose of each."""


@dataclass(frozen=True)
class Store:
    """Where customers buy. ``default_tax_rate`` (basis points) is for prices that contain it."""

    id: StoreId
    name: str
    currency: str | None
    default_tax_rate: int | None


@dataclass(frozen=True)
class Placeholder:
    """A contact that names nobody, as its key says it (``e:``, ``p:``), and who says so.

    ``numbers`` is with how many customer numbers an import came upon it; ``real`` where somebody
    said that it is a person's after all.
    """

    key: str
    real: bool
    numbers: int | None
    by: str
    why: str
    at: datetime

    @property
    def contact(self) -> str:
        return self.key[2:]


@dataclass(frozen=True)
class Address:
    """Where a parcel or a letter reaches somebody, and who said so.

    ``import_id`` is what brought it first: an import, or below zero live events. The days are those
    of the first and the last order, file or event that gave it.
    """

    postal_code: str
    prefecture: str
    city: str
    street: str
    building: str
    import_id: int | None = None
    first_on: date | None = None
    last_on: date | None = None

    def masked(self) -> Address:
        """As somebody sees it who may not know where people live."""
        return replace(
            self,
            postal_code=mask(self.postal_code, keep=3),
            city=mask(self.city, keep=0),
            street=mask(self.street, keep=0),
            building=mask(self.building, keep=0),
        )


@dataclass(frozen=True)
class Customer:
    """One person, as a page shows them to those who may see personal data.

    Where an address is known, postal code and prefecture are those of the newest. ``language`` is
    a short code (ja), ``time_zone`` an IANA name; "" where nobody said.
    """

    id: CustomerId
    name: str
    name_kana: str
    email: str
    phone: str
    postal_code: str
    prefecture: str
    birthday: date | None
    gender: str
    acquisition_source: str
    registered_at: datetime | None
    city: str = ""
    street: str = ""
    building: str = ""
    language: str = ""
    time_zone: str = ""

    def masked(self) -> Customer:
        """As somebody sees them who may not know who it is: 山***, a***@…"""
        return replace(
            self,
            name=mask(self.name),
            name_kana=mask(self.name_kana),
            email=mask(self.email, end="***@…"),
            phone=mask(self.phone, keep=0),
            postal_code=mask(self.postal_code, keep=3),
            city=mask(self.city, keep=0),
            street=mask(self.street, keep=0),
            building=mask(self.building, keep=0),
            birthday=None,
            gender="",
            registered_at=None,
        )


def mask(text: str, *, keep: int = 1, end: str = "***") -> str:
    """The first signs of a text; nothing of it tells how long it is."""
    return text[:keep] + end if text else ""


Kind = Literal["number", "user", "line", "email", "phone"]
Confidence = Literal["certain", "good", "fair"]


@dataclass(frozen=True)
class KnownAs:
    """One identity of a customer, where it came from, and how surely it is of one person.

    ``import_id`` is what brought it: an import, or below zero live events; None is not known.
    """

    id: IdentityId
    kind: Kind
    store: str
    value: str
    store_id: StoreId | None = None
    confidence: Confidence = "certain"
    import_id: int | None = None
    first_seen_on: date | None = None
    last_seen_on: date | None = None

    def masked(self) -> KnownAs:
        """As somebody sees it who may not know who it is."""
        return replace(self, value=mask(self.value, end="***@…" if self.kind == "email" else "***"))


@dataclass(frozen=True)
class Joined:
    """A merge of two customers, by whom and why; it can be undone.

    ``evidence`` is ``one_row`` where both stood on one row of a file, and else what a person saw.
    """

    id: int
    winner: CustomerId
    loser: CustomerId
    at: datetime
    undone_at: datetime | None
    by: str = ""
    why: str = ""
    evidence: tuple[str, ...] = ()
    undone_by: str = ""
    import_id: int | None = None


Evidence = Literal[
    "email_alike", "name_birthday", "name_postal", "phone_nameless", "phone_shared", "family_postal"
]
Likelihood = Literal["very_likely", "likely", "perhaps", "household"]


@dataclass(frozen=True)
class Double:
    """Two customers who may be one; ``one`` is the older."""

    id: int
    one: CustomerId
    other: CustomerId
    evidence: tuple[Evidence, ...]
    score: int
    likelihood: Likelihood
    found_at: datetime


class NoSuchCustomer(NotFound):
    """No customer has that id."""


class NoSuchStore(NotFound):
    """No store has that name."""


class NoSuchMerge(NotFound):
    """No merge has that id."""


class AlreadyUndone(Refused):
    """That merge was undone before."""


class NoSuchDouble(NotFound):
    """No such pair waits for a decision."""


class SameCustomer(Refused):
    """The two are one customer already."""


class BadKeys(BadInput):
    """The keys of personal data are none."""


class WrongKey(Unavailable):
    """Personal data was sealed under a key that is not at hand."""


class NoNewKey(Refused):
    """There is no newer key to seal personal data under."""
