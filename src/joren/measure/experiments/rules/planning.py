"""Planned looks: which one is due, and what it says. And what an audience can tell."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, isfinite, sqrt

from joren.core.errors import BadInput
from joren.measure.experiments.contracts import (
    LONGEST_HORIZON,
    MOST_LOOKS,
    BadPlan,
    EffectPlan,
)
from joren.measure.experiments.rules.comparing import At, readable
from joren.science.inference import Effect, Spend
from joren.science.inference.power import Detectable, size, spend_detectable, spend_size
from joren.science.inference.power import detectable as means_detectable
from joren.science.inference.sequential import Plan, at_look

_NEAR = 1e-9


def even(looks: int) -> tuple[float, ...]:
    """So many looks at equal distances."""
    if not 1 <= looks <= MOST_LOOKS:
        raise BadPlan(f"{looks} looks", hint=f"from 1 to {MOST_LOOKS}; to look daily needs no plan")
    return tuple((place + 1) / looks for place in range(looks))


def check(plan: EffectPlan) -> None:
    """Refuse a plan that nobody could carry out."""
    if not 7 <= plan.horizon_days <= LONGEST_HORIZON:
        raise BadPlan(f"a horizon of {plan.horizon_days} days", hint=f"7 to {LONGEST_HORIZON}")
    if plan.customers < 1:
        raise BadPlan(
            f"{plan.customers} customers planned",
            hint="who comes one after the other has no end: say how many to wait for",
        )
    if not 0 < plan.lift <= 1:
        raise BadPlan(f"a lift of {plan.lift:g}", hint="a share of revenue, such as 0.1")


def due(plan: EffectPlan, taken: Sequence[float], ripe: int) -> float | None:
    """The share at which a look is to be taken now; None while none is due or all are taken."""
    share = min(ripe / plan.customers, 1.0)
    before = taken[-1] if taken else 0.0
    ahead = [look for look in plan.looks if look > before + _NEAR]
    if len(taken) >= len(plan.looks) or not ahead or share <= before + _NEAR:
        return None
    return share if share + _NEAR >= ahead[0] else None


def at(read: At, level: float, shares: Sequence[float]) -> Effect:
    """The last of looks taken at these shares; its interval holds over all of them together."""
    return readable(at_look(read, Plan(tuple(shares), level=level), len(shares) - 1))


def detectable(past: Spend, treated: int, held_out: int) -> Detectable | None:
    """The smallest effect that would most likely be seen; None where nobody bought."""
    if not (past.buyers and past.total > 0 and treated and held_out):
        return None
    try:
        found = spend_detectable(past, held_out, treated)
    except BadInput:
        return _by_means(past, treated, held_out)
    return found if isfinite(found.per_customer) else _by_means(past, treated, held_out)


def needed(past: Spend, share: float, lift: float) -> int | None:
    """Customers, both arms together, that show such a lift with four chances of five."""
    if not (past.buyers and past.total > 0):
        return None
    try:
        found = spend_size(past, lift, treated_share=1 - share).total
    except BadInput:
        mean, deviation = _of_all(past)
        if not deviation > 0:
            return None
        found = size(lift * mean, deviation, treated_share=1 - share).total
    return ceil(found) if isfinite(found) else None


def _by_means(past: Spend, treated: int, held_out: int) -> Detectable | None:
    """Where nearly all buy, so that more buyers cannot be the gain: more of each."""
    mean, deviation = _of_all(past)
    return means_detectable(mean, deviation, held_out, treated) if deviation > 0 else None


def _of_all(past: Spend) -> tuple[float, float]:
    sums = past.sums
    return float(sums.mean), sqrt(float(sums.variance))
