"""Intervals for a mean and for a share, one or many at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from joren.core.errors import BadInput
from joren.science.arrays import Floats, refuse_rows
from joren.science.inference.sums import Sums


@dataclass(frozen=True, eq=False)
class Interval:
    """An estimate with its limits; NaN is "not yet known". Arrays where groups were given."""

    estimate: Floats
    low: Floats
    high: Floats
    level: float


def mean_interval(sums: Sums, level: float = 0.95) -> Interval:
    """Student's t-interval for a mean; limits are not known below two observations.

    Takes the observations as independent and the mean of so many as normal. On skewed money that
    needs thousands of them: for a difference of spend between unequal arms this is the wrong tool.
    """
    refuse_level(level)
    known = sums.n > 1
    reach = stdtrit(np.where(known, sums.n - 1, 1.0), (1 + level) / 2)
    half = np.where(known, reach, np.nan) * np.sqrt(sums.variance / np.where(known, sums.n, 1.0))
    return Interval(sums.mean, sums.mean - half, sums.mean + half, level)


def proportion_interval(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> Interval:
    """Wilson's score interval for k of n (Wilson 1927); right also near 0 and 1 and for small n."""
    refuse_level(level)
    hits, trials = np.broadcast_arrays(
        np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    )
    refuse_rows(
        np.atleast_1d(~((hits >= 0) & (hits <= trials))),
        "k is not between 0 and n",
        np.atleast_1d(hits),
    )
    z = float(ndtri((1 + level) / 2))
    some = np.where(trials > 0, trials, np.nan)
    share = hits / some
    wide = 1 + z * z / some
    middle = (share + z * z / (2 * some)) / wide
    half = z / wide * np.sqrt(share * (1 - share) / some + z * z / (4 * some * some))
    # At 0 and at n the limit is exactly 0 or 1; rounding would leave 1e-17 beyond it.
    low = np.where(hits == 0, np.where(trials > 0, 0.0, np.nan), middle - half)
    high = np.where(hits == trials, np.where(trials > 0, 1.0, np.nan), middle + half)
    return Interval(share, low, high, level)


def refuse_level(level: float) -> None:
    """A level is a share strictly between 0 and 1, such as .95."""
    if not 0 < level < 1:
        raise BadInput(f"level {level} is not between 0 and 1", hint="95 % is 0.95")
