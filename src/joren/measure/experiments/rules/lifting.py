"""From a result to its flat row. Pure."""

from __future__ import annotations

from joren.core.money import decimals
from joren.measure.experiments.contracts import EffectLift, Result


def lift_of(result: Result, *, simulated: bool = False) -> EffectLift:
    """One row. Before anybody was reached there is neither a time nor an effect."""
    seen = bool(result.days) and result.first is not None
    figure = result.realised
    arms = {one.arm: one.customers for one in result.arms}

    def major(value: float | None) -> float | None:
        return None if value is None else value / 10 ** decimals(figure.unit)

    known = seen and result.evidence != "broken"
    return EffectLift(
        holdout=result.holdout_id,
        name=result.name,
        action=result.action.kind,
        action_number=result.action.number,
        start=result.first if seen else None,
        end=result.last if seen else None,
        treated=arms.get("treated", 0),
        held_out=arms.get("held_out", 0),
        metric=result.metric,
        evidence=result.evidence,
        effect=major(figure.value) if known else None,
        low=major(figure.low) if known else None,
        high=major(figure.high) if known else None,
        level=figure.level if known else None,
        spend=major(result.cost.total),
        currency=figure.unit,
        simulated=simulated,
    )
