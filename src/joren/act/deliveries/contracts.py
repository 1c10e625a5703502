"""Words about what joren tells other programs (Standard Webhooks). No Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from joren.core.errors import BadInput, NotFound, Refused

State = Literal["waiting", "done", "failed"]
STATES: Final[tuple[State, ...]] = get_args(State)

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
    "webhooks.privacy_requested",
)
"""Everything that is announced by name; an endpoint chooses among them, or by ``connectors.*``."""

PING: Final = "joren.ping"
LARGEST_BODY: Final = 20_000
OVERLAP: Final = timedelta(hours=24)
"""So long the secret before signs beside a new one."""

GIVE_UP_AFTER: Final = timedelta(days=3)
"""An endpoint that answered nothing well for so long is disabled."""

DONE_KEPT: Final = timedelta(days=30)


@dataclass(frozen=True)
class Endpoint:
    """A program's address that is told what it chose."""

    id: int
    name: str
    url: str
    announcements: tuple[str, ...]
    made_at: datetime
    old_until: datetime | None
    disabled_at: datetime | None
    disabled_because: str
    failing_since: datetime | None


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
