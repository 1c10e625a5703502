"""From the result of a test by area to its flat row. Pure."""

from __future__ import annotations

from joren.core.tested import EffectLift, in_major
from joren.measure.channels.contracts import AreaResult, AreaTest


def lift_of(test: AreaTest, result: AreaResult, *, simulated: bool = False) -> EffectLift:
    """One row, from the first day on which something was done to the last one that counts."""
    figure = result.gain
    treated = sum(one.treated for one in test.areas)
    return EffectLift(
        holdout=None, name=test.text.name, action="area", action_number=test.id,
        start=test.text.started_on, end=test.text.last, treated=treated,
        held_out=len(test.areas) - treated,
        metric="margin" if result.metric == "profit" else "revenue", evidence=result.evidence,
        effect=in_major(figure.value, figure.unit), low=in_major(figure.low, figure.unit),
        high=in_major(figure.high, figure.unit), level=figure.level,
        spend=in_major(test.cost, figure.unit), currency=figure.unit, simulated=simulated,
        kind="area_test", number=test.id, channel=test.text.channel,
    )  # fmt: skip
