"""Which of several messages brought more: the best against each other one, all pairs at once.

Whoever picks the best of several and then compares it has compared all of them, so that the level
is shared among all pairs (Bonferroni). Opens and clicks are no part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from joren.measure.experiments.contracts import LEVEL, VariantEvidence, VariantMetric
from joren.measure.experiments.rules.comparing import ENOUGH_KNOWN, Arm, At, net_at
from joren.science.inference import Effect, Spend, spend_effect, wants_permutation


@dataclass(frozen=True)
class Ranked:
    """``best`` is a place; ``against`` has the place of each other one, and the difference."""

    best: int
    against: tuple[tuple[int, Effect], ...]
    evidence: VariantEvidence


def metric_of(arms: Sequence[Arm], costs: Sequence[float | None]) -> VariantMetric:
    """Profit, where the cost of most of what each arm bought is known, and that of its messages."""
    known = (
        1 - arm.uncosted_revenue / arm.revenue.total if arm.revenue.total > 0 else 1.0
        for arm in arms
    )
    if min(known, default=0.0) < ENOUGH_KNOWN:
        return "revenue"
    return "margin" if any(cost is None for cost in costs) else "profit"


def spend_of(arm: Arm, metric: VariantMetric) -> Spend:
    return arm.revenue if metric == "revenue" else arm.profit


def per_customer(spent: int | None, arm: Arm) -> float | None:
    """What the messages of an arm cost for each customer in it, whether or not they got one."""
    return None if spent is None else spent / max(1, arm.customers)


def each(arm: Arm, cost: float | None, metric: VariantMetric) -> float | None:
    """Per customer, less the messages' own cost of each (``cost``) where it is profit."""
    if not arm.customers:
        return None
    mean = spend_of(arm, metric).total / arm.customers
    return mean - (cost or 0) if metric == "profit" else mean


def _lead(theirs: Spend, mine: Spend, level: float) -> Effect:
    return spend_effect(theirs, mine, level=level)


def once(at: At, level: float) -> Effect:
    """As it is read on one day that was planned."""
    return at(level)


def ranked(
    arms: Sequence[Arm], costs: Sequence[float | None], read: Callable[[At, float], Effect] = once
) -> Ranked | None:
    """The best and its lead; None where an arm is empty. A message that few bought by is too few
    to read."""
    metric = metric_of(arms, costs)
    means = [each(arm, cost, metric) for arm, cost in zip(arms, costs, strict=True)]
    known = [mean for mean in means if mean is not None]
    if len(arms) < 2 or len(known) < len(arms):
        return None
    best = known.index(max(known))
    pairs = len(arms) * (len(arms) - 1) / 2
    mine = spend_of(arms[best], metric)
    against = []
    few = False
    for place, arm in enumerate(arms):
        if place == best:
            continue
        theirs = spend_of(arm, metric)
        dearer = (costs[best] or 0) - (costs[place] or 0) if metric == "profit" else 0.0
        at = net_at(partial(_lead, theirs, mine), dearer)
        found = read(at, 1 - (1 - LEVEL) / pairs)
        few = few or found.too_small or wants_permutation(theirs, mine)
        against.append((place, found))
    if few:
        return Ranked(best, tuple(against), "too_small")
    proven = all(effect.low > 0 for _, effect in against)
    return Ranked(best, tuple(against), "proven" if proven else "not_proven")
