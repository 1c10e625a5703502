"""Words about campaigns. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from joren.core.errors import BadInput, NotFound, Refused
from joren.core.words import gettext_noop
from joren.decide.segments.contracts import Caution

State = Literal["draft", "scheduled", "sending", "testing", "sent", "cancelled"]
STATES: Final[tuple[State, ...]] = get_args(State)
OPEN: Final = ("draft", "scheduled")
"""Nobody has got anything yet."""

SOURCE: Final = "campaign"
"""What the ledger of messages calls it."""

USUAL_SHARE: Final = 0.1
USUAL_HOURS: Final = 48
USUAL_LOOK: Final = 28
"""Days after which the messages that are tried beside each other are compared."""

USUAL_PART: Final = 0.3
"""Of those who would get it at their own hour, so many get it at the usual one, to compare."""

LEAST_OWN_HOURS: Final = 30
"""With hours of their own, some get it a day later: so long at least it may leave."""

STATE_NAMES: Final[Mapping[str, str]] = {
    "draft": gettext_noop("Draft"),
    "scheduled": gettext_noop("Scheduled"),
    "sending": gettext_noop("Under way"),
    "testing": gettext_noop("The rest waits for the comparison"),
    "sent": gettext_noop("Done"),
    "cancelled": gettext_noop("Called off"),
}


@dataclass(frozen=True)
class Variant:
    """One of the messages that are tried beside each other; ``weight`` of all weights get it."""

    template: int
    weight: int = 1


@dataclass(frozen=True)
class Plan:
    """What is sent to whom and when.

    ``send_at`` is the moment at which the gate is asked; what it puts off (night, too many
    messages) still leaves until ``expires_hours`` later. ``share`` of the audience is left out by
    lot; 0 needs a ``reason``.

    Of several messages ``test_share`` of the audience gets them beside each other, and the rest
    waits. What they brought is compared once, when everybody of the test has had ``look_days``;
    ``sends_winner``: a winner that is proven by profit then goes to the rest by itself.

    With ``own_hour`` each gets it at the hour at which they order and follow links most, within a
    day of the moment; ``usual_part`` of them by lot at the moment itself, so that the gain of it is
    measured. Of whom a zone is known, it is the hour of their own clock.

    With ``their_clock`` each whose zone is known gets it when their own clock shows the time that
    the shop's shows at ``send_at``, within a day after it.

    ``most`` messages leave of it, and for ``most_cost`` (minor units of the shop's currency), over
    its whole life and all its messages; None has no end. Who has most to expect goes first.
    """

    name: str
    segment: int
    variants: tuple[Variant, ...]
    send_at: datetime | None = None
    expires_hours: int = USUAL_HOURS
    share: float = USUAL_SHARE
    reason: str = ""
    test_share: float = 1.0
    look_days: int = USUAL_LOOK
    sends_winner: bool = False
    own_hour: bool = False
    usual_part: float = USUAL_PART
    their_clock: bool = False
    most: int | None = None
    most_cost: int | None = None

    @property
    def bound(self) -> bool:
        """Has it a budget of its own?"""
        return self.most is not None or self.most_cost is not None


@dataclass(frozen=True)
class Campaign:
    """A plan, and how far it is. ``asked`` customers of the audience have been through the gate.

    ``trouble`` says why it is a draft again though it was scheduled, why it was ended in the
    middle, or what it waits for.
    """

    id: int
    plan: Plan
    state: State
    made_by: str
    changed_at: datetime
    holdout: int | None = None
    asked: int = 0
    begun_at: datetime | None = None
    done_at: datetime | None = None
    trouble: str = ""
    winner: int = 0
    """The message (from 1 on) that went to the rest; 0: none, or all of them in their shares."""
    rest_begun_at: datetime | None = None


@dataclass(frozen=True)
class Enough:
    """How far the campaign's own budget goes among those tried, who are those with most to expect.

    About ``leave`` messages would leave, ``cut`` would not, and ``put_off`` had to wait for the
    next month's budget, after those left out by lot; all as if nobody had to wait for anything else
    but the night. ``cost`` is that of those that leave, None where it is not known.
    ``least_worth``: what the last who gets one is expected to bring in 365 days (minor units); None
    where everybody gets one. ``beyond`` of the audience come after those tried.
    """

    leave: int
    cost: int | None
    cut: int
    least_worth: int | None
    beyond: int
    put_off: int = 0


@dataclass(frozen=True)
class Rehearsal:
    """What the gate would say now of ``tried`` of the ``audience``, and nothing was sent.

    ``cautions``: what the data are not good enough for of what the segment rests on. ``enough``:
    what the budget of its own would cut; None where it has none.
    """

    audience: int
    tried: int
    reasons: Mapping[tuple[str, str], int]
    cautions: tuple[Caution, ...] = ()
    enough: Enough | None = None


@dataclass(frozen=True)
class Collision:
    """Two campaigns within a week of each other that share customers."""

    one: Campaign
    other: Campaign
    customers: int
    hours_apart: float


class NoSuchCampaign(NotFound):
    """There is no campaign of that number."""


class BadCampaign(BadInput):
    """The plan is none that can be carried out; the message says what is missing."""


class CampaignNameTaken(Refused):
    """Another campaign has the name already."""


class CampaignUnderWay(Refused):
    """What has begun is not changed, and what has ended stays as it was."""
