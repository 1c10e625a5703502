"""How many have gone on by a day, where some are still on their way: Kaplan and Meier.

Kaplan & Meier (1958), Nonparametric Estimation from Incomplete Observations, JASA 53; Greenwood
(1926) for its variance; limits on the log(−log) scale, and those of a quantile by inverting them:
Brookmeyer & Crowley (1982), A Confidence Interval for the Median Survival Time, Biometrics 38.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from joren.core.errors import BadInput
from joren.science.arrays import Floats, column, refuse_rows, same_length
from joren.science.inference.intervals import refuse_level

LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class Curve:
    """The share that waits still after each of ``days``, with limits, and who was asked of each.

    ``last`` is the longest time for which anybody was followed; ``kept`` the share that was
    followed on after each of ``ends``, had nobody gone on.
    """

    days: Floats
    waiting: Floats
    low: Floats
    high: Floats
    at_risk: Floats
    n: float
    last: float
    level: float
    ends: Floats
    kept: Floats


@dataclass(frozen=True)
class Known:
    """A value with its limits; None is not yet known."""

    value: float | None
    low: float | None
    high: float | None


def curve(days: ArrayLike, gone: ArrayLike, left: ArrayLike, *, level: float = LEVEL) -> Curve:
    """Of counts by the number of days: who had gone on then, and who was followed no longer.

    Whoever is followed for d days without going on still waited on day d.
    """
    refuse_level(level)
    at, events, censored = column("days", days), column("gone", gone), column("left", left)
    same_length(days=at, gone=events, left=censored)
    refuse_rows((at < 0) | (events < 0) | (censored < 0), "a count is below zero", at)
    times, place = np.unique(at, return_inverse=True)
    events = np.bincount(place, events, times.size).astype(np.float64)
    censored = np.bincount(place, censored, times.size).astype(np.float64)
    n = float(events.sum() + censored.sum())
    risk = n - np.concatenate(([0.0], np.cumsum(events + censored)[:-1])) if n else events
    some = events > 0
    last = float(times[(events + censored) > 0].max()) if n else 0.0
    ends = censored > 0
    kept = np.cumprod(1 - censored[ends] / (risk - events)[ends], dtype=np.float64)
    ended_on = times[ends]
    times, events, risk = times[some], events[some], risk[some]
    waiting = np.cumprod(1 - events / risk, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.cumsum(events / (risk * (risk - events)))
        reach = ndtri((1 + level) / 2) * np.sqrt(spread) / np.abs(np.log(waiting))
        low, high = waiting ** np.exp(reach), waiting ** np.exp(-reach)
    # All have gone on: the scale says nothing there; the limits of the day before stand.
    ended = waiting <= 0
    high = np.where(ended, np.concatenate(([1.0], high[:-1])), high)
    low = np.where(ended, 0.0, low)
    return Curve(times, waiting, low, high, risk, n, last, level, ended_on, kept)


def followed(of: Curve, day: float) -> float:
    """How many were followed to that day, or would have been had they not gone on before: the
    same estimate with going on and leaving exchanged (Schemper & Smith 1996)."""
    before = int(np.searchsorted(of.ends, day, side="left"))
    return of.n * float(of.kept[before - 1]) if before else of.n


def gone_by(of: Curve, day: float) -> Known:
    """The share that has gone on by that day; unknown where nobody was followed for so long."""
    if day < 0:
        raise BadInput(f"day is {day}", hint="zero or more")
    ended = of.waiting.size > 0 and of.waiting[-1] <= 0  # then nobody is left to wait for
    if not of.n or (day > of.last and not ended):
        return Known(None, None, None)
    place = int(np.searchsorted(of.days, day, side="right")) - 1
    if place < 0:
        return Known(0.0, 0.0, _nobody_yet(followed(of, day), of.level))
    return Known(1 - float(of.waiting[place]), 1 - float(of.high[place]), 1 - float(of.low[place]))


def _nobody_yet(n: float, level: float) -> float:
    """Of n of whom none has gone on: the share that would let that happen so rarely."""
    return float(1 - ((1 - level) / 2) ** (1 / n))


def time_until(of: Curve, share: float) -> Known:
    """After how many days that share has gone on; unknown as long as fewer have."""
    if not 0 < share < 1:
        raise BadInput(f"share is {share}", hint="between 0 and 1, such as 0.5")

    def first(line: Floats) -> float | None:
        reached = np.flatnonzero(line <= 1 - share + 1e-12)
        return float(of.days[reached[0]]) if reached.size else None

    value = first(of.waiting)
    return Known(value, first(of.low), first(of.high) if value is not None else None)
