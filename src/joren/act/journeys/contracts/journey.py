"""Words about journeys that are kept, and about those who are on the way. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

from joren.act.journeys.contracts.document import Document
from joren.core.errors import BadInput, NotFound, Refused
from joren.core.ids import CustomerId

State = Literal["draft", "running", "paused", "ended"]
STATES: Final[tuple[State, ...]] = get_args(State)

Standing = Literal["active", "done", "goal", "left"]
STANDINGS: Final[tuple[Standing, ...]] = get_args(Standing)
"""On the way, at the end, away because the goal was reached, or taken out."""

Overdue = Literal["send", "skip", "shift"]
OVERDUE: Final[tuple[Overdue, ...]] = get_args(Overdue)
"""What happens on resuming to those whose time came meanwhile: all is done at once; they go on to
their next wait without it; or all times move by as long as the pause was."""

SOURCE: Final = "journey"
"""The source under which messages know what is asked here."""

STEPS: Final = 2**20
"""A message's occurrence is the number of the entry times this, and the step: a way that leads back
to a send sends again."""

REACHED: Final = "journeys.reached"
AT_ONCE: Final = 20_000
"""Rows of one transaction."""

LATEST: Final = 24
"""Hours after which an event that arrives late starts and ends nothing any more."""


@dataclass(frozen=True)
class Fault:
    """What keeps a document from being published: the node (or ""), what is so, and the way out.

    ``say`` and ``way_out`` are the same as sentences that can be translated, with ``values`` in
    their places; without them there is English alone.
    """

    node: str
    what: str
    hint: str
    say: str = ""
    way_out: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """In English, for programs."""
        return f"{self.node or 'the journey'}: {self.what}"


@dataclass(frozen=True)
class Journey:
    """A journey with its draft. ``version`` is what runs, or 0."""

    id: int
    name: str
    state: State
    draft: Document
    version: int
    holdout: int | None
    changed_at: datetime
    paused_at: datetime | None


@dataclass(frozen=True)
class Version:
    """What was published. A row is added, never changed."""

    id: int
    journey: int
    number: int
    document: Document
    published_at: datetime
    published_by: str
    why: str
    errands: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Ticked:
    """What one tick did."""

    entered: int = 0
    passed: int = 0
    left: int = 0
    signals: int = 0

    def __add__(self, other: Ticked) -> Ticked:
        return Ticked(
            self.entered + other.entered,
            self.passed + other.passed,
            self.left + other.left,
            self.signals + other.signals,
        )


@dataclass(frozen=True)
class AtNode:
    """How many stand at a node now, treated and held out, and how many passed each way so far."""

    node: str
    treated: int = 0
    held_out: int = 0
    passed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Word:
    """What a journey keeps about somebody under a name, and since when."""

    name: str
    value: str
    journey: int
    journey_name: str
    at: datetime


@dataclass(frozen=True)
class Traveller:
    """One entry of a customer: where they are, since when, and until when."""

    id: int
    customer: CustomerId
    version: int
    occurrence: int
    node: str
    standing: Standing
    entered_at: datetime
    due_at: datetime | None
    held_out: bool


@dataclass(frozen=True)
class Passed:
    """One node that somebody passed, by which of its ways."""

    step: int
    node: str
    way: int
    at: datetime


@dataclass(frozen=True)
class Moving:
    """What becomes of those on the way: by (version, node) how many, and where they would go."""

    version: int
    node: str
    people: int
    to: str | None = None


@dataclass(frozen=True)
class Before:
    """What publishing, pausing, resuming or ending would touch now: people on the way, messages
    that are asked for and have not left, people whose time has come, and where those on the way
    stand, with the node of the draft that has the same name.
    """

    active: int
    messages: int
    overdue: int
    moving: tuple[Moving, ...]


@dataclass(frozen=True)
class Became:
    """What became of one message on one entry: the node that sent it, the ledger's state, why."""

    node: str
    state: str
    reason: str


@dataclass(frozen=True)
class Duty:
    """A task for somebody of the shop, about a customer as they are numbered now."""

    id: int
    journey: int
    journey_name: str
    customer: CustomerId
    title: str
    owner: str
    made_at: datetime
    done_at: datetime | None = None
    done_by: str = ""


@dataclass(frozen=True)
class Queue:
    """Those who stand at a node: when the first of them goes on, and when the last."""

    node: str
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Overview:
    """A journey in a list: who is inside, what became of the others, and the messages sent."""

    journey: Journey
    active: int = 0
    held_out: int = 0
    done: int = 0
    goal: int = 0
    left: int = 0
    sent: int = 0

    @property
    def entered(self) -> int:
        return self.active + self.done + self.goal + self.left


class NoSuchDuty(NotFound):
    """No task has that number."""


class NoSuchJourney(NotFound):
    """No journey has that number."""


class JourneyNameTaken(Refused):
    """Another journey has the name."""


class JourneyMeaningless(BadInput):
    """The document cannot be read; the message names the first place, ``faults`` all of them."""

    faults: tuple[Fault, ...] = ()


class JourneyNotPublishable(Refused):
    """Something of the document is missing or leads nowhere."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        first = faults[0]
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{first.words}{more}", hint=first.hint)
        self.faults = faults


class JourneyNotSo(Refused):
    """The journey's state does not allow it."""
