"""Words about a journey that is rehearsed on the past: what would have been, as far as known.

Nobody knows what customers would have done had they been written to. What depends on that is a
range from the fewest to the most it can have been.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from joren.core.words import gettext_noop

DAYS: Final = 365
"""How far back a rehearsal goes."""

NEAR_DAYS: Final = 7
"""Messages of two journeys to one customer within so many days are counted as meeting."""

Unknown = Literal[
    "never_recorded", "reactions", "since", "members_now", "membership", "property", "word",
    "worlds", "rings", "effect", "first_year", "nobody_written", "left_out", "consent_now",
]  # fmt: skip
UNKNOWN_WORDS: Final[Mapping[Unknown, str]] = {
    "never_recorded": gettext_noop(
        "“%(what)s” was never recorded in this time: whether it happened is not known."
    ),
    "reactions": gettext_noop(
        "“%(what)s” answers messages that were not sent: whether it happened is not known."
    ),
    "since": gettext_noop("Who came into or left “%(what)s” is known since %(since)s only."),
    "members_now": gettext_noop("The members of “%(what)s” are those of today."),
    "membership": gettext_noop("Who belonged to “%(what)s” then is not known."),
    "property": gettext_noop("“%(what)s” is not kept of what they entered by."),
    "word": gettext_noop("Which word was kept of them as “%(what)s” then is not known."),
    "worlds": gettext_noop("It branches too often to follow every combination of ways."),
    "rings": gettext_noop("It leads round too often to be followed to its end."),
    "effect": gettext_noop(
        "Orders and events are those that happened without these messages: with them customers "
        "may have done otherwise."
    ),
    "first_year": gettext_noop(
        "It begins with nobody on the way: whoever entered before this time counts as new."
    ),
    "nobody_written": gettext_noop("No message was sent and nothing was written down."),
    "left_out": gettext_noop("Whom the lot would have left out is not drawn: the share counts."),
    "consent_now": gettext_noop("Who may be written to is as of today."),
}
"""Why something is not known, in words."""


@dataclass(frozen=True)
class Between:
    """From the fewest to the most; equal where it is known."""

    low: int
    high: int

    @property
    def sure(self) -> bool:
        return self.low == self.high

    def __add__(self, other: Between) -> Between:
        return Between(self.low + other.low, self.high + other.high)


NONE: Final = Between(0, 0)


@dataclass(frozen=True)
class RehearsedMonth:
    """A month of the shop's calendar, named by its first day."""

    month: date
    entered: int
    messages: Between


@dataclass(frozen=True)
class RehearsedNode:
    """How often a node would have been reached.

    Of a send: ``allowed`` of the messages are to customers who may be written to today; ``capped``
    of those would have met a cap and been put off; ``cost`` (minor units) is that of the allowed
    but for the share left out, None where nobody said what the channel costs.
    """

    node: str
    do: str
    reached: Between
    first: datetime | None = None
    last: datetime | None = None
    channel: str = ""
    allowed: Between = NONE
    capped: Between = NONE
    cost: Between | None = None


@dataclass(frozen=True)
class RehearsedMessage:
    """A message that would have been asked for: to whom, who entered when, at which node, when.

    ``certain``: whatever is not known, it would have been. ``reason`` is what the gate would say,
    one of the ledger's reasons or ``left_out`` (a holdout leaves them out of everything); "": it
    would leave. Consent and holdout are as of today.
    """

    customer: int
    entered_at: datetime
    node: str
    at: datetime
    certain: bool
    reason: str


@dataclass(frozen=True)
class RehearsedPage:
    """Some of them, and where the next begin; "" at the end."""

    items: tuple[RehearsedMessage, ...]
    next: str = ""


@dataclass(frozen=True)
class RehearsedTrigger:
    """What one trigger would have let in, before the rule of re-entry; None: it is not known."""

    place: int
    arrivals: int | None


@dataclass(frozen=True)
class Meeting:
    """Another running journey: customers who would have entered both, and messages of ours that
    one of theirs to the same customer would have been near."""

    journey: int
    name: str
    customers: int
    messages: Between


@dataclass(frozen=True)
class NotKnown:
    """Something that a rehearsal cannot know, at a node or of the whole."""

    say: Unknown
    node: str = ""
    what: str = ""
    since: date | None = None


@dataclass(frozen=True)
class Rehearsal:
    """What a document would have done between two moments. Nothing was sent or kept.

    ``left_out`` of the entries would have been held out. ``goal``, ``done`` and ``active`` are how
    the entries ended: by the goal, at the end, or not yet.
    """

    since: datetime
    until: datetime
    entries: int
    customers: int
    refused: int
    left_out: int
    holdout: float
    triggers: tuple[RehearsedTrigger, ...]
    months: tuple[RehearsedMonth, ...]
    nodes: tuple[RehearsedNode, ...]
    goal: Between
    done: Between
    active: Between
    meetings: tuple[Meeting, ...]
    not_known: tuple[NotKnown, ...]
    currency: str

    @property
    def messages(self) -> Between:
        """Of all months together, which are surer than each: when a message goes may be unknown."""
        return sum((one.reached for one in self.nodes if one.do == "send"), NONE)

    @property
    def cost(self) -> Between | None:
        """Of all sends; None as soon as one of them is not known."""
        found = [one.cost for one in self.nodes if one.do == "send"]
        known = [one for one in found if one is not None]
        return sum(known, NONE) if len(known) == len(found) else None


def in_english(one: NotKnown) -> str:
    """For programs."""
    return UNKNOWN_WORDS[one.say] % {"what": one.what, "since": one.since}
