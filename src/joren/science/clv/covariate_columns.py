"""Columns of what is known of customers: numbers as they are, categories as 0 and 1.

They are searched around their mean and in units of their deviation, so that a year of birth does as
well as an age, and what was found is said of the columns as they were given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joren.core.errors import BadInput
from joren.science.arrays import Floats, column, refuse_rows

MOST_CATEGORIES = 50
UNKNOWN_AS = "let what is not known be a category of its own, such as 'unknown'"


@dataclass(frozen=True)
class Column:
    """One column of what is known: a number, or being of one of the categories that there were."""

    source: str
    category: str | None = None
    categories: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.source if self.category is None else f"{self.source} = {self.category}"

    def of(self, known: Mapping[str, ArrayLike]) -> Floats:
        """The column's values for customers."""
        if self.source not in known:
            raise BadInput(
                f"no column {self.source!r}", hint=f"there are: {', '.join(sorted(known))}"
            )
        if self.category is None:
            return column(self.source, known[self.source])
        values = _categories(self.source, np.asarray(known[self.source]))
        refuse_rows(
            ~np.isin(values, self.categories),
            f"{self.source} is of a category that the model was not fitted on",
            values,
            hint=f"it knows: {', '.join(self.categories)}",
        )
        return np.where(values == self.category, 1.0, 0.0)


@dataclass(frozen=True, eq=False)
class Scaled:
    """The columns around their mean, in units of their deviation."""

    values: Floats  # a row for each customer
    mean: Floats
    deviation: Floats

    def back(self, letters: tuple[str, ...], moved: Mapping[str, int]) -> Floats:
        """The matrix from the point that was searched to what is said of it.

        Both have the logarithms of the letters, then the coefficients of each letter that is
        ``moved`` by exp(sign g'z); said are letters of a customer of whom all columns are 0.
        """
        units = np.tile(1 / self.deviation, len(moved))
        matrix = np.diag(np.append(np.ones(len(letters)), units))
        for place, (letter, sign) in enumerate(moved.items()):
            own = len(letters) + place * self.mean.size + np.arange(self.mean.size)
            matrix[letters.index(letter), own] = -sign * self.mean / self.deviation
        return matrix


def errors_after(matrix: Floats, covariance: Floats) -> Floats:
    """Standard errors after the matrix; not known where it needs one that is not known."""
    lost = np.isnan(np.diag(covariance))
    found = matrix @ np.where(np.isnan(covariance), 0.0, covariance) @ matrix.T
    needs_lost = (matrix[:, lost] != 0).any(axis=1)
    errors: Floats = np.where(needs_lost, np.nan, np.sqrt(np.diag(found)))
    return errors


def scaled(columns: tuple[Column, ...], z: Floats, weights: Floats) -> Scaled:
    """Refuses a column that is the same for everybody: nothing can be learned of it."""
    mean = np.average(z, axis=0, weights=weights)
    deviation = np.sqrt(np.average((z - mean) ** 2, axis=0, weights=weights))
    flat = deviation <= 1e-12 * np.maximum(np.abs(mean), 1e-300)
    if flat.any():
        names = ", ".join(one.name for one, is_flat in zip(columns, flat, strict=True) if is_flat)
        raise BadInput(
            f"{names}: the same for every customer", hint="leave out what makes no difference"
        )
    return Scaled((z - mean) / deviation, mean, deviation)


def by_name(known: Any) -> Mapping[str, ArrayLike]:
    """The columns of a mapping, or of a table of pandas, polars or Arrow."""
    names = getattr(known, "column_names", None)
    names = getattr(known, "columns", None) if names is None else names
    return known if names is None else {str(name): known[name] for name in names}


def columns_of(known: Any) -> tuple[Column, ...]:
    """What is to be learned of: numbers, and each category but the most frequent."""
    columns: list[Column] = []
    for name, values in by_name(known).items():
        given = np.asarray(values)
        if given.dtype.kind in "iuf" or _of_numbers(given):
            columns.append(Column(name))
            continue
        different, counts = np.unique(_categories(name, given), return_counts=True)
        if different.size > MOST_CATEGORIES:
            raise BadInput(
                f"{name} has {different.size:,} categories, of which {MOST_CATEGORIES} can be told "
                "apart",
                hint="give an amount as a number, and join rare categories",
            )
        usual, every = different[np.argmax(counts)], tuple(map(str, different))
        columns += [Column(name, one, every) for one in every if one != usual]
    return tuple(columns)


def table_of(columns: tuple[Column, ...], known: Any) -> Floats:
    """Their values: a row for each customer."""
    values = list(map(partial(Column.of, known=by_name(known)), columns))
    if len({part.size for part in values}) != 1:
        raise BadInput("nothing is known, or the columns have different lengths")
    return np.stack(values, axis=1)


def _categories(name: str, given: NDArray[Any]) -> NDArray[np.str_]:
    """As texts; a category that is missing would be taken for one that is called None or nan."""
    if given.dtype.kind == "O":
        missing = np.array(list(map(_is_missing, given.flat)), dtype=bool)
        refuse_rows(missing, f"{name} is missing", given, hint=UNKNOWN_AS)
    return given.astype(str)


def _is_missing(one: Any) -> bool:
    try:
        return one is None or bool(one != one)
    except TypeError:  # of pandas.NA, which is neither
        return True


def _of_numbers(given: NDArray[Any]) -> bool:
    """Amounts come as decimals, and a table keeps these as objects."""
    if given.dtype.kind != "O" or not given.size:
        return False
    return all(isinstance(one, (Real, Decimal)) and not isinstance(one, bool) for one in given.flat)
