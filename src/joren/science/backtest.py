"""How far a forecast was right: held against what customers really did afterwards.

A forecast of a mean is judged here. Its absolute error falls when the median is predicted instead,
which says nothing about the model: compare like with like.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy

from joren.core.errors import BadInput
from joren.science.arrays import Floats, Indices, column, refuse_rows, same_length


@dataclass(frozen=True)
class Card:
    """A forecast's marks; None where the data do not say.

    `bias` is predicted over actual total, less 1. `deviance` is the mean Poisson deviance, for
    counts (None where something happened that was given a forecast of 0). `spearman` and `gini`
    look at the ranking alone: rank correlation, and the Gini coefficient of the actual values in
    the order of the forecast as a share of the one in their own order (1: perfect, 0: by chance).
    """

    n: float
    actual_total: float
    predicted_total: float
    bias: float | None
    mae: float
    rmse: float
    deviance: float | None
    spearman: float | None
    gini: float | None


@dataclass(frozen=True)
class FrequencyClass:
    """Mean actual and predicted value of the customers with this many past repeats."""

    label: str
    n: float
    actual: float | None
    predicted: float | None


def card(actual: ArrayLike, predicted: ArrayLike, weights: ArrayLike | None = None) -> Card:
    """Marks of a forecast per customer; a weight says how many customers a row stands for."""
    y, m, heads = _columns(actual, predicted, weights)
    n = float(heads.sum())
    error = y - m
    total, expected = float(heads @ y), float(heads @ m)
    orders = np.argsort(y, kind="stable"), np.argsort(m, kind="stable")
    return Card(
        n=n,
        actual_total=total,
        predicted_total=expected,
        bias=expected / total - 1 if total else None,
        mae=float(heads @ np.abs(error)) / n,
        rmse=sqrt(float(heads @ error**2) / n),
        deviance=_deviance(y, m, heads),
        spearman=_spearman(y, m, heads, *orders),
        gini=_gini(y, m, heads, *orders),
    )


def gini(actual: ArrayLike, predicted: ArrayLike, weights: ArrayLike | None = None) -> float | None:
    """How well a forecast tells customers apart, as on its card; None where nothing happened."""
    y, m, heads = _columns(actual, predicted, weights)
    return _gini(y, m, heads, np.argsort(y, kind="stable"), np.argsort(m, kind="stable"))


def calibration(
    frequency: ArrayLike,
    actual: ArrayLike,
    predicted: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    top: int = 7,
) -> tuple[FrequencyClass, ...]:
    """Means by class of past frequency 0, 1 ... top and more; None in a class without customers."""
    y, m, heads = _columns(actual, predicted, weights)
    x = column("frequency", frequency)
    same_length(frequency=x, actual=y)
    refuse_rows((x < 0) | (x != np.floor(x)), "frequency is not a whole number >= 0", x)
    group = np.minimum(x, top).astype(np.intp)
    n, of_y, of_m = (np.bincount(group, part, top + 1) for part in (heads, heads * y, heads * m))
    return tuple(
        FrequencyClass(
            label=f"{i}+" if i == top else str(i),
            n=float(n[i]),
            actual=float(of_y[i] / n[i]) if n[i] else None,
            predicted=float(of_m[i] / n[i]) if n[i] else None,
        )
        for i in range(top + 1)
    )


def _columns(
    actual: ArrayLike, predicted: ArrayLike, weights: ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    y, m = column("actual", actual), column("predicted", predicted)
    heads = column("weights", np.ones(y.size) if weights is None else weights)
    same_length(actual=y, predicted=m, weights=heads)
    refuse_rows(heads < 0, "a weight is negative", heads)
    if not heads.any():
        raise BadInput("nobody to hold the forecast against", hint="give at least one customer")
    return y, m, heads


def _deviance(y: Floats, m: Floats, heads: Floats) -> float | None:
    """Mean of 2 (y ln(y / m) - (y - m))."""
    if (y < 0).any() or (m < 0).any() or ((m == 0) & (y > 0)).any():
        return None
    ratio = np.divide(y, m, out=np.ones_like(y), where=m > 0)
    return float(heads @ (2 * (xlogy(y, ratio) - (y - m)))) / float(heads.sum())


def _groups(sorted_values: Floats) -> Indices:
    """Where each run of equal values starts."""
    return np.flatnonzero(np.r_[True, sorted_values[1:] != sorted_values[:-1]])


def _mid_ranks(values: Floats, heads: Floats, order: Indices) -> Floats:
    """Ranks by weight, equal values sharing the middle of their range."""
    starts = _groups(values[order])
    per_group = np.add.reduceat(heads[order], starts)
    middle = np.cumsum(per_group) - per_group / 2
    ranks = np.empty(values.size)
    ranks[order] = np.repeat(middle, np.diff(np.r_[starts, values.size]))
    return ranks


def _spearman(y: Floats, m: Floats, heads: Floats, own: Indices, order: Indices) -> float | None:
    n = heads.sum()
    of_y = _mid_ranks(y, heads, own) - n / 2
    of_m = _mid_ranks(m, heads, order) - n / 2
    spread = float(heads @ of_y**2) * float(heads @ of_m**2)
    return float(heads @ (of_y * of_m)) / sqrt(spread) if spread > 0 else None


def _gini(y: Floats, m: Floats, heads: Floats, own: Indices, order: Indices) -> float | None:
    """Of the actual values in the order of the forecast, over that in their own order."""
    if (y < 0).any() or not (heads @ y) > 0:
        return None
    best = _concentration(y, y, heads, own)
    return _concentration(y, m, heads, order) / best if best > 0 else None


def _concentration(y: Floats, by: Floats, heads: Floats, order: Indices) -> float:
    """1 less twice the area under the Lorenz curve; a run of equal ranks is one straight piece."""
    starts = _groups(by[order])
    people = np.add.reduceat(heads[order], starts)
    amount = np.add.reduceat((heads * y)[order], starts)
    after = np.cumsum(amount)
    area = float(people @ (after - amount / 2))
    return 1 - 2 * area / (float(people.sum()) * float(after[-1]))
