"""Words about what arrives live: who sends, how much, and what is said no to. No Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from joren.core.errors import BadInput, NotFound
from joren.core.ids import CustomerId, StoreId
from joren.core.tables import TableSpec

Kind = Literal["server", "browser"]
UserIds = Literal["own", "customer_number"]
EventFormat = Literal["auto", "segment", "csv", "ga4", "matomo"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
USER_IDS: Final[tuple[UserIds, ...]] = get_args(UserIds)
EVENT_FORMATS: Final[tuple[EventFormat, ...]] = get_args(EventFormat)

EVENTS: Final = TableSpec(
    "events",
    {
        "event_id": "int64",  # from the messageId: a message is one event for ever
        "type": "string",  # track, identify, page, screen, group, alias
        "name": "string",  # of a track its event in the words of e-commerce V2
        "occurred_at": "timestamp('UTC', 6)",  # by our clock, whatever the sender's showed
        "occurred_on": "date",  # the shop's day
        "received_at": "timestamp('UTC', 6)",
        "identity_id": "int64",  # who: the source identity, else the device
        "device_id": "int64",
        "store_id": "int64",
        "source_id": "int64",
        "product_id": "string",
        "sku": "string",
        "category": "string",
        "order_number": "string",
        "currency": "string",
        "value": "int64",  # revenue, value or total, in minor units of the currency
        "quantity": "int64",
        "path": "string",  # of the page, without what follows a question mark
        "campaign_source": "string",
        "campaign_medium": "string",
        "campaign_name": "string",
        "properties": "string",  # JSON: the allowed properties that have no column
    },
)

FILES: Final = "files of events"
"""The name of a store's source of what comes in files."""

OWN: Final = "joren: "
"""So begins the name of a source whose events are joren's own doing, and not heard from a shop."""

BY_FORMS: Final = "forms: "
BY_REGISTRATIONS: Final = "registrations: "
SELDOM: Final = (OWN, BY_FORMS, BY_REGISTRATIONS)
"""So begin the names of sources of which nothing may come for long, though all is well."""

DONE_TO_THEM: Final = ("Email Sent", "Email Bounced", "Message Sent", "Message Bounced")
"""What the shop did: somebody who got a mail has done nothing by it."""

OPENED: Final = ("Email Opened", "Message Opened")
"""Machines open mail too, so that this is no visit either."""

NO_VISIT: Final = (*DONE_TO_THEM, *OPENED)

PLAN: Final = "events"
"""The kind of a promise that live events will be in the warehouse."""

LARGEST_BODY: Final = 500 * 1024
LARGEST_MESSAGE: Final = 32 * 1024
LARGEST_WRITTEN: Final = 16 * LARGEST_BODY
"""Of a request as it is kept: what a batch says once for all its messages is written with each."""
USUAL_LIMIT: Final = 2_000
"""Events a second that a source may send, and ten seconds' worth of them at once."""

BURST_SECONDS: Final = 10


@dataclass(frozen=True)
class Source:
    """Something that sends events, known by its write key.

    ``key`` is told of browsers only, whose key everybody can read in the page anyway; of a server
    its beginning is. ``user_ids`` says whether a userId is the store's own customer number.
    """

    id: int
    name: str
    kind: Kind
    store: StoreId
    user_ids: UserIds
    prefix: str
    key: str
    limit: int
    made_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class Traffic:
    """What came from a source so far; ``refused`` are requests, all else counts events."""

    received: int = 0
    kept: int = 0
    repeated: int = 0
    unreadable: int = 0
    refused: int = 0
    last_seen: datetime | None = None
    last_refusal: str = ""
    last_refused_at: datetime | None = None


@dataclass(frozen=True)
class EventsTaken:
    """What became of a file of events: those that are in the inbox, and lines that are none."""

    events: int
    unreadable: int


@dataclass(frozen=True)
class Script:
    """joren.js for the pages of a source: ``snippet`` is what goes into their head.

    A version never changes once it is out, so that the hash in a shop's pages stays true.
    """

    version: str
    address: str
    integrity: str
    size: int  # bytes on the wire, gzipped
    snippet: str


@dataclass(frozen=True)
class Unread:
    """A message that waits because nobody could read it."""

    id: int
    source: int
    reason: str
    received_at: datetime | None


@dataclass(frozen=True)
class Happened:
    """One event as a page shows it: nothing personal but whose it is, where that is known yet.

    ``waiting``: it lies in the inbox still.
    """

    at: datetime
    type: str
    name: str
    source: int
    customer: CustomerId | None
    product: str
    order_number: str
    value: int | None
    currency: str
    path: str
    waiting: bool
    id: int = 0


class NoSuchSource(NotFound):
    """No source has that number."""


class NotReceived(Exception):
    """A request that is not taken in; the sender is told why in the protocol's own words."""

    status = 400
    name = "invalid_request"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TooLarge(NotReceived):
    """The request or one of its messages is larger than the protocol allows."""

    name = "too_large"


class UnknownKey(NotReceived):
    """No source has that write key, or it was revoked."""

    status = 401
    name = "invalid_write_key"


class TooMany(NotReceived):
    """The source sends more than its limit; ``after`` is in seconds."""

    status = 429
    name = "too_many_requests"

    def __init__(self, message: str, *, after: int) -> None:
        super().__init__(message)
        self.after = after


class BadSource(BadInput):
    """A source has no such kind, name or limit."""


class BadEvents(BadInput):
    """A file of events that is none, or is damaged."""


class NoScript(BadInput):
    """Only pages carry a script, and only while their source may send."""


class PropertyRefused(BadInput):
    """A property that may not enter the warehouse."""


class Unreadable(Exception):
    """A message of which nobody can tell what it means; it waits until somebody looks at it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
