"""Where a total will lie, judged by how far earlier forecasts of totals were off.

A model's own distribution is far too narrow for a total: season, trend, campaigns and misfit move
all customers together, and a model of independent customers knows nothing of them. What they do is
seen in the errors of forecasts made as if on earlier days. The page is docs/science/totals.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log, sqrt

import numpy as np
from scipy.special import stdtrit

from joren.core.errors import BadInput
from joren.science.arrays import Floats
from joren.science.inference.intervals import refuse_level

USUAL = 0.10
"""The error of a total over half a year (of its log) that is expected before any has been seen."""
YOUNG = 0.25
"""The same, as long as the windows do not cover a whole year: a season may be still to come."""
HALF_YEAR, YEAR = 182.0, 364.0
WORTH = 2.0
"""As how many windows side by side that expectation counts."""


@dataclass(frozen=True)
class Window:
    """One forecast of the past: the days after ``begin`` that it was for, and the two totals.

    ``dispersion`` is the variance of one customer's outcome around the forecast, over its mean: by
    how much more than counted by a Poisson distribution a total scatters, were nothing in common.
    """

    begin: float
    days: float
    predicted: float
    actual: float
    dispersion: float = 1.0

    @property
    def error(self) -> float:
        """The forecast over what came, less one: below zero where too little was foretold."""
        return self.predicted / self.actual - 1

    @property
    def log_error(self) -> float:
        """ln(actual / predicted)."""
        return log(self.actual / self.predicted)

    @property
    def end(self) -> float:
        return self.begin + self.days


@dataclass(frozen=True)
class TotalInterval:
    """A total's limits; `windows` is what its width rests on, in windows side by side.

    `young` says that they do not cover a whole year, so that no season is known yet.
    """

    low: float
    high: float
    level: float
    windows: float
    young: bool


def total_interval(
    windows: Sequence[Window], predicted: float, days: float, level: float = 0.9
) -> TotalInterval:
    """Limits of the total over the coming days.

    Errors grow with the square root of the days, as those of a rate that wanders do; what chance
    alone did in a window is taken off its error, and what it will do in the coming days is put on.
    Without a window the limits rest on `YOUNG` alone.
    """
    refuse_level(level)
    if not (predicted > 0 and isfinite(predicted) and days > 0 and isfinite(days)):
        raise BadInput(f"predicted {predicted} over {days} days: finite numbers above 0 are needed")
    for one in windows:
        if not (one.actual > 0 and one.predicted > 0 and one.days > 0):
            raise BadInput(
                f"a window with {one.actual} after {one.predicted} predicted, over {one.days} days",
                hint="leave out windows where nothing came, or nothing was predicted",
            )
    covered = days_covered(windows)
    counted = covered / float(np.mean([one.days for one in windows])) if windows else 0.0
    young = covered < YEAR
    usual = YOUNG if young else USUAL
    known, freedom = WORTH * usual**2 / HALF_YEAR, WORTH + counted
    if windows:
        known += counted * float(np.mean([_common(one) for one in windows]))
    variance = days * known / freedom + _chance(windows, predicted, days)
    reach = float(stdtrit(freedom, (1 + level) / 2)) * sqrt(variance)
    with np.errstate(over="ignore"):
        low, high = (predicted * np.exp(np.array([-reach, reach]))).tolist()
    return TotalInterval(low, high, level, counted, young)


def days_covered(windows: Sequence[Window]) -> float:
    """The days that lie in any of the windows."""
    covered, reached = 0.0, -np.inf
    for begin, end in sorted((one.begin, one.end) for one in windows):
        covered += max(end - max(begin, reached), 0.0)
        reached = max(reached, end)
    return covered


def dispersion(actual: Floats, predicted: Floats, weights: Floats) -> float:
    """The variance of the outcomes around the forecast, over the mean of the forecast."""
    around = float(weights @ (actual - predicted) ** 2)
    return around / float(weights @ predicted)


def _common(window: Window) -> float:
    """What is left of the squared error beyond chance, per day of the window."""
    beyond = window.log_error**2 - window.dispersion / window.predicted
    return max(beyond, 0.0) / window.days


def _chance(windows: Sequence[Window], predicted: float, days: float) -> float:
    """Of the log of the coming total, were nothing in common; longer windows differ by more."""
    if not windows:
        return 1 / predicted
    last = max(windows, key=lambda one: one.begin)
    return 1.0 / predicted * max(1.0, last.dispersion * max(1.0, days / last.days))
