"""Planned looks: which one is due, and what it says."""

from __future__ import annotations

from collections.abc import Sequence

from joren.measure.experiments.contracts import (
    LONGEST_HORIZON,
    MOST_LOOKS,
    BadPlan,
    EffectPlan,
)
from joren.measure.experiments.rules.comparing import At, readable
from joren.science.inference import Effect
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
