"""Monthly reviews as other rooms and the faces see them. No Django.

The five things that the process of tuning needs (S4): on which data, in which meeting, by which
criterion, decided by whom, how often. So a review names its decider and its criterion before it
opens the data, keeps the data as they were, and is overdue after a month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, get_args

from joren.core.errors import BadInput, NotFound, Refused
from joren.core.figures import Figure
from joren.core.words import gettext_noop
from joren.measure.indicators.contracts import Part

MOST_DAYS: Final = 31
"""From one review to the next."""

State = Literal["preparing", "open", "closed"]
STATES: Final[tuple[State, ...]] = get_args(State)
STATE_NAMES: Final[Mapping[State, str]] = {
    "preparing": gettext_noop("The criterion is being written"),
    "open": gettext_noop("Under discussion"),
    "closed": gettext_noop("Held"),
}

Decision = Literal["go_on", "scale", "change", "stop"]
DECISIONS: Final[tuple[Decision, ...]] = get_args(Decision)
DECISION_NAMES: Final[Mapping[Decision, str]] = {
    "go_on": gettext_noop("Go on"),
    "scale": gettext_noop("Do more of it"),
    "change": gettext_noop("Change it"),
    "stop": gettext_noop("Stop it"),
}

Verdict = Literal["won", "lost", "unclear"]
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
VERDICT_NAMES: Final[Mapping[Verdict, str]] = {
    "won": gettext_noop("It did what was expected"),
    "lost": gettext_noop("It did not"),
    "unclear": gettext_noop("Cannot be told"),
}

Kind = Literal[
    "value", "gap", "loss", "effect", "initiative", "strategy", "drift", "alarm", "action",
    "tuning", "audit", "faded", "trial", "guard",
]  # fmt: skip
"""Of a point of the agenda: a figure of the customer base, a target that is not met, where most is
lost on the way to buying again, what an action earned, an
initiative whose effect comes late, a strategy whose own review is late, a
segment that moved, a feed that is not as it was, an action that is still open, a tuning whose
result is not known yet, the quarter's audit of the practices that was not held, a win that is none
any more over more days, what a trial of a practice says, refusals or reports of spam beyond their
limit."""


@dataclass(frozen=True)
class AgendaItem:
    """One point of the agenda as the data said it when they were opened; it does not change.

    ``name`` is a figure's or what the thing is called (of a trial the key of its practice, of a
    guard "" for the whole shop), ``number`` that of the holdout, segment, action, tuning or trial.
    ``before`` is the figure at the review before, ``target`` what was aimed at or its limit,
    ``days`` of each customer what ``said`` is of, where it is not of all until then.
    """

    kind: Kind
    name: str
    number: int | None = None
    figure: Figure | None = None
    before: float | None = None
    said: str = ""
    target: float | None = None
    days: int | None = None


@dataclass(frozen=True)
class ReviewPlan:
    """When it is held, who decides (a member's number), and by which criterion."""

    held_on: date
    decider: int | None = None
    criterion: str = ""


@dataclass(frozen=True)
class Tuning:
    """One decision: about what, on which part, what is expected of it, and later what came.

    ``holdout`` is the number of the one that will say it, where there is one.
    """

    id: int
    cycle: int
    part: Part
    decision: Decision
    about: str
    reason: str
    expected: str
    holdout: int | None
    decided_at: datetime
    decided_by: str
    verdict: Verdict | None = None
    outcome: str = ""
    judged_at: datetime | None = None
    judged_by: str = ""


@dataclass(frozen=True)
class ReviewAction:
    """Something that somebody will do until a day."""

    id: int
    cycle: int
    what: str
    owner: int | None
    owner_name: str
    due_on: date
    done_at: datetime | None = None
    done_by: str = ""


@dataclass(frozen=True)
class MonthlyReview:
    """One review. ``agenda`` is None until its data were opened."""

    id: int
    held_on: date
    state: State
    decider: int | None
    decider_name: str
    criterion: str
    criterion_at: datetime | None
    opened_at: datetime | None
    opened_by: str
    as_of: date | None
    agenda: tuple[AgendaItem, ...] | None
    notes: str
    closed_at: datetime | None
    closed_by: str
    tunings: tuple[Tuning, ...] = field(default=())
    actions: tuple[ReviewAction, ...] = field(default=())


@dataclass(frozen=True)
class ReviewMail:
    """A review that one member is to be mailed now."""

    id: int
    review: int
    member: int


@dataclass(frozen=True)
class ReviewStanding:
    """How the tuning goes: when last, how many, and how many of those judged were won.

    ``days_since`` the last one that was held, or the first figures where none was. ``missed`` is
    one whose day passed and that was not closed. ``won_share`` has Wilson's interval; its value is
    None where nothing was judged.
    """

    last_held: date | None
    days_since: int | None
    overdue: bool
    held: int
    tunings: int
    judged: int
    won: int
    won_share: Figure
    open_actions: int
    late_actions: int
    missed: int | None = None
    missed_on: date | None = None


class NoSuchReview(NotFound):
    """There is no monthly review of that number, or none of its parts has it."""


class ReviewIncomplete(BadInput):
    """Something that the process needs is missing; the message says what."""


class ReviewNotOpen(Refused):
    """The deed belongs to another state of the review."""


class ReviewDayTaken(Refused):
    """Another review is held on that day."""


DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "tunings_won": (
        "チューニングの成功率",
        "Share of tunings won",
        "結果を判定したチューニングのうち、期待どおりになったものの割合。区間は Wilson 法。"
        "判定できなかったものは分母に入れない。",
        "Of the tunings whose result was judged, the share that did what was expected, with "
        "Wilson's interval. Those that could not be told are not counted.",
    ),
}
