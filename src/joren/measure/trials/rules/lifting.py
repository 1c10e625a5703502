"""From the result of a trial to its flat row. Pure."""

from __future__ import annotations

from joren.core.tested import EffectLift, in_major
from joren.measure.trials.contracts import Trial, TrialResult


def lift_of(
    trial: Trial, result: TrialResult, *, called: str, simulated: bool = False
) -> EffectLift:
    """One row, from the first day of the trial to the last one whose orders count."""
    figure, (without, with_it) = result.gain, result.sides
    money = trial.plan.metric == "money"  # what is no money has no place in such a model
    metric = "margin" if result.metric == "profit" else "revenue"
    return EffectLift(
        holdout=trial.holdout, name=called, action="practice", action_number=trial.id,
        start=trial.plan.first, end=trial.plan.read_on, treated=with_it.units,
        held_out=without.units, metric=metric if money else trial.plan.metric,
        evidence=result.evidence, effect=in_major(figure.value, figure.unit) if money else None,
        low=in_major(figure.low, figure.unit) if money else None,
        high=in_major(figure.high, figure.unit) if money else None,
        level=figure.level if money else None, spend=in_major(result.cost, result.net.unit),
        currency=result.net.unit,
        simulated=simulated, kind="trial", number=trial.id,
    )  # fmt: skip
