"""From a result to its flat row. Pure."""

from __future__ import annotations

from joren.core.tested import EffectLift, in_major
from joren.measure.experiments.contracts import Result


def lift_of(result: Result, *, simulated: bool = False) -> EffectLift:
    """One row. Before anybody was reached there is neither a time nor an effect."""
    seen = bool(result.days) and result.first is not None
    figure = result.realised
    arms = {one.arm: one.customers for one in result.arms}

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
        effect=in_major(figure.value, figure.unit) if known else None,
        low=in_major(figure.low, figure.unit) if known else None,
        high=in_major(figure.high, figure.unit) if known else None,
        level=figure.level if known else None,
        spend=in_major(result.cost.total, figure.unit),
        currency=figure.unit,
        simulated=simulated,
        number=result.holdout_id,
    )
