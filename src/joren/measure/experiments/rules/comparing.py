"""From both arms' sums to a difference per customer, at whatever level it is to be read.

Whoever may look on any day reads at the level of a confidence sequence; a difference that an
interval of one look would call proven is often gone a week later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import ceil, isfinite
from typing import Final

from joren.core.errors import BadInput
from joren.measure.experiments.contracts import LEVEL, USUAL_LIFT, ActionKind, Evidence, Metric
from joren.science.inference import (
    Effect,
    Spend,
    Verdict,
    loss,
    newcombe,
    sample_ratio,
    spend_effect,
    spend_lift,
)
from joren.science.inference.effects import inverted_p, too_small
from joren.science.inference.power import spend_size
from joren.science.inference.sequential import any_time

At = Callable[[float], Effect]
"""The same difference at any level."""

SAYS: Final[Mapping[Verdict, Evidence]] = {
    Verdict.HIGHER: "proven_more",
    Verdict.LOWER: "proven_less",
    Verdict.UNCLEAR: "not_proven",
    Verdict.TOO_SMALL: "too_small",
}

USUAL_DAYS: Final[Mapping[ActionKind, int]] = {
    "campaign": 90, "segment": 90, "journey": 180, "standing": 180, "everything": 365,
}  # fmt: skip
"""For which day the confidence sequence is narrowest where nobody planned one."""

LOOKING_COSTS: Final = 1.9
"""By so much daily looking enlarges the sample: (3.04 + .84)² / (1.96 + .84)²."""
MOST_WEEKS: Final = 104
NOWHERE: Final = 1e15
"""Beyond it no limit of money or of a share lies; a number of a program ends there too."""
_FAR_OFF: Final = 1_000
"""A limit so many times further from the estimate than the other one lies nowhere either."""
ENOUGH_KNOWN: Final = 0.8
"""Of the revenue, so much with a known cost: then the rest is taken at the shop's margin."""


@dataclass(frozen=True)
class Arm:
    """One arm over one stretch of days. ``revenue`` has buyers, ``profit`` all who ordered; the
    profit of ``uncosted`` orders is not known but taken at the shop's margin."""

    customers: int
    orders: int
    uncosted: int
    uncosted_revenue: int
    revenue: Spend
    profit: Spend


@dataclass(frozen=True)
class Compared:
    """Both arms, and p of the lot dealt anew where buyers are few."""

    treated: Arm
    control: Arm
    revenue_p: float | None = None
    profit_p: float | None = None

    @property
    def customers(self) -> int:
        """Of both arms."""
        return self.treated.customers + self.control.customers

    @property
    def known(self) -> float:
        """The share of the revenue whose cost is known, in the arm where it is less."""
        return min(_known(self.treated), _known(self.control))

    @property
    def costed(self) -> bool:
        return self.known >= ENOUGH_KNOWN


def _known(arm: Arm) -> float:
    return 1 - arm.uncosted_revenue / arm.revenue.total if arm.revenue.total > 0 else 1.0


def buyers_at(found: Compared) -> At:
    """The difference of the shares of buyers."""
    pair = [(arm.revenue.buyers, arm.customers) for arm in (found.control, found.treated)]
    return lambda level: newcombe(*pair, level=level)


def revenue_at(found: Compared) -> At:
    """The difference in revenue per customer."""
    pair = found.control.revenue, found.treated.revenue
    return lambda level: spend_effect(*pair, level=level, permutation_p=found.revenue_p)


def lift_at(found: Compared) -> At:
    """The same as a share of what those left out brought; says what the difference says."""
    pair = found.control.revenue, found.treated.revenue
    return lambda level: replace(spend_lift(*pair, level=level), permutation_p=found.revenue_p)


def profit_at(found: Compared) -> At:
    """The difference in the orders' profit per customer, before what the action cost."""
    pair = found.control.profit, found.treated.profit
    return lambda level: spend_effect(*pair, level=level, permutation_p=found.profit_p)


def net_at(at: At, each: float) -> At:
    """Less a known cost of each customer treated; p is against nothing being left of it."""
    if not each or at(LEVEL).too_small:
        return lambda level: at(level).net_of(each)

    def limits(level: float) -> tuple[float, float]:
        found = at(level).net_of(each)
        return found.low, found.high

    p = inverted_p(limits)
    return lambda level: replace(at(level).net_of(each), p=p)


def best_known(found: Compared, cost: float | None) -> tuple[Metric, At]:
    """The difference nearest to what the shop keeps, as far as costs are known; ``cost`` is that of
    each customer treated."""
    if not found.costed:
        return "revenue", revenue_at(found)
    if cost is None:
        return "margin", profit_at(found)
    return "profit", net_at(profit_at(found), cost)


def in_metric(found: Compared, metric: Metric, cost: float | None) -> At | None:
    """The difference in a metric that was settled before; None where its costs are not known."""
    if metric == "revenue":
        return revenue_at(found)
    if not found.costed:
        return None
    if metric == "margin":
        return profit_at(found)
    return None if cost is None else net_at(profit_at(found), cost)


def reached(kind: ActionKind, days: int) -> float:
    """How much of the usual time is over: it tunes the sequence and is known before the end."""
    return max(days, 1) / USUAL_DAYS[kind]


def until_now(at: At, kind: ActionKind, days: int, *, among: int = 1) -> Effect:
    """With an interval that holds on all days together, and for all of so many at once."""
    return readable(any_time(at, reached(kind, days), 1 - (1 - LEVEL) / among))


def readable(effect: Effect) -> Effect:
    """Limits that lie nowhere, as of a handful of buyers on an early day, say nothing yet."""
    near, far = sorted((effect.estimate - effect.low, effect.high - effect.estimate))
    somewhere = max(abs(effect.low), abs(effect.high)) < NOWHERE
    if effect.too_small or (somewhere and (near <= 0 or far < _FAR_OFF * near)):
        return effect
    return too_small(effect.estimate, effect.n, effect.method, effect.level)


def ratio(sizes: tuple[int, int], drawn: tuple[int, int]) -> tuple[float | None, bool]:
    """p of the arms' sizes against how many were drawn, and whether that blocks; unknown as long
    as everybody who came was drawn into the same arm.

    Those who are left are some of those who were drawn, and vary far less than a new lot would:
    beside the sizes, what each arm has lost is held against the other."""
    if not all((*sizes, *drawn)):
        return None, False
    found, lost = sample_ratio(sizes, drawn), loss(sizes, drawn)
    return min(found.p, lost.p), found.blocks or lost.blocks


def weeks_needed(found: Compared, days: int, lift: float = USUAL_LIFT) -> int | None:
    """About how many weeks more until such a lift of revenue would be seen; None where it would
    have been seen by now, nobody buys, or it takes years.

    Buyers come in proportion to the days, in arms that grow and in arms that wait.
    """
    times = times_needed(found, lift) if days else None
    if times is None:
        return None
    weeks = ceil(days * (times - 1) / 7)
    return weeks if 0 < weeks <= MOST_WEEKS else None


def times_needed(found: Compared, lift: float = USUAL_LIFT) -> float | None:
    """How many times as much as there is would show such a lift of revenue to whoever looks daily;
    None where no number would."""
    both = found.control.revenue + found.treated.revenue
    if not (both.buyers and both.total > 0 and found.control.customers):
        return None
    share = found.treated.revenue.n / both.n
    try:
        needed = spend_size(both, lift, treated_share=share, inflation=LOOKING_COSTS).total
    except BadInput:  # nearly all buy: a tenth more of them there is not
        return None
    return needed / both.n if isfinite(needed) else None
