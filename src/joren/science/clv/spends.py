"""What is known of spend: how many purchases a customer's mean is of, and that mean."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import BadInput
from joren.science.arrays import Floats, column, numbers, refuse_rows, same_length, thinned
from joren.science.errors import NotEnoughRepeats


@dataclass(frozen=True)
class Spends:
    """The customers whose spend is known."""

    x: Floats
    spend: Floats
    weights: Floats

    @property
    def n(self) -> float:
        """How many customers."""
        return float(self.weights.sum())

    @property
    def mean(self) -> float:
        """Over customers, each counted once however much they bought."""
        return float(self.weights @ self.spend) / self.n

    @property
    def unit(self) -> float:
        """The mean spend, which beliefs about money follow."""
        return self.mean

    def compressed(self) -> Spends:
        """Itself: hardly two customers spend alike."""
        return self

    @property
    def one_price(self) -> bool:
        """Whether all spend the same, which leaves no distribution to fit."""
        return bool(self.spend.max() - self.spend.min() <= 1e-9 * self.mean)

    @property
    def correlation(self) -> float | None:
        """Of how often and how much."""
        with np.errstate(divide="ignore", invalid="ignore"):
            matrix = np.cov(np.stack((self.x, self.spend)), aweights=self.weights, ddof=0)
            value = float(matrix[0, 1] / np.sqrt(matrix[0, 0] * matrix[1, 1]))
        return value if isfinite(value) else None

    def thinned(self, size: int) -> Spends:
        """An even sample, to start a search from."""
        rows, weights = thinned(self.weights, size)
        return Spends(self.x[rows], self.spend[rows], weights)


def checked(frequency: ArrayLike, monetary_value: ArrayLike) -> tuple[Floats, Floats]:
    """Frequency and spend, checked; the spend of those without a purchase does not matter."""
    x = column("frequency", frequency)
    refuse_rows((x < 0) | (x != np.floor(x)), "frequency is not a whole number >= 0", x)
    spend = numbers("monetary_value", monetary_value)
    if spend.shape != x.shape:
        raise BadInput(f"{x.size:,} rows of frequency, {spend.size:,} of monetary_value")
    spend = column("monetary_value", np.where(x == 0, 0.0, spend))  # a column may be read-only
    refuse_rows((x > 0) & (spend <= 0), "monetary_value is not above 0 for a buyer", spend)
    return x, spend


def spends_of(frequency: ArrayLike, monetary_value: ArrayLike, weights: ArrayLike | None) -> Spends:
    """The rows that a model of spend can learn from; refused where there are none."""
    x, spend = checked(frequency, monetary_value)
    heads = column("weights", np.ones(x.size) if weights is None else weights)
    same_length(frequency=x, weights=heads)
    refuse_rows(heads < 0, "a weight is negative", heads)
    some = (x > 0) & (heads > 0)
    if not some.any():
        raise NotEnoughRepeats(
            f"none of {x.size:,} customers has a spend to learn from",
            hint="the spend of repeat purchases is needed: frequency above 0",
        )
    return Spends(x[some], spend[some], heads[some])


def tails(level: float, purchases: float) -> tuple[float, float]:
    """The shares below the lower and the upper bound of an interval."""
    if not 0 < level < 1:
        raise BadInput(f"level = {level}, a share between 0 and 1 is needed")
    if not purchases >= 1:
        raise BadInput(f"the mean of {purchases} purchases, at least 1 is needed")
    return (1 - level) / 2, (1 + level) / 2
