"""One series before and after a day: what it moved by, where each value leans on the one before.

A week resembles the week before, so that weeks are not independent observations. Each mean counts
for n (1 − ρ)/(1 + ρ) weeks only, ρ the first autocorrelation around the two means (Bayley &
Hammersley 1946, The "Effective" Number of Independent Observations in an Autocorrelated Time
Series, JRSS Suppl. 8), which a short series tells too small (Kendall 1954, Note on Bias in the
Estimation of Autocorrelation, Biometrika 41). This is no experiment: what else changed at the same
time is in the difference. The page is docs/science/before_after.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from joren.science.arrays import Floats, column
from joren.science.inference.intervals import refuse_level

FEWEST = 8
"""Values on each side below which nothing is told."""
MOST_RHO = 0.9


@dataclass(frozen=True)
class Moved:
    """Means before and after, their difference, and how far it may be trusted.

    ``effective`` are the independent values that both sides are worth; limits are NaN, and
    ``known`` false, where a side has fewer than ``FEWEST``.
    """

    before: float
    after: float
    change: float
    low: float
    high: float
    error: float
    rho: float
    effective: tuple[float, float]
    level: float

    @property
    def known(self) -> bool:
        """Are there enough values to tell limits?"""
        return self.low == self.low


def moved(before: ArrayLike, after: ArrayLike, *, level: float = 0.95) -> Moved:
    """after − before ± t · √(s² / n₁ + s² / n₀), each n the effective one."""
    refuse_level(level)
    sides = column("before", before), column("after", after)
    was, is_now = (float(side.mean()) if side.size else nan for side in sides)
    if min(side.size for side in sides) < FEWEST:
        return Moved(was, is_now, is_now - was, nan, nan, nan, nan, (0.0, 0.0), level)
    rho = _rho(sides[0] - was, sides[1] - is_now)
    stretch = (1 + rho) / (1 - rho)
    effective = [side.size / stretch for side in sides]
    variances = [
        # A short series that leans on itself varies less around its own mean than around the true.
        float(side.var(ddof=1)) / max(1 - (stretch - 1) / (side.size - 1), 0.2) / n
        for side, n in zip(sides, effective, strict=True)
    ]
    error = sqrt(sum(variances))
    freedom = _freedom(variances, effective)
    reach = float(stdtrit(freedom, (1 + level) / 2)) * error if error else 0.0
    change = is_now - was
    return Moved(
        was, is_now, change, change - reach, change + reach, error, rho,
        (effective[0], effective[1]), level,
    )  # fmt: skip


def mean_of(values: ArrayLike, *, level: float = 0.95) -> tuple[float, float, float]:
    """A mean of such a series with its limits; NaN where there are too few."""
    refuse_level(level)
    side = column("values", values)
    if side.size < FEWEST:
        return (float(side.mean()) if side.size else nan), nan, nan
    mean = float(side.mean())
    rho = _rho(side - mean)
    stretch = (1 + rho) / (1 - rho)
    n = side.size / stretch
    spread = float(side.var(ddof=1)) / max(1 - (stretch - 1) / (side.size - 1), 0.2)
    reach = float(stdtrit(max(n - 1, 1.0), (1 + level) / 2)) * sqrt(spread / n)
    return mean, mean - reach, mean + reach


def _rho(*around: Floats) -> float:
    """The pooled first autocorrelation of values around their own means; never below zero."""
    top = sum(float(part[1:] @ part[:-1]) for part in around)
    bottom = sum(float(part @ part) for part in around)
    if not bottom > 0:
        return 0.0
    shortest = float(np.mean([part.size for part in around]))
    found = top / bottom
    found += (1 + 3 * found) / shortest  # Kendall's bias, to first order
    return min(max(found, 0.0), MOST_RHO)


def _freedom(variances: list[float], effective: list[float]) -> float:
    """Welch and Satterthwaite's, of the effective numbers."""
    whole = sum(variances)
    if not whole > 0:
        return inf
    parts = (
        variance**2 / max(n - 1, 1.0) for variance, n in zip(variances, effective, strict=True)
    )
    return max(whole**2 / sum(parts), 1.0)
