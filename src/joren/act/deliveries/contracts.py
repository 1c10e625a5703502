"""Words about what joren tells other programs (Standard Webhooks). No Django."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, get_args

from joren.core.errors import BadInput, NotFound, Refused
from joren.core.registry import Registry

State = Literal["waiting", "done", "failed", "gathered", "dropped"]
STATES: Final[tuple[State, ...]] = get_args(State)
"""``gathered`` went with others in one message after a pause, ``dropped`` went nowhere."""

Pending = Literal["digest", "drop"]
"""What becomes of what waited during a pause: one message with all of it, or nothing."""
PENDINGS: Final[tuple[Pending, ...]] = get_args(Pending)

ANNOUNCEMENTS: Final = (
    "accounts.business_changed",
    "accounts.key_issued",
    "accounts.key_revoked",
    "accounts.member_added",
    "accounts.member_removed",
    "accounts.password_changed",
    "accounts.role_changed",
    "connectors.file_imported",
    "connectors.import_undone",
    "connectors.import_waits",
    "customers.merge_undone",
    "customers.merged",
    "deliveries.endpoint_disabled",
    "figures.refreshed",
    "forms.confirmed",
    "forms.signed_up",
    "journeys.reached",
    "registrations.registered",
    "reviews.closed",
    "team.action_due",
    "team.action_overdue",
    "team.evidence_changed",
    "team.guard_alarm",
    "team.guard_stopped",
    "team.import_failed",
    "team.review_due",
    "team.review_overdue",
    "team.verdict_reached",
    "webhooks.privacy_requested",
)
"""Everything that is announced by name; an endpoint chooses among them, or by ``connectors.*``."""

PING: Final = "joren.ping"
DIGEST: Final = "joren.digest"
"""What waited during a pause, in one message; its ``messages`` are those that it gathers."""
LONGEST_WHY: Final = 200

Shape = Literal["signed", "slack", "teams", "lineworks", "chatwork"]
"""How a receiver hears: signed JSON for a program (Standard Webhooks), or words for a chat room, as
its incoming webhook takes them."""
SHAPES: Final[tuple[Shape, ...]] = get_args(Shape)
CHATS: Final[Mapping[str, str]] = {
    "slack": "Slack",
    "teams": "Microsoft Teams",
    "lineworks": "LINE WORKS",
    "chatwork": "Chatwork",
}
"""Chat rooms: of all but Chatwork the address itself is the secret."""

Spoken = Callable[[Mapping[str, Any], str], str]
SPOKEN: Final[Registry[Spoken]] = Registry("words of an announcement")
"""What a chat room is told of an announcement, from its content and a language; the room that
announces enters it."""

LONGEST_NAME: Final = 200
LARGEST_BODY: Final = 20_000
OVERLAP: Final = timedelta(hours=24)
"""So long the secret before signs beside a new one."""

GIVE_UP_AFTER: Final = timedelta(days=3)
"""An endpoint that answered nothing well for so long is disabled."""

DONE_KEPT: Final = timedelta(days=30)


@dataclass(frozen=True)
class Endpoint:
    """A program's address, or a chat room, that is told what it chose. Of a chat room whose address
    is its secret, ``url`` has the host alone."""

    id: int
    name: str
    url: str
    announcements: tuple[str, ...]
    made_at: datetime
    old_until: datetime | None
    disabled_at: datetime | None
    disabled_because: str
    failing_since: datetime | None
    shape: Shape = "signed"
    language: str = "ja"


@dataclass(frozen=True)
class Delivery:
    """One announcement on its way to one endpoint. ``code``: what was answered last, or 0."""

    id: int
    message: str
    type: str
    endpoint: int
    state: State
    attempts: int
    code: int
    error: str
    made_at: datetime
    next_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True)
class Answer:
    """What an endpoint said: a status, or none and why. ``after``: seconds that it asked for."""

    code: int
    error: str = ""
    after: int = 0

    @property
    def well(self) -> bool:
        return 200 <= self.code < 300


@dataclass(frozen=True)
class Pause:
    """A while in which nobody of the shop's people is told anything by mail or in chat rooms.

    ``until`` is its last day by the shop's clock, None: until somebody ends it. ``then`` says what
    becomes of what waited when that day is over, ``ended_how`` what became of it. ``mails`` and
    ``chats`` are how many wait, or waited when it ended.
    """

    id: int
    why: str
    until: date | None
    then: Pending
    begun_at: datetime
    begun_by: str
    ended_at: datetime | None
    ended_by: str
    ended_how: str
    mails: int
    chats: int


class BadPause(BadInput):
    """A pause has no reason, or ends before it begins."""


class PausedAlready(Refused):
    """Notices are paused already."""


class NotPaused(Refused):
    """Notices are not paused."""


class NoSuchReceiver(NotFound):
    """No endpoint has that number."""


class NoSuchMessage(NotFound):
    """No delivery has that number."""


class BadReceiver(BadInput):
    """An endpoint has no such address or announcement."""


class AddressRefused(BadInput):
    """The address lies inside the shop's own network, or might."""


class ReceiverDisabled(Refused):
    """Nothing is sent to an endpoint that is disabled."""
