"""What a holdout says of what was done, as other rooms and the faces see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from joren.core.errors import BadInput
from joren.core.figures import Figure
from joren.core.words import gettext_noop

LEVEL: Final = 0.95
FALSE_ONES: Final = 0.1
"""Of what is called proven on one list, at most so many are false ones on average."""
MOST_IN_BOTH: Final = 0.01
"""Of the smaller arm's persons: if more stand in both arms, these are no arms any more."""

Evidence = Literal["proven_more", "proven_less", "not_proven", "too_small", "not_yet", "broken"]
"""What may be said of the difference per customer, in the metric that the result names.

``too_small``: too few buyers to read either way. ``not_yet``: nobody was reached, or the figures
end before. ``broken``: the arms are not those that were drawn, so that nothing may be concluded.
"""
EVIDENCE_NAMES: Final[dict[Evidence, str]] = {
    "proven_more": gettext_noop("Proven: it brought more"),
    "proven_less": gettext_noop("Proven: it brought less"),
    "not_proven": gettext_noop("Not proven"),
    "too_small": gettext_noop("Too few buyers to read"),
    "not_yet": gettext_noop("Not yet known"),
    "broken": gettext_noop("The arms are broken: no conclusion"),
}


@dataclass(frozen=True)
class EvidenceRead:
    """What the newest refresh says of a holdout, in a word."""

    name: str
    evidence: Evidence
    snapshot: int


@dataclass(frozen=True)
class ArmResult:
    """What one arm bought from the first day on; money in minor units of the shop's currency."""

    arm: str
    customers: int
    buyers: int
    orders: int
    revenue: int
    profit: int | None  # None where the cost of an order is not known


Metric = Literal["profit", "margin", "revenue"]
"""``profit``: the orders' profit less what the action itself cost; ``margin``: before that cost,
which nobody has said; ``revenue``: the cost of an order is not known."""
METRICS: Final[tuple[Metric, ...]] = get_args(Metric)

CostKind = Literal["messages", "coupons", "points", "goods", "other"]
COST_KINDS: Final[tuple[CostKind, ...]] = get_args(CostKind)

ActionKind = Literal["campaign", "journey", "everything", "segment", "standing"]
"""What the treated got: a campaign or a journey of joren, everything that the shop sends, or
whatever was done to a segment, or to whoever came, with another tool."""


@dataclass(frozen=True)
class EffectAction:
    """What was done. ``number`` is the campaign's, the journey's or the segment's."""

    kind: ActionKind
    number: int | None
    name: str


@dataclass(frozen=True)
class EffectCost:
    """What the action itself cost, in minor units; None is unknown, which is not 0.

    ``ledger`` are the messages that left, by what the shop says one costs; ``said`` is what
    somebody wrote down, by kind, and of messages it stands instead of the ledger.
    """

    sent: int
    ledger: int | None
    said: Mapping[str, int]
    total: int | None
    why: str = ""


@dataclass(frozen=True)
class EffectPlan:
    """Read over the first ``horizon_days`` of each customer, when these shares of ``customers``
    have had them; ``lift`` of revenue is what is looked for."""

    horizon_days: int
    looks: tuple[float, ...]
    customers: int
    lift: float
    made_on: date
    made_by: str


@dataclass(frozen=True)
class EffectLook:
    """A planned look that was taken: it stays as it was. ``share`` of the plan's customers had had
    their days by then; the interval holds over all planned looks together."""

    number: int
    share: float
    on: date
    customers: int
    evidence: Evidence
    metric: Metric
    per_customer: Figure
    p: float | None
    cost_each: float | None = None  # what was taken off for each customer treated; None: nothing


@dataclass(frozen=True)
class Planned:
    """The plan and the looks at it so far; ``ripe`` customers have had their days."""

    plan: EffectPlan
    looks: tuple[EffectLook, ...]
    ripe: int


@dataclass(frozen=True)
class Projection:
    """Realised and still expected together, over the first ``days`` of each customer. ``actions``
    have been held against what came; below ten it is ``not_yet_validated``, and very wide.
    ``basis`` is ``first_weeks``, or ``repeats`` where what those brought is the surer word."""

    days: int
    per_customer: Figure
    together: Figure
    expected: float  # the part that has not come yet, per customer, by its first weeks
    error: float  # of the lot alone, per customer
    label: str
    actions: int
    uncorrected: float  # what the first weeks say before anything learned, per customer
    basis: str


@dataclass(frozen=True)
class BoardRow:
    """An early projection beside what came, per customer in minor units. ``uncorrected`` is what
    its first weeks said before anything learned, and ``error`` that one's."""

    holdout_id: int
    told_on: date
    age: int  # days since the beginning when it was told
    metric: Metric
    projected: float
    low: float
    high: float
    uncorrected: float
    error: float
    came_on: date
    came: float
    came_error: float

    @property
    def held(self) -> bool:
        """Did its interval hold what came?"""
        return self.low <= self.came <= self.high


@dataclass(frozen=True)
class Afterwards:
    """What was proven over the first days of a plan, read again over the first ``days`` of each
    customer, in the same metric: some of it was brought forward, or wore off."""

    days: int
    evidence: Evidence
    per_customer: Figure


@dataclass(frozen=True)
class Result:
    """Both arms from the day of treatment to the newest figures, and what the treated did more.

    Everybody who was drawn counts, whether or not they were reached (intention to treat). Intervals
    hold on all days together, however often one looks. ``realised`` is the headline: what has come,
    without a model, in the best ``metric`` that is known. ``q`` is its chance of error as one of
    all rows; ``weeks``: about so long until it can be read. ``evidence`` of a planned look is of
    the first ``over_days`` of each customer and stays so, while ``realised`` runs until today.
    Where the action is known to cost something else since that look, it is what ``recosted`` says.
    """

    holdout_id: int
    name: str
    action: EffectAction
    evidence: Evidence
    metric: Metric
    first: date | None
    last: date
    days: int
    arms: tuple[ArmResult, ...]
    realised: Figure  # for all who were treated
    realised_per_customer: Figure
    cost: EffectCost
    known: float | None  # share of the revenue whose cost is known; the rest at the shop's margin
    roi: Figure  # (orders' profit - cost) / cost
    held_back: Figure  # what those left out would bring in 30 days
    conversion: Figure  # difference of the shares of buyers
    per_customer: Figure  # difference of revenue per customer
    together: Figure  # the same for all who were treated
    profit_per_customer: Figure
    method: str
    p: float | None
    q: float | None
    weeks: int | None
    ratio_p: float | None  # of the arms' persons now against the customers who were drawn
    in_both: int  # persons who were drawn into both arms before they were known to be one
    unlike_the_lot: int  # rows of the log that the salt does not give again
    planned: Planned | None = None  # None: read on any day
    projection: Projection | None = None  # None: nothing is read yet, or the year is over
    over_days: int | None = None  # None: until now
    afterwards: Afterwards | None = None  # None: nothing was proven, or it is not so long ago
    lift: Figure | None = None  # of revenue per customer, by the same method as its difference
    recosted: EffectLook | None = None  # the newest look by the cost as it is known now

    @property
    def faded(self) -> bool:
        """Is what a look proved not so any more over more days?"""
        after = self.afterwards
        return (
            after is not None
            and self.evidence in ("proven_more", "proven_less")
            and after.evidence not in (self.evidence, "too_small")
        )


AdjustedMetric = Literal["bought", "revenue", "capped", "profit"]


@dataclass(frozen=True)
class AdjustedEffect:
    """A difference per customer as it is, and adjusted by what was known of each before their first
    day: revenue and orders of a year, orders of a quarter. ``saved`` is the share of the variance
    that this really took away. ``cap``: spends above it were counted as it. ``stratified`` holds
    those of a decile of value (on the day of the lot) against those of the same; None where there
    is but one.
    """

    metric: AdjustedMetric
    plain: Figure
    adjusted: Figure
    saved: float
    cap: int | None = None  # minor units
    stratified: Figure | None = None
    saved_by_strata: float | None = None


@dataclass(frozen=True)
class Point:
    """One point of the curve: the same over the first ``days`` days of those who had them."""

    days: int
    customers: int
    revenue: Figure
    profit: Figure  # before the cost of the action


@dataclass(frozen=True)
class Horizon:
    """The difference over the first ``days`` days of each customer, from the day of treatment or,
    where they came one after the other, from the day they came.

    ``customers`` of ``drawn`` have had so many days; ``together`` is for the treated among them.
    ``kept`` is the same of what the shop keeps, in the best ``metric`` that is known: profit is
    less what the action cost. Its evidence is ``kept_evidence``.
    """

    days: int
    customers: int
    drawn: int
    evidence: Evidence
    per_customer: Figure
    together: Figure
    metric: Metric
    kept: Figure
    kept_evidence: Evidence


HORIZONS: Final = (30, 90, 180, 365)
LATER: Final = (180, 365)
"""Horizons over which what was proven is read again."""
CURVE: Final = (7, 14, 21, 28, 42, 56, 70, 90, 120, 150, 180, 240, 300, 365)


class NoSuchCost(BadInput):
    """Costs are of messages, coupons, points, goods, or other; and never below 0."""
