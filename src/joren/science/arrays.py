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


def column(name: str, values: ArrayLike) -> Floats:
    """One read-only column of finite numbers; NumPy, lists, pandas, polars and Arrow all do."""
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadInput(
            f"{name} is not a column of numbers: {error}",
            hint="give one number per customer; missing values have to be decided on first",
        ) from error
    if numbers.ndim != 1:
        raise BadInput(f"{name} has {numbers.ndim} dimensions, one is needed")
    refuse_rows(~np.isfinite(numbers), f"{name} is not a finite number", numbers)
    frozen = numbers.view()
    frozen.flags.writeable = False
    return frozen


def refuse_rows(wrong: NDArray[np.bool_], what: str, values: NDArray[Any]) -> None:
    """Refuse the column where any row is wrong, naming how many and the first."""
    count = int(np.count_nonzero(wrong))
    if count:
        first = int(np.argmax(wrong))
        raise BadInput(
            f"{what} in {count:,} of {wrong.size:,} rows, first in row {first} ({values[first]})"
        )


def same_length(**columns: Floats) -> None:
    """Refuse columns that do not describe the same customers."""
    sizes = {name: values.size for name, values in columns.items()}
    if len(set(sizes.values())) > 1:
        listed = ", ".join(f"{name} {size:,}" for name, size in sizes.items())
        raise BadInput(f"the columns have different lengths: {listed}")


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
    different = np.unique(values)
    return Levels(different, np.searchsorted(different, values))


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
