"""Which of several messages brought more: the best against each other one, all pairs at once.

Whoever picks the best of several and then compares it has compared all of them, so that the level
is shared among all pairs (Bonferroni). Opens and clicks are no part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from joren.measure.experiments.contracts import LEVEL, VariantEvidence, VariantMetric
from joren.measure.experiments.rules.comparing import ENOUGH_KNOWN, Arm
from joren.science.inference import Effect, Spend, spend_effect, wants_permutation


@dataclass(frozen=True)
class Ranked:
    """``best`` is a place; ``against`` has the place of each other one, and the difference."""

    best: int
    against: tuple[tuple[int, Effect], ...]
    evidence: VariantEvidence


def metric_of(arms: Sequence[Arm]) -> VariantMetric:
    """Profit, where the cost of most of what each arm bought is known."""
    known = (
        1 - arm.uncosted_revenue / arm.revenue.total if arm.revenue.total > 0 else 1.0
        for arm in arms
    )
    return "profit" if min(known, default=0.0) >= ENOUGH_KNOWN else "revenue"


def spend_of(arm: Arm, metric: VariantMetric) -> Spend:
    return arm.profit if metric == "profit" else arm.revenue


def each(arm: Arm, cost: float, metric: VariantMetric) -> float | None:
    """Per customer, less the message's own cost where it is profit."""
    if not arm.customers:
        return None
    mean = spend_of(arm, metric).total / arm.customers
    return mean - cost if metric == "profit" else mean


def ranked(arms: Sequence[Arm], costs: Sequence[float]) -> Ranked | None:
    """The best and its lead; None where an arm is empty. A message that few bought by is too few
    to read."""
    metric = metric_of(arms)
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
        found = spend_effect(theirs, mine, level=1 - (1 - LEVEL) / pairs)
        few = few or found.too_small or wants_permutation(theirs, mine)
        dearer = costs[best] - costs[place] if metric == "profit" else 0.0
        against.append((place, found.net_of(dearer)))
    if few:
        return Ranked(best, tuple(against), "too_small")
    proven = all(effect.low > 0 for _, effect in against)
    return Ranked(best, tuple(against), "proven" if proven else "not_proven")
