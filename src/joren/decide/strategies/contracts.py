"""Strategy cards and drift as other rooms and the faces see them. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from joren.core.errors import BadInput
from joren.science.drift import Step

ROOM: Final = "strategies"
"""Under this name the room's documents lie in a snapshot."""

Decision = Literal["keep", "change", "stop"]
DECISIONS: Final[tuple[Decision, ...]] = ("keep", "change", "stop")

DIMENSIONS: Final = ("decile", "stage", "source")
"""By what members are counted: the decile and stage of their rank, and where they came from."""


@dataclass(frozen=True)
class Card:
    """What a segment is for. ``owner`` is a member's number; the day of review is the segment's."""

    segment: int
    owner: int | None
    owner_name: str
    purpose: str
    hypothesis: str
    kpi: str
    review_on: date | None
    changed_at: datetime | None = None
    changed_by: str = ""


@dataclass(frozen=True)
class Review:
    """One look at a strategy: what was decided, and what was known on that day.

    ``evidence`` is that of the newest holdout then, "" where there was none.
    """

    reviewed_at: datetime
    reviewed_by: str
    decision: Decision
    note: str
    next_on: date | None
    members: int | None
    evidence: str


@dataclass(frozen=True)
class Overdue:
    """A segment whose day of review has passed."""

    segment: int
    name: str
    owner: str
    review_on: date
    days: int


@dataclass(frozen=True)
class Described:
    """Of what the members of one segment consist: counts by dimension and value, "" for unknown.

    ``unknown`` counts, by field of the rule, the members of whom it is not known; ``shared`` those
    who are also in another segment.
    """

    version: int
    members: int
    parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    unknown: Mapping[str, int] = field(default_factory=dict)
    shared: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Compositions:
    """All segments of one refresh."""

    segments: Mapping[int, Described]


@dataclass(frozen=True)
class Past:
    """A segment at one kept snapshot. Who entered and left, and the share of those before who
    stayed, are since the refresh before, which need not be kept.
    """

    as_of: date
    members: int
    entered: int
    left: int
    stayed: float | None


@dataclass(frozen=True)
class Part:
    """The share of one value of a dimension, then and now."""

    dimension: str
    value: str
    before: float
    now: float


@dataclass(frozen=True)
class Shared:
    """How much of a segment is also in another one, then (None: not counted) and now."""

    segment: int
    name: str
    before: float | None
    now: float


Kind = Literal["size", "mix", "unknown"]


@dataclass(frozen=True)
class Finding:
    """One thing that moved. ``of`` is the dimension or the field; ``p`` is corrected for all asked.

    ``before`` and ``now`` are members for a size, a share for what is not known, and None for a
    mix, whose ``psi`` says how far it moved. ``n`` are the members then and now.
    """

    kind: Kind
    of: str
    p: float
    n: tuple[int, int]
    before: float | None = None
    now: float | None = None
    psi: float | None = None


Verdict = Literal["moved", "steady", "not_yet"]
"""``not_yet``: the kept snapshots do not reach far enough to say either."""


@dataclass(frozen=True)
class Drift:
    """A segment over the kept snapshots of its present version, oldest first, and what moved.

    ``since`` is the day with which the mix is compared; ``step`` the newest size beside its past.
    """

    segment: int
    name: str
    verdict: Verdict
    findings: tuple[Finding, ...]
    history: tuple[Past, ...]
    step: Step | None
    since: date | None
    parts: tuple[Part, ...]
    shared: tuple[Shared, ...]


class NotADecision(BadInput):
    """A review ends with keep, change or stop."""
