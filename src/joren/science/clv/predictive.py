"""Purchases to come with all that is not known: the parameters, and chance.

Given the parameters, a customer's purchases have a known distribution; what is predicted is its
mean over draws of the parameters. Rows that are equal are computed once, blocks of counts one after
the other, so that memory does not grow with customers times draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from joren.core.errors import BadInput
from joren.science.arrays import Floats
from joren.science.clv.posterior import Posterior
from joren.science.clv.summary import Summary

BLOCK = 16  # counts at a time
ROWS = 4_096  # rows at a time
MOST = 20_000  # purchases; whoever may make more is said to make so many
LEFT = 1e-7  # of the sum of squares that may be left out of a variance


@dataclass(frozen=True, eq=False)
class Purchases:
    """Of each customer: the mean, and counts that are not exceeded with rising chance."""

    mean: Floats
    low: Floats
    median: Floats
    high: Floats


def purchases(
    found: Posterior,
    summary: Summary,
    t: float,
    rng: np.random.Generator,
    *,
    level: float = 0.9,
    draws: int = 60,
) -> Purchases:
    """The next t of each customer. Counts are whole, so the interval holds at least `level`."""
    if not 0 < level < 1:
        raise BadInput(f"level = {level}, a share between 0 and 1 is needed")
    models, shares = found.draws(draws, rng), np.array([(1 - level) / 2, 0.5, (1 + level) / 2])
    table = np.stack((summary.frequency, summary.recency, summary.T), axis=1)
    rows, where = np.unique(table, axis=0, return_inverse=True)
    parts = np.array_split(rows, max(-(-len(rows) // ROWS), 1))
    told = [_told(models, Summary(*part.T), t, shares) for part in parts]
    mean, bounds = (np.concatenate(column) for column in zip(*told, strict=True))
    low, median, high = bounds[where.ravel()].T
    return Purchases(mean[where.ravel()], low, median, high)


def total(
    found: Posterior, summary: Summary, t: float, rng: np.random.Generator, *, draws: int = 1_000
) -> Floats:
    """Draws of the purchases of all customers together in the next t.

    Each draw has its own parameters and its own chance. The sum over customers given the parameters
    is taken as Gamma distributed with their mean and variance; the ratio of the two is that at the
    centre of the posterior. Season, trend and misfit are not in it: see back-tests.
    """
    rows = summary.compressed()
    means = np.array(
        [
            float(rows.weights @ model.conditional_expected_purchases(rows, t))
            for model in _models(found, draws, rng)
        ]
    )
    centre: Any = found.centre()
    expected = float(rows.weights @ centre.conditional_expected_purchases(rows, t))
    if not expected > 0:  # nobody, or no time
        return np.zeros(draws)
    ratio = _variance(centre, rows, t) / expected
    drawn: Floats = ratio * rng.gamma(means / ratio)
    return drawn


def _models(found: Posterior, draws: int, rng: np.random.Generator) -> Sequence[Any]:
    return found.draws(draws, rng)


def _told(models: Sequence[Any], rows: Summary, t: float, shares: Floats) -> tuple[Floats, Floats]:
    """Mean and quantiles of each row, over the models."""
    mean = np.mean([model.conditional_expected_purchases(rows, t) for model in models], axis=0)
    bounds = np.full((len(rows), shares.size), float(MOST))
    reached, open_rows = np.zeros(len(rows)), np.arange(len(rows))
    for first in range(0, MOST, BLOCK):
        some = rows.rows(open_rows, np.ones(open_rows.size))
        counts = np.arange(first, first + BLOCK)
        chance = np.mean(
            [model.conditional_probability_of_purchases(some, counts, t) for model in models],
            axis=0,
        )
        below = reached[open_rows, None] + np.cumsum(chance, axis=1)
        for i, share in enumerate(shares):
            enough = below >= share * (1 - 1e-12)
            now = enough[:, -1] & (bounds[open_rows, i] == MOST)
            bounds[open_rows[now], i] = first + np.argmax(enough[now], axis=1)
        reached[open_rows] = below[:, -1]
        open_rows = open_rows[bounds[open_rows, -1] == MOST]
        if not open_rows.size:
            break
    return mean, bounds


def _variance(model: Any, rows: Summary, t: float) -> float:
    """Of the purchases of all together, given the parameters."""
    mean = model.conditional_expected_purchases(rows, t)
    squares, reached, open_rows = np.zeros(len(rows)), np.zeros(len(rows)), np.arange(len(rows))
    for first in range(0, MOST, BLOCK):
        counts = np.arange(first, first + BLOCK, dtype=np.float64)
        some = rows.rows(open_rows, np.ones(open_rows.size))
        chance = model.conditional_probability_of_purchases(some, counts, t)
        squares[open_rows] += chance @ counts**2
        reached[open_rows] += chance @ counts
        open_rows = open_rows[reached[open_rows] < mean[open_rows] * (1 - LEFT)]
        if not open_rows.size:
            break
    return float(rows.weights @ np.maximum(squares - mean**2, 0.0))
