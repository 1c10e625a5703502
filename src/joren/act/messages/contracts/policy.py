"""Words about how much a shop writes to anybody, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Final

THANKS: Final = "thanks"
LONGEST_WINDOW: Final = 31
"""Days."""


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
    takes nothing from a budget of money. ``per_minute`` is how fast messages leave.
    """

    caps: tuple[Cap, ...] = (Cap(3, 7), Cap(2, 7, channel="line"))
    quiet: Quiet | None = Quiet(time(21), time(8))
    month_most: int | None = None
    month_cost: int | None = None
    costs: Mapping[str, int] = field(default_factory=dict)
    per_minute: int | None = None
    version: int = 0
