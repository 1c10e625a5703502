"""KPI, result indicators, targets and gaps as other rooms and the faces see them. No Django.

What a customer came for is the only thing that can be a KPI: how many of those who began achieve
it. Users, continuation and money are its results; they have targets too, and are never called KPI.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from joren.core.errors import BadInput, NotFound, Refused
from joren.core.figures import Figure
from joren.measure.indicators.contracts.definitions import DEFINITIONS
from joren.measure.indicators.contracts.words import (
    BRANCHES,
    FEW,
    FEWEST,
    FOCUS,
    GOAL,
    GROWTHS,
    INDICATORS,
    LEVEL,
    NEW_WITHIN,
    NO_ACHIEVEMENT,
    NO_SNAPSHOT_THEN,
    NO_USE,
    NO_VISITS,
    NOT_COUNTED,
    PART_NAMES,
    PARTS,
    PLACES,
    USED_WITHIN,
    USUAL_PARTS,
    VERDICT_NAMES,
    WAYS,
    WINDOW,
    Branch,
    Growth,
    Indicator,
    Part,
    Place,
    Verdict,
    Way,
    known,
)

__all__ = [
    "BRANCHES",
    "DEFINITIONS",
    "FEW",
    "FEWEST",
    "FOCUS",
    "GOAL",
    "GROWTHS",
    "INDICATORS",
    "LEVEL",
    "NEW_WITHIN",
    "NOT_COUNTED",
    "NO_ACHIEVEMENT",
    "NO_SNAPSHOT_THEN",
    "NO_USE",
    "NO_VISITS",
    "PARTS",
    "PART_NAMES",
    "PLACES",
    "ROOM",
    "USED_WITHIN",
    "USUAL_PARTS",
    "VERDICT_NAMES",
    "WAYS",
    "WINDOW",
    "BadIndicatorPlan",
    "BadTarget",
    "Branch",
    "FunnelLoss",
    "FunnelPlace",
    "FunnelStep",
    "Growth",
    "Indicator",
    "IndicatorFunnel",
    "IndicatorGoal",
    "IndicatorPlan",
    "IndicatorPlanSince",
    "IndicatorStanding",
    "KpiTarget",
    "KpiTree",
    "NoIndicatorsYet",
    "NoSuchIndicator",
    "Part",
    "Place",
    "ResultIsNoKpi",
    "Verdict",
    "Way",
    "known",
]  # fmt: skip

ROOM: Final = "indicators"


@dataclass(frozen=True)
class IndicatorGoal:
    """Something that customers come for; an event of that name says that one achieved it."""

    code: str
    name: str
    event: str


@dataclass(frozen=True)
class IndicatorPlan:
    """How far the shop is, what counts as use and as achieved, and what it calls its KPI.

    ``days`` is how long somebody has to go on to the next place. ``kpis`` are codes of
    achievements; ``parts`` say to which part each way belongs that the shop has moved.
    """

    growth: Growth = "growth"
    days: int = 90
    use_events: tuple[str, ...] = ("Service Used",)
    goals: tuple[IndicatorGoal, ...] = (IndicatorGoal("main", "", "Goal Achieved"),)
    kpis: tuple[str, ...] = ("achievement_rate",)
    parts: Mapping[Way, Part] = field(default_factory=lambda: dict(USUAL_PARTS))


@dataclass(frozen=True)
class IndicatorPlanSince:
    """The plan as it stood from a moment on, and who said it; None: nobody has."""

    plan: IndicatorPlan
    changed_at: datetime | None
    changed_by: str


@dataclass(frozen=True)
class FunnelStep:
    """Of those who came to the first place, the share that went on in the days of the plan."""

    way: Way
    entered: int
    gone: int
    share: Figure


@dataclass(frozen=True)
class FunnelPlace:
    """How many ever came there."""

    place: Place
    people: int


@dataclass(frozen=True)
class IndicatorFunnel:
    """What a snapshot says of the way from knowing the shop to buying again.

    ``figures`` are those of INDICATORS that only this room counts, and of each goal by its code.
    ``plan`` is what it was counted by.
    """

    as_of: date
    plan: IndicatorPlan
    places: tuple[FunnelPlace, ...]
    steps: tuple[FunnelStep, ...]
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class FunnelLoss:
    """Where most is lost on the way, and which part that is.

    ``sure``: the interval of the next largest loss lies below. ``gain`` is how many more in a
    hundred would come to the end if one more in a hundred went on here.
    """

    way: Way
    part: Part
    lost: Figure
    sure: bool
    gain: float
    unknown: tuple[Way, ...] = ()


@dataclass(frozen=True)
class KpiTarget:
    """One word about a target: None took it back. ``period`` is 2026-12, 2026-Q4 or 2026."""

    indicator: str
    period: str
    value: float | None
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True)
class IndicatorStanding:
    """One node: what is so, what is aimed at, and what is missing.

    ``gap`` is actual less target, ``gap_share`` that by the target. ``target_period`` says whose
    target it is: a month's goes before a quarter's, and that before a year's. ``expected`` says
    that a shop so far, of its kind, should aim at it: then a missing target or figure is a hole.
    """

    code: str
    label: str
    branch: Branch
    kpi: bool
    result: bool
    expected: bool
    actual: Figure
    target: float | None
    target_period: str
    gap: float | None
    gap_share: float | None
    verdict: Verdict

    @property
    def hole(self) -> bool:
        """Is something missing that should be there: a figure or a target?"""
        return self.expected and self.verdict in ("no_target", "not_yet")


@dataclass(frozen=True)
class KpiTree:
    """Every node in a period, and where most is lost."""

    period: str
    as_of: date | None
    growth: Growth
    profile: str
    currency: str
    nodes: tuple[IndicatorStanding, ...]
    loss: FunnelLoss | None
    counted_by_the_plan: bool = True


class NoIndicatorsYet(NotFound):
    """The snapshot says nothing of the funnel."""


class NoSuchIndicator(NotFound):
    """There is no indicator of that code."""


class BadIndicatorPlan(BadInput):
    """What is said of the plan cannot be; the message says what."""


class BadTarget(BadInput):
    """A target that nobody could meet or miss, or of no period."""


class ResultIsNoKpi(Refused):
    """A result indicator cannot be marked as a KPI."""
