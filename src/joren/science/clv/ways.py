"""Two ways to foretell the same customers' orders, judged at the same days of the past.

A way says how many orders it expects of each customer; the log score is that of a Poisson count,
which asks for nothing but those means, so that ways of any kind can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from joren.science import backtest
from joren.science.arrays import Floats
from joren.science.totals import Window, dispersion

LEAST = 1e-6  # orders: a forecast of none would make one surprise decide


@dataclass(frozen=True, eq=False)
class WayMark:
    """How a way did at one origin, on customers one by one."""

    rows: Floats
    weights: Floats
    window: Window
    gini: float | None


def marked(expected: Floats, came: Floats, *, begin: float, days: float) -> WayMark:
    """The marks of a way that expected so many orders of each customer."""
    mean = np.maximum(expected, LEAST)
    rows = came * np.log(mean) - mean - gammaln(came + 1)
    heads = np.ones(came.size)
    window = Window(
        begin=begin,
        days=days,
        predicted=float(mean.sum()),
        actual=float(came.sum()),
        dispersion=dispersion(came, mean, heads),
    )
    return WayMark(rows, heads, window, backtest.gini(came, mean, heads))
