"""From counts to figures, and where most is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from joren.core.figures import Figure
from joren.measure.indicators.contracts import (
    FEW,
    FEWEST,
    LEVEL,
    USUAL_PARTS,
    WAYS,
    FunnelLoss,
    FunnelStep,
    Part,
    Way,
)
from joren.science.inference import proportion_interval


def share(name: str, gone: int, entered: int, as_of: str, why: str = "") -> Figure:
    """The share with Wilson's interval; not known of few, or for the reason that is given."""
    if why or entered < FEWEST:
        return Figure(name, None, "share", n=entered, as_of=as_of, why=why or FEW)
    around = proportion_interval(gone, entered, LEVEL)
    return Figure(
        name, gone / entered, "share", n=entered, low=float(around.low), high=float(around.high),
        level=LEVEL, as_of=as_of,
    )  # fmt: skip


def largest_loss(steps: Sequence[FunnelStep], parts: Mapping[Way, Part]) -> FunnelLoss | None:
    """The way on which the smallest share goes on; None where fewer than two ways are known.

    Whoever comes to the end has gone all ways, so that one more in a hundred raises the end most
    where the fewest go on.
    """
    known = sorted((one for one in steps if one.share.value is not None), key=_value)
    if len(known) < 2:
        return None
    worst = known[0]
    # The interval of a way of few people reaches far down, however large its share is.
    lowest = min(one.share.low or 0.0 for one in known[1:])
    sure = worst.share.high is not None and worst.share.high < lowest
    share = worst.share
    lost = Figure(
        "funnel_lost", 1 - _value(worst), "share", n=share.n,
        low=None if share.high is None else 1 - share.high,
        high=None if share.low is None else 1 - share.low, level=share.level, as_of=share.as_of,
    )  # fmt: skip
    value = _value(worst)
    return FunnelLoss(
        worst.way,
        {**USUAL_PARTS, **parts}[worst.way],
        lost,
        sure,
        0.01 / value if value else 0.0,
        tuple(way for way in WAYS if way not in {one.way for one in known}),
    )


def _value(step: FunnelStep) -> float:
    return step.share.value or 0.0
