"""Columns as they arrive, and as the numerics want them: finite 64-bit floats that nobody changes.

Also the trick that makes large shops cheap: a column of a million values has a few hundred
different ones, so a logarithm is taken of those and handed out by index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joren.core.errors import BadInput

Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.intp]
Number: TypeAlias = float | Floats  # one for all, or one per row
# Kinds of NumPy, what they are, and what to do.
_TEXTS = ("texts", "turn them into numbers first, and see what they stand for")
_NO_NUMBERS = {
    "U": _TEXTS,
    "S": _TEXTS,
    "T": _TEXTS,
    "c": ("complex numbers", "give their real part, if it is that"),
    "m": ("lengths of time", 'divide them by a unit, such as numpy.timedelta64(1, "D")'),
    "M": ("moments", "give the time since the first purchase, in numbers"),
}
FEW = 4_096  # rows of which sorting is cheap, and of which the step between levels is guessed
SPACIOUS = 4  # places in a table for each row, with which counting is cheaper than sorting


def column(name: str, values: ArrayLike) -> Floats:
    """One read-only column of finite numbers; NumPy, lists, pandas, polars and Arrow all do."""
    found = numbers(name, values)
    if found.ndim != 1:
        raise BadInput(f"{name} has {found.ndim} dimensions, one is needed")
    refuse_rows(~np.isfinite(found), f"{name} is not a finite number", found)
    if _may_be_written_to(values, found):
        found = found.copy()
    found.flags.writeable = False
    return found


def numbers(name: str, values: ArrayLike) -> Floats:
    """Numbers of any shape, which may not be finite; nothing is taken for one that is none."""
    if np.ma.is_masked(values):
        raise BadInput(f"{name} has masked values", hint="decide first what they stand for")
    try:
        given = np.asarray(values)
        _refuse_kind(name, given)
        return given.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadInput(
            f"{name} is not a column of numbers: {error}",
            hint="give one number per customer; missing values have to be decided on first",
        ) from error


def number(name: str, value: ArrayLike) -> float:
    """One number, which may not be finite."""
    if isinstance(value, float):
        return value
    found = numbers(name, value)
    if found.ndim:
        raise BadInput(f"{name} has {found.ndim} dimensions, a single number is needed")
    return float(found)


def _refuse_kind(name: str, given: NDArray[Any]) -> None:
    """Refuse what NumPy would turn into numbers by leaving something out, such as a unit."""
    kind = given.dtype.kind
    if kind == "O" and any(isinstance(one, str | bytes) for one in given.flat):
        kind = "U"
    if kind in _NO_NUMBERS:
        what, hint = _NO_NUMBERS[kind]
        raise BadInput(f"{name} is not a column of numbers but of {what}", hint=hint)


def _may_be_written_to(values: ArrayLike, found: Floats) -> bool:
    """Whether someone else holds these numbers and may change them."""
    if isinstance(values, list | tuple) or getattr(values, "dtype", found.dtype) != found.dtype:
        return False
    below: object = found
    while isinstance(below, np.ndarray):
        if below.flags.writeable:
            return True
        below = below.base
    return False


def refuse_rows(wrong: NDArray[np.bool_], what: str, values: NDArray[Any], hint: str = "") -> None:
    """Refuse the column where any row is wrong, naming how many and the first."""
    count = int(np.count_nonzero(wrong))
    if count:
        first = int(np.argmax(wrong))
        raise BadInput(
            f"{what} in {count:,} of {wrong.size:,} rows, first in row {first} ({values[first]})",
            hint=hint,
        )


def same_length(**columns: Floats) -> None:
    """Refuse columns that do not describe the same customers."""
    sizes = {name: values.size for name, values in columns.items()}
    if len(set(sizes.values())) > 1:
        listed = ", ".join(f"{name} {size:,}" for name, size in sizes.items())
        raise BadInput(f"the columns have different lengths: {listed}")


def inner(one: Floats, other: Floats) -> float:
    """The sum of their products, on one core.

    From some ten thousand rows on `@` wakes all cores for it, which costs twice what it does.
    """
    return float((one * other).sum())


@dataclass(frozen=True)
class Levels:
    """The different values of a column, ascending, and which of them each row holds."""

    values: Floats
    index: Indices

    def spread(self, table: Floats) -> Floats:
        """One value per level, handed out to the rows."""
        return table[self.index]

    def gather(self, rows: Floats) -> Floats:
        """The sum of the rows of each level."""
        sums = np.bincount(self.index, rows, minlength=self.values.size)
        return sums.astype(np.float64, copy=False)


def levels(values: Floats) -> Levels:
    """Sort out the levels of a column."""
    if values.size > FEW:
        even = _evenly_spaced(values)
        if even is not None:
            return even
    different = np.unique(values)
    return Levels(different, np.searchsorted(different, values))


def counted(keys: Indices, bound: int, weights: Floats) -> tuple[Indices, Floats]:
    """The different keys, ascending, and the weight under each; all are below the bound."""
    alike = bool((weights == 1.0).all())
    if bound <= SPACIOUS * keys.size:
        rows = np.bincount(keys, minlength=bound)
        different = np.flatnonzero(rows)
        sums = rows if alike else np.bincount(keys, weights, minlength=bound)
        return different, sums[different].astype(np.float64)
    if alike:
        different, counts = np.unique(keys, return_counts=True)
        return different, counts.astype(np.float64)
    different, where = np.unique(keys, return_inverse=True)
    return different, np.bincount(where, weights).astype(np.float64, copy=False)


def ranked(keys: Indices, bound: int) -> tuple[Indices, Indices]:
    """The different keys, ascending, and which of them each is; all are below the bound."""
    if bound > SPACIOUS * keys.size:
        different, where = np.unique(keys, return_inverse=True)
        return different, where
    there = np.zeros(bound, dtype=np.bool_)
    there[keys] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[keys]


def _evenly_spaced(values: Floats) -> Levels | None:
    """The levels where all are whole steps apart, as counts and days are: without sorting.

    The step is guessed from some of the rows; a table with one place for each step then proves
    that it holds each value to the last bit, or nothing is answered.
    """
    low, high = float(values.min()), float(values.max())
    gaps = np.diff(np.unique(values[:: values.size // FEW]))
    if not gaps.size:
        return Levels(np.array([low]), np.zeros(values.size, np.intp)) if low == high else None
    with np.errstate(over="ignore"):
        steps = np.rint((high - low) / gaps.min())
    if not steps < values.size:
        return None
    places = ((values - low) * (steps / (high - low)) + 0.5).astype(np.intp)
    table = np.full(int(steps) + 1, np.nan)
    table[places] = values
    if not np.array_equal(table[places], values):
        return None
    there = ~np.isnan(table)
    if there.all():
        return Levels(table, places)
    return Levels(table[there], (np.cumsum(there) - 1)[places])


def thinned(weights: Floats, size: int) -> tuple[Indices, Floats]:
    """Rows and weights of an even sample: every (total / size)-th unit along the rows.

    Without chance, so that the same data give the same fit; even along the order of the rows, so
    that a sorted table is represented in all its parts.
    """
    ends = np.cumsum(weights)
    picks = (np.arange(size) + 0.5) * (ends[-1] / size)
    rows, counts = np.unique(
        np.minimum(np.searchsorted(ends, picks), weights.size - 1), return_counts=True
    )
    return rows, counts.astype(np.float64)
