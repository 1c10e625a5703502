"""Actions of one kind as one: their arms added up within each action, and what each is worth.

The difference of all is the mean of the actions' own, each by its customers treated, so that an
action of another share or in a better month puts nothing of itself into it. The page is
docs/science/pooling.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Final, TypeVar

from joren.measure.experiments.contracts import LEVEL, POOL_KINDS, Likeness, Metric
from joren.measure.experiments.rules.comparing import (
    Arm,
    Compared,
    best_known,
    in_metric,
    readable,
    times_needed,
)
from joren.science.inference import Effect, Pooled, Spend, pooled, wants_permutation
from joren.science.inference.effects import too_small
from joren.science.inference.sequential import any_time

NARROWEST: Final = 5_000
"""Customers, all actions together, at whom the confidence sequence is narrowest."""
FEWEST_DRAWN: Final = 4
"""Actions from which each is drawn towards the others: three hardly tell how much they differ."""
MOST_MORE: Final = 50

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Part:
    """One action: both arms over the first days of its customers, and what it cost for each
    treated; None is not known."""

    both: Compared
    cost: float | None


def alike(of: Mapping[Key, Sequence[Likeness]]) -> dict[Likeness, list[Key]]:
    """Two or more that share something, the narrowest likeness first. Where two likenesses bring
    the same ones together, the narrower stands."""
    found: dict[Likeness, list[Key]] = {}
    for key, likenesses in of.items():
        for likeness in likenesses:
            found.setdefault(likeness, []).append(key)
    told: dict[Likeness, list[Key]] = {}
    for likeness in sorted(found, key=lambda one: (POOL_KINDS.index(one.kind), one.number)):
        if len(found[likeness]) > 1 and found[likeness] not in told.values():
            told[likeness] = found[likeness]
    return told


def added(parts: Sequence[Part]) -> Compared:
    """All arms as one pair. Of those left out each counts as often as makes both arms have the same
    part of every action, and all of them as the fewer that such weights leave (Kish 1965)."""
    treated = sum(part.both.treated.customers for part in parts)
    control = sum(part.both.control.customers for part in parts)
    weights = [
        part.both.treated.customers / treated / (part.both.control.customers / control)
        for part in parts
    ]
    arms = [part.both.control for part in parts]
    kept = control / sum(
        weight**2 * arm.customers for weight, arm in zip(weights, arms, strict=True)
    )  # fmt: skip
    ones = [1.0] * len(parts)
    return Compared(
        _sum([part.both.treated for part in parts], ones), _sum(arms, [w * kept for w in weights])
    )


def read_together(parts: Sequence[Part]) -> tuple[Metric, Effect]:
    """In which metric, and the difference per customer treated.

    Its interval holds however often one looks and repeats: it counts by the customers so far. Where
    few bought no lot is dealt anew over several actions, so that nothing is read.
    """
    both = added(parts)
    metric, at = best_known(both, cost_each(parts))
    customers = sum(part.both.treated.customers + part.both.control.customers for part in parts)
    arms = _spend(both.control, metric), _spend(both.treated, metric)
    effect = readable(any_time(at, customers / NARROWEST, LEVEL))
    if wants_permutation(*arms):
        effect = too_small(effect.estimate, effect.n, effect.method, LEVEL)
    return metric, effect


def cost_each(parts: Sequence[Part]) -> float | None:
    """What all of them cost for each customer treated; None where that of one is not known."""
    treated = sum(part.both.treated.customers for part in parts)
    total = 0.0
    for part in parts:
        if part.cost is None:
            return None
        total += part.cost * part.both.treated.customers
    return total / treated


def alone(part: Part, metric: Metric) -> Effect | None:
    """One by itself at one look, in the metric of all; None where its costs are not known."""
    at = in_metric(part.both, metric, part.cost)
    return readable(at(LEVEL)) if at else None


def drawn(parts: Sequence[Part], metric: Metric) -> Pooled | None:
    """Each towards the mean of all (random effects); None of fewer than four.

    Errors are of the spread that customers of all actions have in common: an action in whose small
    arm nobody bought much would else seem the surest of all.
    """
    if len(parts) < FEWEST_DRAWN:
        return None
    pairs = [
        (_spend(part.both.treated, metric), _spend(part.both.control, metric)) for part in parts
    ]
    spreads = [_variance([pair[side] for pair in pairs]) for side in (0, 1)]
    errors = [
        sqrt(sum(spread / arm.n for spread, arm in zip(spreads, pair, strict=True)))
        for pair in pairs
    ]
    costs = [(part.cost or 0.0) if metric == "profit" else 0.0 for part in parts]
    effects = [
        treated.total / treated.n - control.total / control.n - cost
        for (treated, control), cost in zip(pairs, costs, strict=True)
    ]
    return pooled(effects, errors) if min(errors) > 0 else None


def more_needed(parts: Sequence[Part]) -> int | None:
    """About how many more like these until a tenth more revenue would be seen."""
    times = times_needed(added(parts))
    if times is None:
        return None
    more = ceil(len(parts) * (times - 1))
    return more if 0 < more <= MOST_MORE else None


def _sum(arms: Sequence[Arm], weights: Sequence[float]) -> Arm:
    def weighed(of: Sequence[float]) -> float:
        return sum(weight * one for weight, one in zip(weights, of, strict=True))

    def spend(of: Sequence[Spend]) -> Spend:
        n = weighed([one.n for one in of])
        return Spend(
            n, min(weighed([one.buyers for one in of]), n), weighed([one.total for one in of]),
            weighed([one.squares for one in of]),
        )  # fmt: skip

    return Arm(
        sum(arm.customers for arm in arms), sum(arm.orders for arm in arms),
        sum(arm.uncosted for arm in arms),
        round(weighed([arm.uncosted_revenue for arm in arms])),
        spend([arm.revenue for arm in arms]), spend([arm.profit for arm in arms]),
    )  # fmt: skip


def _spend(arm: Arm, metric: Metric) -> Spend:
    return arm.revenue if metric == "revenue" else arm.profit


def _variance(spends: Sequence[Spend]) -> float:
    """Within the actions, of one arm over all of them."""
    freedom = sum(one.n - 1 for one in spends)
    within = sum(one.squares - one.total**2 / one.n for one in spends)
    return max(within, 0.0) / freedom if freedom > 0 else 0.0
