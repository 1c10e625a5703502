"""Words about what arrives live: who sends, how much, and what is said no to. No Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from joren.core.errors import BadInput, JorenError, NotFound
from joren.core.ids import StoreId

Kind = Literal["server", "browser"]
UserIds = Literal["own", "customer_number"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
USER_IDS: Final[tuple[UserIds, ...]] = get_args(UserIds)

LARGEST_BODY: Final = 500 * 1024
LARGEST_MESSAGE: Final = 32 * 1024
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


class NoSuchSource(NotFound):
    """No source has that number."""


class NotReceived(JorenError):
    """A request that is not taken in; the sender is told why in the protocol's own words."""

    status = 400
    name = "invalid_request"


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
