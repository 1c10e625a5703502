"""Words about products that people own and bought elsewhere. No Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, get_args

from joren.core.errors import BadInput, JorenError, NotFound, Refused
from joren.protect.consent.contracts import Said

Takes = Literal["serials", "receipts"]
TAKES: Final[tuple[Takes, ...]] = get_args(Takes)

EVENT: Final = "Product Registered"
"""What the fact of an ownership is called among the events."""

WINDOW: Final = 600
"""Seconds in which one visitor may try so often:"""

MOST_TRIES: Final = 10
MOST_WRONG: Final = 5
MOST_OF_ALL: Final = 600
"""Of all visitors together: more than that is no customer."""

LEAST_SECONDS: Final = 2
"""Nobody fills in a form faster."""

FORM_HOURS: Final = 24

WAITS: Final = timedelta(days=2)
"""So long for the person to be known, to whom the consent is written down."""


@dataclass(frozen=True)
class Programme:
    """A page on which owners of a product say so. ``slug`` is its address."""

    id: int
    slug: str
    name: str
    store: str
    sku: str
    product_name: str
    takes: Takes
    serials: int
    registered: int
    agreed: int
    made_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class Owner:
    """Who registers, as they write it."""

    email: str
    name: str = ""
    phone: str = ""
    agrees: bool = False
    wording: int | None = None  # of the consent that was shown
    language: str = ""  # of the page


@dataclass(frozen=True)
class Proof:
    """What is registered: a serial number, or a receipt of a shop."""

    number: str
    shop: str = ""
    bought_on: date | None = None


@dataclass(frozen=True)
class Written:
    """What a visitor wrote somewhere ``since`` then, to be handed on: ``facts`` to the inbox of a
    source, ``if_new`` as well where nobody knows the address, and what they asked for (``asks``) to
    the ledger of consents once the person is known."""

    number: int
    source: int
    email: str
    facts: Sequence[Mapping[str, Any]]
    if_new: Sequence[Mapping[str, Any]]
    handed_on: bool
    since: datetime
    asks: Said | None
    by: str


@dataclass(frozen=True)
class HandedOn:
    """``done``: nothing is left to do, or nobody waits for it any more. ``request`` is the entry of
    the ledger."""

    done: bool
    customer: int | None
    request: int | None


@dataclass(frozen=True)
class Added:
    """What became of a file of serial numbers."""

    added: int
    known: int
    bad: int


class NoSuchProgramme(NotFound):
    """No product is registered at that address."""


class NoSuchSerial(NotFound):
    """No product has that serial number."""


class BadProgramme(BadInput):
    """A programme has no such name, store or address."""


class BadRegistration(BadInput):
    """The form lacks what a registration needs."""


class RegisteredAlready(Refused):
    """Somebody else has registered that product."""


class TooManyTries(JorenError):
    """One visitor, or all of them, try more often than people do."""

    status = 429
