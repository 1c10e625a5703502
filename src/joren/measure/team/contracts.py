"""Who does what, what was decided, who did well, and who is told of what. No Django.

Effects come from people who decide together: every action names who answers for it, who decides,
who is asked and who is told (RACI); whatever was decided, and why, stands in one log; good work is
said aloud; and what is late or changed reaches those whom it concerns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, get_args

from joren.core.errors import BadInput, NotFound
from joren.core.words import gettext_noop

ActionKind = Literal[
    "campaign", "journey", "practice", "initiative", "segment", "holdout", "area_test"
]
ACTION_KINDS: Final[tuple[ActionKind, ...]] = get_args(ActionKind)
ACTION_KIND_NAMES: Final[Mapping[str, str]] = {
    "campaign": gettext_noop("Campaign"),
    "journey": gettext_noop("Journey"),
    "practice": gettext_noop("Practice of the shop"),
    "initiative": gettext_noop("Initiative"),
    "segment": gettext_noop("Strategy"),
    "holdout": gettext_noop("Holdout"),
    "area_test": gettext_noop("Test by area"),
}
OWNED: Final = ("practice", "initiative", "segment")
"""These name their owner themselves; here it is shown, and set there."""

Duty = Literal["owner", "decider", "consulted", "informed"]
DUTIES: Final[tuple[Duty, ...]] = get_args(Duty)
ALONE: Final = ("owner", "decider")
"""One person at most: where two answer for something, nobody does."""

DUTY_NAMES: Final[Mapping[str, str]] = {
    "owner": gettext_noop("Owner"),
    "decider": gettext_noop("Decides"),
    "consulted": gettext_noop("Is asked before"),
    "informed": gettext_noop("Is told after"),
}

DecisionKind = Literal[
    "review", "strategy", "practice", "tried", "nobody_left_out", "stopped", "let_go", "targeting",
    "winner",
]  # fmt: skip
DECISION_KINDS: Final[tuple[DecisionKind, ...]] = get_args(DecisionKind)
DECISION_KIND_NAMES: Final[Mapping[str, str]] = {
    "review": gettext_noop("Monthly review"),
    "strategy": gettext_noop("Review of a strategy"),
    "practice": gettext_noop("Practice of the shop"),
    "tried": gettext_noop("Tried by lot"),
    "nobody_left_out": gettext_noop("Nobody left out"),
    "stopped": gettext_noop("Stopped"),
    "let_go": gettext_noop("Let go again"),
    "targeting": gettext_noop("Who should get it"),
    "winner": gettext_noop("Winner"),
}
DECIDED_NAMES: Final[Mapping[str, str]] = {
    "go_on": gettext_noop("Go on"),
    "scale": gettext_noop("Do more of it"),
    "change": gettext_noop("Change it"),
    "stop": gettext_noop("Stop it"),
    "keep": gettext_noop("Keep it as it is"),
    "practice_decided": gettext_noop("Decided on a practice"),
    "trial_drawn": gettext_noop("A trial was drawn"),
    "areas_dealt": gettext_noop("A test by area was dealt"),
    "nobody_left_out": gettext_noop("Nobody is left out"),
    "share_changed": gettext_noop("Another share is left out"),
    "guard_stopped": gettext_noop("Held back by the guard"),
    "alarm_settled": gettext_noop("The alarm was settled"),
    "called_off": gettext_noop("Called off"),
    "paused": gettext_noop("Paused"),
    "resumed": gettext_noop("Resumed"),
    "ended": gettext_noop("Ended"),
    "closed": gettext_noop("Closed"),
    "targeted": gettext_noop("A segment was made of the policy"),
    "winner_sent": gettext_noop("The winner went to the rest"),
    "all_sent": gettext_noop("All messages went to the rest"),
}
"""What was decided."""

Topic = Literal[
    "review_due", "review_overdue", "action_due", "action_overdue", "guard_stopped", "guard_alarm",
    "evidence_changed", "verdict_reached", "import_failed",
]  # fmt: skip
TOPICS: Final[tuple[Topic, ...]] = get_args(Topic)
TOPIC_NAMES: Final[Mapping[str, str]] = {
    "review_due": gettext_noop("A review is due today"),
    "review_overdue": gettext_noop("A review is overdue"),
    "action_due": gettext_noop("An action is due today"),
    "action_overdue": gettext_noop("An action is overdue"),
    "guard_stopped": gettext_noop("The guard stopped an action"),
    "guard_alarm": gettext_noop("Refusals or reports of spam are beyond a limit"),
    "evidence_changed": gettext_noop("The evidence of an effect changed"),
    "verdict_reached": gettext_noop("A trial or a test by area can be read"),
    "import_failed": gettext_noop("A file did not come in"),
}

Language = Literal["ja", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

PraiseSource = Literal["effect", "tuning"]
PRAISE_SOURCES: Final[tuple[PraiseSource, ...]] = get_args(PraiseSource)
"""Of a praise that results call for: an effect that is proven, a decision that did what was
expected."""


def announced(topic: str) -> str:
    """The name by which programs and chat rooms are told of a topic."""
    return f"team.{topic}"


@dataclass(frozen=True)
class Person:
    """A member by number."""

    id: int
    name: str


@dataclass(frozen=True)
class TeamAction:
    """Something that the shop does, and who has which part in it. ``key`` is its number, or the
    practice's key; ``holdouts`` are those that measure it."""

    kind: ActionKind
    key: str
    name: str
    running: bool
    owner: Person | None = None
    decider: Person | None = None
    consulted: tuple[Person, ...] = ()
    informed: tuple[Person, ...] = ()
    holdouts: tuple[int, ...] = ()

    @property
    def everybody(self) -> tuple[Person, ...]:
        """Whoever has a part in it, each once."""
        alone = [one for one in (self.owner, self.decider) if one]
        return tuple(dict.fromkeys([*alone, *self.consulted, *self.informed]))


@dataclass(frozen=True)
class Decided:
    """One decision, and why. ``by`` is who decided, as they are called; ``about`` what it is about;
    ``subject`` and ``key`` name it, for a link."""

    at: datetime
    by: str
    kind: DecisionKind
    what: str
    about: str
    reason: str
    subject: str
    key: str


@dataclass(frozen=True)
class Praise:
    """Who did what well. ``source`` and ``key`` say which result shows it; "" by hand."""

    id: int
    person: Person
    what: str
    why: str
    on: date
    said_at: datetime
    said_by: str
    source: str = ""
    key: str = ""


@dataclass(frozen=True)
class Deserved:
    """A result that somebody could be thanked for and was not yet. ``what`` is what it is about,
    ``money`` what it brought, where that is known (minor units)."""

    person: Person
    source: PraiseSource
    key: str
    what: str
    money: float | None = None
    currency: str = ""


@dataclass(frozen=True)
class MeetingText:
    """What is kept of a meeting. ``present`` are members' numbers."""

    held_on: date
    title: str
    notes: str
    present: tuple[int, ...] = ()


@dataclass(frozen=True)
class Meeting:
    """A meeting and what was said in it."""

    id: int
    text: MeetingText
    present: tuple[Person, ...]
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True)
class TrainingText:
    """What somebody learned. ``evidence`` shows it (a link, a certificate, a score), ``practice``
    is the key of the one that it is for."""

    member: int
    what: str
    on: date
    minutes: int
    evidence: str = ""
    practice: str = ""


@dataclass(frozen=True)
class Training:
    """One entry of the training record."""

    id: int
    person: Person
    text: TrainingText
    said_at: datetime
    said_by: str


@dataclass(frozen=True)
class Trained:
    """How much one member learned in the 365 days to a day."""

    person: Person
    times: int
    minutes: int
    last: date | None


@dataclass(frozen=True)
class Notice:
    """Something that people are told of once. ``about`` is what it is about, ``detail`` what the
    sentence needs besides; ``subject`` and ``key`` as in a decision."""

    id: int
    topic: Topic
    about: str
    detail: Mapping[str, str]
    subject: str
    key: str
    made_at: datetime
    mailed: int = 0
    waiting: int = 0
    failed: int = 0


@dataclass(frozen=True)
class NoticeChoice:
    """Of what somebody is told by mail, and in which language."""

    member: int
    topics: tuple[Topic, ...] = field(default=TOPICS)
    language: Language = "ja"


class NoSuchAction(NotFound):
    """There is no action of that kind and number."""


class NoSuchMeeting(NotFound):
    """There is no meeting of that number."""


class NoSuchTraining(NotFound):
    """The training record has no entry of that number."""


class NoSuchPraise(NotFound):
    """Nobody was thanked under that number."""


class BadTeamEntry(BadInput):
    """What is written cannot be kept; the message says what."""
