"""From the result of a trial to its flat row. Pure."""

from __future__ import annotations

from joren.core.tested import EffectLift, in_major
from joren.measure.trials.contracts import Trial, TrialResult


def lift_of(
    trial: Trial, result: TrialResult, *, called: str, simulated: bool = False
) -> EffectLift:
    """One row, from the first day of the trial to the last one whose orders count."""
    figure, (without, with_it) = result.gain, result.sides
    return EffectLift(
        holdout=trial.holdout, name=called, action="practice", action_number=trial.id,
        start=trial.plan.first, end=trial.plan.read_on, treated=with_it.units,
        held_out=without.units, metric="margin" if result.metric == "profit" else "revenue",
        evidence=result.evidence, effect=in_major(figure.value, figure.unit),
        low=in_major(figure.low, figure.unit), high=in_major(figure.high, figure.unit),
        level=figure.level, spend=in_major(result.cost, figure.unit), currency=figure.unit,
        simulated=simulated, kind="trial", number=trial.id,
    )  # fmt: skip
