"""Segments as other rooms and the faces see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from joren.core.errors import BadInput, NotFound, Refused
from joren.core.figures import Figure
from joren.decide.segments.contracts.language import Rule

ROOM: Final = "segments"
"""Under this name the room's documents lie in a snapshot."""

Membership = Literal["live", "frozen"]


@dataclass(frozen=True)
class Segment:
    """A named rule. ``live``: who fits it now; ``frozen``: whoever fitted it on ``frozen_on``."""

    id: int
    name: str
    rule: Rule
    membership: Membership
    owner: str
    note: str
    review_on: date | None
    version: int
    changed_at: datetime
    frozen_on: date | None = None
    archived: bool = False


@dataclass(frozen=True)
class Version:
    """The rule as it stood from a moment on: who set it, and why."""

    number: int
    name: str
    rule: Rule
    changed_at: datetime
    changed_by: str
    why: str


@dataclass(frozen=True)
class Counted:
    """What the last refresh found: how many belong, who came, who left, how long it took."""

    segment: int
    version: int
    members: int
    entered: int
    left: int
    seconds: float
    error: str = ""


@dataclass(frozen=True)
class SegmentsReport:
    """All segments of one refresh."""

    as_of: str
    segments: tuple[Counted, ...]


@dataclass(frozen=True)
class Caution:
    """The facts are not good enough for what a rule rests on; ``why`` says what is short."""

    use: str
    why: str


@dataclass(frozen=True)
class Step:
    """One rule of several: how many fit it alone, and how many are left after it."""

    rule: Rule
    ja: str
    en: str
    alone: int
    left: int
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True)
class Preview:
    """Who would belong: of how many, rule by rule, and some of them."""

    customers: int
    of: int
    steps: tuple[Step, ...]
    examples: tuple[int, ...]
    ja: str
    en: str


@dataclass(frozen=True)
class Against:
    """A mean of the segment's customers and of all other customers."""

    segment: Figure
    rest: Figure


@dataclass(frozen=True)
class Overlap:
    """How many of a segment's members are also in another one."""

    segment: int
    name: str
    both: int
    share: float | None


@dataclass(frozen=True)
class Moved:
    """Who came or left, and when."""

    customer_id: int
    entered: bool
    moved_on: date


class NoSuchSegment(NotFound):
    """There is no segment of that number."""


class SegmentNameTaken(Refused):
    """Another segment has the name already."""


class SegmentInUse(Refused):
    """Another segment's rule names it."""


class NotReady(Refused):
    """The newest snapshot does not hold what rules are asked of."""


class ReviewNotAhead(BadInput):
    """The next review would be before today."""


class RuleFails(Refused):
    """The engine cannot ask the rule; its segment keeps the members it had."""


class RuleMeaningless(BadInput):
    """The rule can hold for nobody, for everybody, or says nothing that can be looked up."""

    def __init__(self, message: str, *, hint: str = "", at: Sequence[str | int] = ()) -> None:
        where = ".".join(str(part) for part in at)
        super().__init__(f"{where}: {message}" if where else message, hint=hint)
