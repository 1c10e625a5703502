"""What to look at before a model is believed: what it says beside what happened.

Each function answers columns of numbers that a picture or a table is made of; `pictures` draws
them. Of customers with weights, each counts as often.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import BadInput
from joren.science.arrays import Floats, Number, column, levels, number, same_length, thinned
from joren.science.clv.posterior import Posterior, weighted_bounds
from joren.science.clv.summary import Summary

LEVELS = 500  # different T, or first moments, of which each is computed; of more an even sample
GRID = 160  # points of a density, and days of a path


@dataclass(frozen=True, eq=False)
class Compared:
    """What happened beside what the model says, class by class."""

    at: Floats
    actual: Floats
    expected: Floats
    customers: Floats


@dataclass(frozen=True, eq=False)
class Cells:
    """A map: customers with so many repeats, the last of them at so much after the first."""

    frequency: Floats
    recency: Floats
    value: Floats


@dataclass(frozen=True, eq=False)
class Path:
    """What is believed of one customer as time goes on; `bought` are their repeats."""

    at: Floats
    probability_alive: Floats
    expected: Floats
    bought: Floats


@dataclass(frozen=True, eq=False)
class Density:
    """How likely the values of a parameter are, with the bounds that hold `level` of it.

    Half of it lies below `median`.
    """

    name: str
    values: Floats
    density: Floats
    low: float
    high: float
    median: float


def by_frequency(fitted: Any, summary: Summary, *, most: int = 7) -> Compared:
    """How many customers repeated 0, 1 ... `most` or more times, and how many should have."""
    _at_least_one("most", most)
    ages, heads = _some_levels(summary.T, summary.weights)
    counts = np.arange(float(most))
    expected = np.zeros(most + 1)
    for T, n in zip(ages.tolist(), heads.tolist(), strict=True):
        expected[:most] += n * fitted.probability_of_purchases(counts, T)
    expected[most] = max(float(heads.sum() - expected[:most].sum()), 0.0)
    actual = _of_classes(summary, summary.weights, most)
    return Compared(np.arange(most + 1.0), actual, expected, actual)


def _some_levels(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Different values and how many have each; of too many an even sample stands for all."""
    level = levels(values)
    different, heads = level.values, level.gather(weights)
    if different.size <= LEVELS:
        return different, heads
    which, picked = thinned(heads, LEVELS)
    return different[which], picked * (heads.sum() / picked.sum())


def calibration(
    fitted: Any, summary: Summary, came: ArrayLike, t: Number, *, most: int = 7
) -> Compared:
    """Purchases per customer in the next t, by repeats before; `came` is what each made.

    The model must not have seen them: fit it on the past alone.
    """
    _at_least_one("most", most)
    after = column("came", came)
    same_length(frequency=summary.frequency, came=after)
    foretold = fitted.conditional_expected_purchases(summary, t)
    heads = _of_classes(summary, summary.weights, most)
    some = np.flatnonzero(heads)
    actual, expected = (
        _of_classes(summary, summary.weights * purchases, most)[some] / heads[some]
        for purchases in (after, foretold)
    )
    return Compared(some.astype(np.float64), actual, expected, heads[some])


def over_time(
    fitted: Any, first: ArrayLike, repeats: ArrayLike, edges: ArrayLike
) -> tuple[Compared, Compared]:
    """Repeat purchases between edges of time, and all up to each edge: two comparisons.

    `first` is when each customer bought first, `repeats` when each repeat purchase of them was
    made, all on one clock and in the model's unit of time. The first edge has to lie before all.
    """
    begun, bought, ends = column("first", first), column("repeats", repeats), column("edges", edges)
    if ends.size < 2 or (np.diff(ends) <= 0).any():
        raise BadInput("edges have to be two or more, each later than the one before")
    early = min(float(part.min()) for part in (begun, bought) if part.size)
    if ends[0] > early:
        raise BadInput(
            f"the first edge is {ends[0]:g}, the first purchase {early:g}",
            hint="begin with an edge that is not later than any purchase",
        )
    starts, heads = _some_levels(begun, np.ones(begun.size))
    sums = np.zeros(ends.size)
    for when, n in zip(starts.tolist(), heads.tolist(), strict=True):
        sums += n * fitted.expected_purchases(np.maximum(ends - when, 0.0))
    actual = np.array([float((bought <= end).sum()) for end in ends.tolist()])
    known = np.array([float((begun <= end).sum()) for end in ends.tolist()])
    between = Compared(ends[1:], np.diff(actual), np.diff(sums), known[1:])
    return between, Compared(ends[1:], actual[1:], sums[1:], known[1:])


def recency_map(
    fitted: Any, T: float, *, t: float | None = None, most: int = 20, steps: int = 20
) -> Cells:
    """P(alive) of customers first seen T ago, by repeats and recency; with t, purchases in it.

    Of a model of opportunities there are at most as many steps as opportunities, and no cells with
    more repeats than those up to the last.
    """
    _at_least_one("most", most)
    _at_least_one("steps", steps)
    whole = _in_opportunities(fitted)
    age = _age(T, whole=whole)
    if age == 0:
        raise BadInput("T = 0, a time above 0 is needed")
    late = np.minimum(np.arange(1.0, steps + 1) * (age / steps), age)
    late = np.unique(np.ceil(late)) if whole else late
    x = np.concatenate([[0.0], np.repeat(np.arange(1.0, most + 1), late.size)])
    recency = np.concatenate([[0.0], np.tile(late, most)])
    there = x <= recency if whole else np.ones(x.size, dtype=np.bool_)
    some = Summary(x[there], recency[there], np.full(int(there.sum()), age))
    value = (
        fitted.probability_alive(some)
        if t is None
        else fitted.conditional_expected_purchases(some, t)
    )
    return Cells(some.frequency, some.recency, value)


def path(
    fitted: Any, bought: ArrayLike, T: float, *, t: float, at: ArrayLike | None = None
) -> Path:
    """What was believed of a customer at each time up to T: P(alive), and purchases in the next t.

    `bought` are the times of the repeat purchases, counted from the first purchase; `at` the times
    to look at, if not an even grid with the moment before each purchase and its own (of a model of
    opportunities: each of them, or an even sample).
    """
    whole = _in_opportunities(fitted)
    age = _age(T, whole=whole)
    repeats = np.sort(column("bought", bought))
    if repeats.size and not (repeats[0] > 0 and repeats[-1] <= age):
        raise BadInput(
            f"repeats from {repeats[0]:g} to {repeats[-1]:g}, they have to lie above 0 and up to T "
            f"= {age:g}",
            hint="count them from the first purchase, which is left out",
        )
    looked_at = _around(repeats, age, whole=whole) if at is None else column("at", at)
    x = np.searchsorted(repeats, looked_at, side="right")
    last = np.concatenate([[0.0], repeats])[x]
    then = Summary(x, last, looked_at)
    return Path(
        looked_at,
        fitted.probability_alive(then),
        fitted.conditional_expected_purchases(then, t),
        repeats,
    )


def _around(repeats: Floats, T: float, *, whole: bool) -> Floats:
    """An even grid, and just before and at each purchase: there the belief jumps."""
    grid = np.linspace(0.0, T, GRID)
    if whole:
        return np.unique(np.concatenate([np.rint(grid), repeats - 1, repeats]))
    before = np.maximum(np.nextafter(repeats, 0.0), 0.0)
    return np.unique(np.concatenate([grid, before, repeats]))


def _in_opportunities(fitted: Any) -> bool:
    return bool(getattr(fitted, "in_opportunities", False))


def _age(T: float, *, whole: bool) -> float:
    age = number("T", T)
    if not 0 <= age < np.inf:
        raise BadInput(f"T = {T}, a finite time of 0 or more is needed")
    if whole and age != np.floor(age):
        raise BadInput(f"T = {T}, a whole number of opportunities is needed")
    return age


def densities(found: Posterior, *, level: float = 0.9) -> tuple[Density, ...]:
    """Of each parameter: a smooth density of its draws, taken in logarithms."""
    return tuple(
        density(name, np.exp(draws), found.weighed.weights, level=level)
        for name, draws in zip(found.names, found.points.T, strict=True)
    )


def density(
    name: str, values: Floats, weights: Floats, *, level: float = 0.9, points: int = GRID
) -> Density:
    """Of anything above 0 that follows from weighted draws of the parameters."""
    draws = np.log(values)
    low, high = np.exp(weighted_bounds(draws, weights, level)).tolist()
    median, _ = np.exp(weighted_bounds(draws, weights, 0.0)).tolist()
    mean = float(weights @ draws)
    sd = float(np.sqrt(weights @ (draws - mean) ** 2))
    at = mean + sd * np.linspace(-4.0, 4.0, points)
    width = max(sd * 1.06 * float(1 / np.sum(weights**2)) ** -0.2, 1e-300)
    # Draws are counted on a fine lattice first: a density costs points times cells, not draws.
    cells = np.linspace(mean - 5 * sd, mean + 5 * sd, 801)
    heads, _ = np.histogram(draws, cells, weights=weights)
    middle = (cells[1:] + cells[:-1]) / 2
    bells = np.exp(-(((at[:, None] - middle) / width) ** 2) / 2) / (width * np.sqrt(2 * np.pi))
    # Of the logarithm; of the value itself it is that over the value.
    return Density(name, np.exp(at), (bells @ heads) / np.exp(at), low, high, median)


def _of_classes(summary: Summary, amounts: Floats, most: int) -> Floats:
    place = np.minimum(summary.frequency, most).astype(np.intp)
    sums = np.bincount(place, amounts, minlength=most + 1)
    return sums.astype(np.float64, copy=False)


def _at_least_one(name: str, value: int) -> None:
    if value < 1:
        raise BadInput(f"{name} = {value}, at least 1 is needed")
