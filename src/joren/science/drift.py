"""Has a thing moved beyond what its own past explains?

Sizes as Brownian motion with a trend, whose next step has an exact t interval; mixes by Pearson's
chi-square beside the population stability index (Siddiqi 2006, Credit Risk Scorecards, ch. 10);
shares by the same chi-square of two rows; silence by its geometric chance; several questions at
once by Holm (1979), Scandinavian Journal of Statistics 6. Inputs, steps and guarantees:
docs/science/drift.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, stdtr, stdtrit

from joren.core.errors import BadInput
from joren.science.arrays import Floats, column, refuse_rows, same_length

LEAST_STEPS = 5
"""Steps of the past below which nothing is said of the next one."""


@dataclass(frozen=True)
class Step:
    """The newest size beside those that its past makes likely, in the unit of the sizes.

    ``p`` is the chance of a step at least as unlikely while nothing has changed; ``steps`` are
    those that the past has.
    """

    size: float
    low: float
    high: float
    p: float
    level: float
    steps: int


@dataclass(frozen=True)
class Mix:
    """Two mixes of the same parts. ``psi`` is 0 where they are alike; n is that of each."""

    psi: float
    chi_square: float
    p: float
    n: tuple[float, float]


def next_step(
    days: ArrayLike, sizes: ArrayLike, *, moved: float = 0.0, level: float = 0.95
) -> Step | None:
    """The last size against the steps before it; None with fewer than five of them.

    log(size + ½) is taken as Brownian motion with a trend: the step over d days is normal with mean
    μd and variance σ²d. With μ and σ² from the steps before, the next one less its forecast is
    exactly t with one degree of freedom fewer than steps. ``moved`` are those who came or left with
    the last step: the variance is not less than their own, as that of so many independent persons.
    """
    when, size = column("days", days), column("sizes", sizes)
    same_length(days=when, sizes=size)
    refuse_rows(size < 0, "a size below zero", size)
    spans = np.diff(when)
    if (spans <= 0).any():
        raise BadInput("days do not rise", hint="one size a day, oldest first")
    past = spans.size - 1
    if past < LEAST_STEPS:
        return None
    logs = np.log(size + 0.5)
    steps, ahead = np.diff(logs), float(spans[-1])
    known, span = steps[:-1], spans[:-1]
    trend = float(known.sum() / span.sum())
    daily = float((((known - trend * span) ** 2) / span).sum()) / (past - 1)
    variance = max(
        daily * (ahead + ahead**2 / float(span.sum())), moved / (float(size[-2]) + 0.5) ** 2
    )
    middle, degrees = float(logs[-2]) + trend * ahead, past - 1
    off = abs(float(logs[-1]) - middle)
    if not variance > 0:
        p = 1.0 if off < 1e-12 else 0.0
        width = 0.0
    else:
        p = 2 * float(stdtr(degrees, -off / sqrt(variance)))
        width = float(stdtrit(degrees, (1 + level) / 2)) * sqrt(variance)
    low, high = (max(0.0, float(np.exp(middle + way * width)) - 0.5) for way in (-1, 1))
    return Step(float(size[-1]), low, high, p, level, past)


def mixes(before: ArrayLike, now: ArrayLike) -> Mix:
    """Counts of the same parts then and now. Parts that neither has do not count.

    PSI = Σ (q − p) ln(q / p) with ½ added to each count, so that an empty part is no infinity.
    """
    then, later = column("before", before), column("now", now)
    same_length(before=then, now=later)
    there = (then + later) > 0
    then, later = then[there], later[there]
    n = (float(then.sum()), float(later.sum()))
    if then.size < 2 or not min(n) > 0:
        return Mix(0.0, 0.0, 1.0, n)
    shares = [(counts + 0.5) / (counts + 0.5).sum() for counts in (then, later)]
    psi = float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
    chi = _homogeneity(np.vstack((then, later)))
    return Mix(psi, chi, float(chdtrc(then.size - 1, chi)), n)


def shares_differ(before: tuple[float, float], now: tuple[float, float]) -> float:
    """p of "the share is the same" for (so many, of so many) then and now."""
    rows = np.array([(part, whole - part) for part, whole in (before, now)], dtype=np.float64)
    if (rows.sum(axis=0) == 0).any() or (rows.sum(axis=1) == 0).any():
        return 1.0
    return float(chdtrc(1, _homogeneity(rows)))


def silence(days: int, *, active: int, of: int) -> float:
    """The chance of so many days without anything, where so many of so many days had something.

    (1 − active / (of + 1))^days: one day more than was seen, so that no past makes it impossible.
    """
    if days <= 0 or of <= 0:
        return 1.0
    return float((1 - min(active, of) / (of + 1)) ** days)


def holm(p: Sequence[float]) -> list[float]:
    """Each p, raised so that all together err as often as one would: Holm's step-down."""
    order = np.argsort(np.asarray(p, dtype=np.float64), kind="stable")
    raised, highest = [1.0] * len(p), 0.0
    for place, one in enumerate(order):
        highest = max(highest, min(1.0, p[int(one)] * (len(p) - place)))
        raised[int(one)] = highest
    return raised


def _homogeneity(rows: Floats) -> float:
    expected = rows.sum(axis=1, keepdims=True) * rows.sum(axis=0, keepdims=True) / rows.sum()
    return float(((rows - expected) ** 2 / expected).sum())
