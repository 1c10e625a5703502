"""What a group adds up to: the little that has to leave the warehouse for an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from joren.science.arrays import Floats


@dataclass(frozen=True, eq=False, init=False)
class Sums:
    """Count, sum and sum of squares. Sums of parts are the sums of the whole.

    Each may be one number or one per group. Exact in 64-bit floats while the squares stay below
    2^53 units; where a mean is a million times its spread, subtract a constant before summing.
    """

    n: Floats
    total: Floats
    squares: Floats

    def __init__(self, n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> None:
        for name, value in (("n", n), ("total", total), ("squares", squares)):
            object.__setattr__(self, name, np.asarray(value, dtype=np.float64))

    @classmethod
    def of(cls, values: ArrayLike) -> Sums:
        """The sums of one column."""
        column = np.asarray(values, dtype=np.float64)
        return cls(column.size, column.sum(), column @ column)

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> Floats:
        """NaN where there is nobody."""
        return _ratio(self.total, self.n, self.n > 0)

    @property
    def variance(self) -> Floats:
        """The unbiased one, divisor n - 1; NaN below two."""
        around = self.squares - _ratio(self.total**2, self.n, self.n > 0)
        return _ratio(np.maximum(around, 0.0), self.n - 1, self.n > 1)


def _ratio(top: Floats, bottom: Floats, known: ArrayLike) -> Floats:
    shape = np.broadcast_shapes(np.shape(top), np.shape(bottom))
    ratio: Floats = np.divide(top, bottom, out=np.full(shape, np.nan), where=np.asarray(known))
    return ratio
