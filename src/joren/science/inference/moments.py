"""What one arm adds up to over several columns: sums, and sums of products of pairs of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from math import isfinite
from operator import add
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import BadInput
from joren.science.arrays import Floats, column, same_length
from joren.science.inference.sums import Sums


@dataclass(frozen=True, eq=False)
class Moments:
    """n, the sum of each column, and the symmetric matrix of sums of products.

    Moments of parts are the moments of the whole: days, stores and strata are added afterwards. A
    product that nobody counted is NaN, and refused when it is needed. Columns are in their own
    units; exact while products stay below 2^53, so centre a column whose mean is a million times
    its spread (a date) before it is summed, by the same constant in every part.
    """

    names: tuple[str, ...]
    n: float
    totals: Floats
    products: Floats

    @classmethod
    def of(cls, columns: Mapping[str, ArrayLike]) -> Moments:
        """The moments of rows at hand, one row per customer (or per cluster)."""
        checked = {name: column(name, values) for name, values in columns.items()}
        same_length(**checked)
        table = np.column_stack(list(checked.values()))
        return cls(tuple(checked), float(len(table)), table.sum(axis=0), table.T @ table)

    @classmethod
    def of_row(cls, row: Mapping[str, Any], names: Iterable[str]) -> Moments:
        """From one row of a table of sums: `n`, `spend`, `spend*spend`, `spend*history` …

        `pairs` says which are needed. Products may be named either way round.
        """
        kept = tuple(names)
        missing = [name for name in ("n", *kept) if name not in row]
        if missing:
            raise BadInput(
                f"no sum of {', '.join(missing)} in the row", hint=f"it has: {', '.join(row)}"
            )
        products = np.full((len(kept), len(kept)), np.nan)
        for i, one in enumerate(kept):
            for j, other in enumerate(kept):
                found = row.get(f"{one}*{other}", row.get(f"{other}*{one}"))
                products[i, j] = np.nan if found is None else float(found)
        totals = np.array([float(row[name]) for name in kept])
        return cls(kept, float(row["n"]), totals, products)

    def __add__(self, other: Moments) -> Moments:
        if self.names != other.names:
            raise BadInput(
                f"moments of {', '.join(self.names)} and of {', '.join(other.names)} do not add up"
            )
        return Moments(
            self.names,
            self.n + other.n,
            self.totals + other.totals,
            self.products + other.products,
        )

    def sums(self, name: str) -> Sums:
        """One column's count, sum and sum of squares."""
        i = self._place(name)
        return Sums(self.n, self.totals[i], self._product(i, i))

    def total(self, name: str) -> float:
        """The sum of a column; its products need not have been counted."""
        return float(self.totals[self._place(name)])

    def means(self, names: Iterable[str]) -> Floats:
        """Means of the columns; NaN where there is nobody."""
        places = [self._place(name) for name in names]
        found: Floats = self.totals[places] / self.n if self.n else np.full(len(places), np.nan)
        return found

    def scatter(self, names: Iterable[str], others: Iterable[str]) -> Floats:
        """Sums of products around the means; over n - 1 it is the covariance."""
        rows, columns = [self._place(x) for x in names], [self._place(x) for x in others]
        found = np.array([[self._product(i, j) for j in columns] for i in rows])
        if not self.n:
            return found
        return found - np.outer(self.totals[rows], self.totals[columns]) / self.n

    def covariance(self, names: Iterable[str], others: Iterable[str]) -> Floats:
        """Unbiased covariances, divisor n - 1; NaN below two."""
        scatter = self.scatter(names, others)
        return scatter / (self.n - 1) if self.n > 1 else np.full_like(scatter, np.nan)

    def _place(self, name: str) -> int:
        if name not in self.names:
            raise BadInput(f"no column {name!r}", hint=f"summed were: {', '.join(self.names)}")
        return self.names.index(name)

    def _product(self, i: int, j: int) -> float:
        found = float(self.products[i, j])
        if not isfinite(found):
            raise BadInput(f"no product of {self.names[i]} and {self.names[j]} was counted")
        return found


def pairs(metrics: Iterable[str], covariates: Iterable[str] = ()) -> tuple[tuple[str, str], ...]:
    """The products to count: each metric with itself and with each covariate, covariates all.

    Two metrics that form a ratio belong in one list of covariates, so that their product is there.
    """
    given, known = tuple(dict.fromkeys(metrics)), tuple(dict.fromkeys(covariates))
    own = [(one, one) for one in given if one not in known]
    across = [(one, other) for one in given if one not in known for other in known]
    among = [(one, other) for i, one in enumerate(known) for other in known[i:]]
    return (*own, *across, *among)


def by_arm(
    rows: Iterable[Mapping[str, Any]], names: Iterable[str], arm: str = "arm"
) -> dict[Any, Moments]:
    """Moments per arm from a table of sums, whose rows of one arm (days, stores) are added."""
    kept = tuple(names)
    found: dict[Any, Moments] = {}
    for row in rows:
        if arm not in row:
            raise BadInput(f"no column {arm!r} in the row", hint=f"it has: {', '.join(row)}")
        one = Moments.of_row(row, kept)
        found[row[arm]] = found[row[arm]] + one if row[arm] in found else one
    return found


def added(parts: Iterable[Moments]) -> Moments:
    """The moments of all parts together."""
    every = tuple(parts)
    if not every:
        raise BadInput("no moments to add")
    return reduce(add, every)
