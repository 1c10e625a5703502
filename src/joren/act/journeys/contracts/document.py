"""The document that says what a journey does: frozen values that are JSON outside. No Django.

``{"name": "購入のお礼", "triggers": [{"kind": "event", "event": "Order Completed"}],
"start": "wait", "nodes": [{"id": "wait", "do": "wait", "minutes": 1440, "then": "thanks"},
{"id": "thanks", "do": "send", "template": 2, "then": "end"}]}``

A node leads to the ``id`` of another, or to ``end``. Times of day are those of the business's zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from joren.act.journeys.contracts.order import ORDER_DAYS

END: Final = "end"

Op = Literal["is", "is_not", "at_least", "at_most", "known"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)
DateOf = Literal["birthday", "first_order", "last_order", "next_order"]
Stage = Literal["lead", "first", "f2", "regular", "vip", "subscription", "at_risk", "dormant"]
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)


@dataclass(frozen=True)
class Where:
    """What is so of an event: one of its properties, compared. Money is in minor units."""

    property: str
    op: Op = "is"
    values: tuple[int | str, ...] = ()


@dataclass(frozen=True)
class Event:
    """Somebody did something, by the event's name. ``same`` names properties that must be as in
    the event by which they entered: the same cart, the same order.
    """

    event: str
    where: tuple[Where, ...] = ()
    same: tuple[str, ...] = ()
    kind: Literal["event"] = "event"


@dataclass(frozen=True)
class Moves:
    """Somebody enters or leaves a segment."""

    segment: int
    move: Literal["enters", "leaves"] = "enters"
    kind: Literal["segment"] = "segment"


@dataclass(frozen=True)
class OnDate:
    """So many days after a date of each person, or before it where ``days`` is below zero."""

    date: DateOf
    days: int = 0
    at: str = "10:00"
    kind: Literal["date"] = "date"


@dataclass(frozen=True)
class Every:
    """Each day, each week on ``weekday``, or each month on ``day``: all members of a segment."""

    segment: int
    every: Literal["day", "week", "month"] = "day"
    weekday: Weekday = "mon"
    day: int = 1
    at: str = "10:00"
    kind: Literal["schedule"] = "schedule"


Occasion = Annotated[Event | Moves, Field(discriminator="kind")]
Trigger = Annotated[Event | Moves | OnDate | Every, Field(discriminator="kind")]


@dataclass(frozen=True)
class Wait:
    """For so many minutes."""

    id: str
    minutes: int
    then: str
    do: Literal["wait"] = "wait"


@dataclass(frozen=True)
class Until:
    """Until a clock shows ``at``, on one of the weekdays, or on any: the shop's, or their own
    (``theirs``), where their zone is known."""

    id: str
    at: str
    then: str
    weekdays: tuple[Weekday, ...] = ()
    clock: Literal["shop", "theirs"] = "shop"
    do: Literal["until"] = "until"


@dataclass(frozen=True)
class Await:
    """Until one of the occasions comes (``then``), at most so many minutes (``otherwise``)."""

    id: str
    of: tuple[Occasion, ...]
    minutes: int
    then: str
    otherwise: str
    do: Literal["await"] = "await"


@dataclass(frozen=True)
class Belongs:
    """Belongs to a segment, by the newest figures."""

    segment: int
    kind: Literal["segment"] = "segment"


@dataclass(frozen=True)
class Entered:
    """The event by which they entered was such; entered without an event, it never was."""

    where: tuple[Where, ...]
    kind: Literal["event"] = "event"


@dataclass(frozen=True)
class Kept:
    """A word that a journey kept about them (``set``) is one of the values; ``unknown``: none was
    kept."""

    attribute: str
    op: Literal["is", "is_not", "known", "unknown"] = "is"
    values: tuple[str, ...] = ()
    kind: Literal["kept"] = "kept"


@dataclass(frozen=True)
class Way:
    """Where those go of whom it is so."""

    when: Annotated[Belongs | Entered | Kept, Field(discriminator="kind")]
    then: str


@dataclass(frozen=True)
class Branch:
    """The first way that fits, or else ``otherwise``."""

    id: str
    ways: tuple[Way, ...]
    otherwise: str
    do: Literal["branch"] = "branch"


@dataclass(frozen=True)
class Arm:
    """One arm of a split, with its share in percent."""

    name: str
    share: int
    then: str


@dataclass(frozen=True)
class Split:
    """By lot; the same person falls into the same arm each time."""

    id: str
    arms: tuple[Arm, ...]
    do: Literal["split"] = "split"


@dataclass(frozen=True)
class Send:
    """A message by a template, asked of the gate; what could not leave for so long expires."""

    id: str
    template: int
    then: str
    expires_hours: int = 72
    do: Literal["send"] = "send"


@dataclass(frozen=True)
class Give:
    """Something of a room that gives: points, a coupon."""

    id: str
    giver: str
    then: str
    what: str = ""
    do: Literal["give"] = "give"


@dataclass(frozen=True)
class Note:
    """Keep a word about the person."""

    id: str
    attribute: str
    value: str
    then: str
    do: Literal["set"] = "set"


@dataclass(frozen=True)
class Task:
    """Something that somebody here does for the person."""

    id: str
    title: str
    then: str
    owner: str = ""
    do: Literal["task"] = "task"


@dataclass(frozen=True)
class Tell:
    """Tell other programs who came here (``journeys.reached``)."""

    id: str
    then: str
    do: Literal["tell"] = "tell"


@dataclass(frozen=True)
class Exit:
    """The journey ends here, with that outcome."""

    id: str
    outcome: str = ""
    do: Literal["exit"] = "exit"


Node = Annotated[
    Wait | Until | Await | Branch | Split | Send | Give | Note | Task | Tell | Exit,
    Field(discriminator="do"),
]
PAUSES: Final = (Wait, Until, Await)
"""Nodes at which people stand until something is so; all others are passed at once."""


@dataclass(frozen=True)
class Document:
    """A journey as somebody wrote it.

    ``goal``: whoever does it leaves the journey, and what still waits for them is cancelled.
    ``reentry_days`` counts from the last entry, where ``reentry`` is ``after``. Without a holdout
    (``holdout`` 0) nobody can say what the journey earned, so that needs ``no_holdout_why``. An
    order older than ``order_days`` starts nothing.
    """

    name: str
    triggers: tuple[Trigger, ...]
    start: str
    nodes: tuple[Node, ...]
    goal: tuple[Occasion, ...] = ()
    reentry: Literal["never", "after", "always"] = "never"
    reentry_days: int = 0
    holdout: float = 0.1
    no_holdout_why: str = ""
    stage: Stage | None = None
    owner: str = ""
    kpi: str = ""
    why: str = ""
    order_days: int = ORDER_DAYS

    def number_of(self, node: str) -> int | None:
        """The place of a node in the document; None is the end."""
        places = {one.id: place for place, one in enumerate(self.nodes)}
        return None if node == END else places[node]
