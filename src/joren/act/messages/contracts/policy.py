"""Words about how much a shop writes to anybody, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

THANKS: Final = "thanks"
LONGEST_WINDOW: Final = 31
"""Days."""

LONGEST_WAIT: Final = timedelta(60)
"""So late may leave at most what the gate let through: no message keeps its sense for longer."""


@dataclass(frozen=True)
class Cap:
    """At most so many messages to one person in so many days, which roll.

    By channel, by kind, by both, or over everything. What is transactional is never counted. A word
    of thanks is no promotion: it counts where its kind or a channel is named, and not in a cap over
    everything.
    """

    most: int
    days: int
    channel: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Quiet:
    """From when to when nothing arrives, by the recipient's clock; it may go over midnight."""

    since: time
    until: time


@dataclass(frozen=True)
class Policy:
    """What a shop decided. Budgets are of a month: messages, and minor units; None has no end.

    ``costs`` is what a message of a channel costs in minor units; what is not there is unknown, and
    takes nothing from a budget of money.
    """

    caps: tuple[Cap, ...] = (Cap(3, 7), Cap(2, 7, channel="line"))
    quiet: Quiet | None = Quiet(time(21), time(8))
    month_most: int | None = None
    month_cost: int | None = None
    costs: Mapping[str, int] = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True)
class PolicyChange:
    """A policy that holds from a moment on, and who said so."""

    policy: Policy
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True)
class MonthSpent:
    """What was let through of a month's budget: messages, and minor units."""

    month: str
    messages: int
    cost: int


@dataclass(frozen=True)
class Replayed:
    """What a policy would have made of the messages that the ledger was asked for.

    ``asked`` are those that the gate asks a policy about: no transactional ones, and none that
    nobody may get. ``put_off`` of them would have had to wait, by the reason that comes first;
    ``too_late`` of those beyond their time. ``hours`` is the median wait, None where none waits.
    """

    asked: int
    put_off: int
    reasons: Mapping[str, int]
    too_late: int
    hours: float | None


@dataclass(frozen=True)
class PolicyPreview:
    """The policy of now and another one, over the same ``days``."""

    days: int
    now: Replayed
    then: Replayed


@dataclass(frozen=True)
class Pace:
    """``per_minute``: None has no limit. ``warm_first`` is the limit of the day ``warm_since``."""

    per_minute: int | None = None
    warm_since: date | None = None
    warm_first: int | None = None
    tokens: float = 0.0
    filled_at: datetime | None = None
    used_on: date | None = None
    used: int = 0
