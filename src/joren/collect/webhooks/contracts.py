"""Words about what shops and payment services tell us by themselves. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, get_args

from joren.core.errors import BadInput, NotFound

Provider = Literal["shopify", "stripe", "generic"]
Kind = Literal["orders", "refunds", "customers"]
State = Literal["new", "claimed", "done", "ignored", "waiting", "dropped"]
Privacy = Literal["access", "erase_customer", "erase_shop"]

PROVIDERS: Final[tuple[Provider, ...]] = get_args(Provider)
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
STATES: Final[tuple[State, ...]] = get_args(State)
PRIVACY: Final[tuple[Privacy, ...]] = get_args(Privacy)

LARGEST_BODY: Final = 5 * 2**20
PRIVACY_DAYS: Final = 30
"""Until when a request about somebody's data is to be answered."""

ANNOUNCED: Final = "webhooks.privacy_requested"


@dataclass(frozen=True)
class Endpoint:
    """An address that somebody sends to. ``address`` is its path below the host."""

    id: int
    name: str
    provider: Provider
    store: str
    kind: Kind
    address: str
    mapping: Mapping[str, Any]
    sample: str
    old_secret: bool
    made_at: datetime
    disabled_at: datetime | None
    uninstalled_at: datetime | None


@dataclass(frozen=True)
class Arrivals:
    """What came to an endpoint so far."""

    received: int = 0
    done: int = 0
    ignored: int = 0
    waiting: int = 0
    refused: int = 0
    last_seen: datetime | None = None
    last_refusal: str = ""


@dataclass(frozen=True)
class Held:
    """A body that waits because nobody could read it, or that was given up."""

    id: int
    endpoint: int
    topic: str
    reason: str
    received_at: datetime
    state: State


@dataclass(frozen=True)
class PrivacyRequest:
    """What a shop asks of us about somebody's data, until it is answered.

    ``customer_number`` is the shop's own; ``email`` and ``phone`` are those that the shop named.
    """

    id: int
    kind: Privacy
    store: str
    customer_number: str
    email: str
    phone: str
    orders: tuple[str, ...]
    asked_at: datetime
    due_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class Told:
    """What one body says: rows for the files' doors, events, a request; or that it says nothing."""

    rows: Mapping[str, tuple[Mapping[str, str | None], ...]] = field(default_factory=dict)
    events: tuple[Mapping[str, Any], ...] = ()
    subject: str = ""  # the sender's id of the order or whatever it is about
    number: str = ""  # of an order, as people write it
    also: tuple[str, ...] = ()  # the sender's ids of what paid for it
    version: int = 0  # microseconds since 1970: a newer word on the subject has a larger one
    of_order: str = ""  # the subject whose number its rows still lack
    privacy: Mapping[str, Any] | None = None
    consents: tuple[Mapping[str, Any], ...] = ()  # by number or e-mail: channel, act, at, proof
    merged: tuple[str, str] | None = None  # customers who are one: the kept number, the other
    uninstalled: bool = False
    nothing: str = ""  # why there is nothing to do


class NoSuchEndpoint(NotFound):
    """No webhook has that number."""


class BadEndpoint(BadInput):
    """A webhook has no such provider, name, store or secret."""


class BadPaths(BadInput):
    """The paths find nothing in the sample, or lack what a row needs."""


class NoSuchDelivery(NotFound):
    """Nothing waits under that number."""


class NoSuchPrivacyRequest(NotFound):
    """No request about somebody's data has that number."""


class NotTaken(Exception):
    """A request that is not taken in, with the status that its sender understands."""

    def __init__(self, message: str, *, status: int = 401) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


class Unreadable(Exception):
    """A body of which nobody can tell what it means; it waits with the reason."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
