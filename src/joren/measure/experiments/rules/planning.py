"""Planned looks: which one is due, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from joren.measure.experiments.contracts import (
    LEVEL,
    LONGEST_HORIZON,
    MOST_LOOKS,
    BadPlan,
    EffectLook,
    EffectPlan,
    Evidence,
)
from joren.measure.experiments.rules.comparing import LOOKING_COSTS, At, readable
from joren.science.inference import Effect, sequential
from joren.science.inference.effects import critical, two_sided
from joren.science.inference.sequential import FURTHEST, Plan, at_look, look_level

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


def inflation(plan: EffectPlan | None) -> float:
    """How many times as many customers as for one look at the end; without a plan one looks
    daily."""
    return LOOKING_COSTS if plan is None else sequential.inflation(Plan(plan.looks, level=LEVEL))


def at(read: At, level: float, shares: Sequence[float]) -> Effect:
    """The last of looks taken at these shares; its interval holds over all of them together."""
    return readable(at_look(read, Plan(tuple(shares), level=level), len(shares) - 1))


def recosted(look: EffectLook, cost: float | None, shares: Sequence[float]) -> EffectLook:
    """The look as it would have been told by what each customer treated is known to cost now.

    A cost moves the estimate and both limits by as much and widens nothing, so that nothing has to
    be counted anew, nor is it another look. A look before any cost becomes one of profit; one of
    revenue stays, as do those of older versions, which did not write down what they took off.
    """
    taken_off = 0.0 if look.metric == "margin" else look.cost_each
    if cost is None or taken_off is None or look.metric == "revenue" or look.evidence == "broken":
        return look
    by, was = taken_off - cost, look.per_customer
    if was.value is None or was.low is None or was.high is None or not by:
        return replace(look, metric="profit", cost_each=cost)
    value, low, high = (one + by for one in (was.value, was.low, was.high))
    # The lot dealt anew refused what its limits had proven: less cost is no answer to that.
    refused = look.evidence == "not_proven" and was.low > 0
    evidence: Evidence = "not_proven"
    if high < 0:
        evidence = "proven_less"
    elif low > 0 and not refused:
        evidence = "proven_more"
    return replace(
        look, evidence=evidence, metric="profit", cost_each=cost,
        per_customer=replace(was, value=value, low=low, high=high),
        p=_p_of(value, low, high, shares),
    )  # fmt: skip


def _p_of(value: float, low: float, high: float, shares: Sequence[float]) -> float:
    """The repeated p of these limits of the last look, by the one that is nearer to 0."""
    plan, last = Plan(tuple(shares), level=LEVEL), len(shares) - 1
    near = value - low if value > 0 else high - value
    away = abs(value) / near if near > 0 else FURTHEST * bool(value)
    errors = away * critical(look_level(plan, last))
    found = Effect(value, low, high, LEVEL, two_sided(errors), (0, 0), "")
    return at_look(lambda _level: found, plan, last).p
