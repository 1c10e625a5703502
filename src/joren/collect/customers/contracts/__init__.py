"""Words about people and stores that leave this room. No Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from joren.core.errors import NotFound, Refused
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
        "acquisition_source": "string",
        "registered_at": "timestamp('UTC', 6)",
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
    },
    snapshot=True,
)


@dataclass(frozen=True)
class Store:
    """Where customers buy. ``default_tax_rate`` (basis points) is for prices that contain it."""

    id: StoreId
    name: str
    currency: str | None
    default_tax_rate: int | None


@dataclass(frozen=True)
class Customer:
    """One person, as a page shows them to those who may see personal data."""

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


@dataclass(frozen=True)
class KnownAs:
    """One identity of a customer."""

    id: IdentityId
    kind: str
    store: str
    value: str
    store_id: StoreId | None = None


@dataclass(frozen=True)
class Joined:
    """A merge of two customers, which can be undone."""

    id: int
    winner: CustomerId
    loser: CustomerId
    at: datetime
    undone_at: datetime | None


class NoSuchCustomer(NotFound):
    """No customer has that id."""


class NoSuchStore(NotFound):
    """No store has that name."""


class NoSuchMerge(NotFound):
    """No merge has that id."""


class AlreadyUndone(Refused):
    """That merge was undone before."""
