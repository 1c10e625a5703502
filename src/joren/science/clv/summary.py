"""What a customer's past comes down to: how often, how recently, for how long.

The Buy-till-you-die models need three numbers per customer (Fader, Hardie & Lee 2005, section 2):
the count of repeat purchases x, the time t_x of the last of them and the time T of observation,
both measured from the first purchase.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import BadInput
from joren.science.arrays import (
    Floats,
    Indices,
    Levels,
    column,
    counted,
    levels,
    ranked,
    refuse_rows,
    same_length,
    thinned,
)


@dataclass(frozen=True, eq=False, init=False)
class Summary:
    """Customers in rows; a weight says how many customers a row stands for.

    `frequency` counts repeat purchases (the first one is not counted), `recency` is the time from
    the first purchase to the last (0 where there was no repeat), `T` the time from the first
    purchase to the end of observation. Any unit of time, the same in both.
    """

    frequency: Floats
    recency: Floats
    T: Floats
    weights: Floats

    def __init__(
        self,
        frequency: ArrayLike,
        recency: ArrayLike,
        T: ArrayLike,
        weights: ArrayLike | None = None,
    ) -> None:
        x, t_x, age = (
            column("frequency", frequency),
            column("recency", recency),
            column("T", T),
        )
        heads = column("weights", np.ones(x.size) if weights is None else weights)
        same_length(frequency=x, recency=t_x, T=age, weights=heads)
        _refuse_impossible(x, t_x, age, heads)
        for name, values in zip(
            ("frequency", "recency", "T", "weights"), (x, t_x, age, heads), strict=True
        ):
            object.__setattr__(self, name, values)

    def __len__(self) -> int:
        return self.frequency.size

    @property
    def n(self) -> float:
        """How many customers the rows stand for."""
        return float(self.weights.sum())

    @property
    def repeaters(self) -> float:
        """How many of them bought again."""
        return float(self.weights[self.frequency > 0].sum())

    @property
    def unit(self) -> float:
        """The mean time of observation, by which starting values follow the unit of time."""
        return float(np.average(self.T, weights=self.weights))

    def compressed(self) -> Summary:
        """Equal rows once, with their weights; ordered by frequency, T, recency."""
        if len(self) == 0:
            return self
        parts = self._parts()
        if not _fit_one_key(parts):
            return self._sorted_and_merged()
        keys, heads = counted(*_keys(parts), self.weights)
        return _unpacked(keys, parts, heads)

    def grouped(self) -> tuple[Summary, Indices]:
        """Equal rows once, and which of them each row is; weights do not matter."""
        parts = self._parts()
        if len(self) == 0 or not _fit_one_key(parts):
            return self, np.arange(len(self))
        keys, where = ranked(*_keys(parts))
        return _unpacked(keys, parts, np.ones(keys.size)), where

    def _parts(self) -> list[Levels]:
        return [levels(values) for values in (self.frequency, self.T, self.recency)]

    def rows(self, which: Indices, weights: Floats) -> Summary:
        """Some of the rows, with weights of their own."""
        return Summary(self.frequency[which], self.recency[which], self.T[which], weights)

    def thinned(self, size: int) -> Summary:
        """At most `size` rows, drawn evenly along this order: enough to start a search from."""
        return self if len(self) <= size else self.rows(*thinned(self.weights, size))

    def _sorted_and_merged(self) -> Summary:
        # Too many levels for one integer key, hence hardly two equal rows: sorting decides.
        order = np.lexsort((self.recency, self.T, self.frequency))
        table = np.stack((self.frequency, self.T, self.recency))[:, order]
        new = np.r_[True, (table[:, 1:] != table[:, :-1]).any(axis=0)]
        heads = np.add.reduceat(self.weights[order], np.flatnonzero(new))
        return self.rows(order[new], heads)


def ages(T: ArrayLike) -> Floats:
    """Times of observation of customers who are yet to come about, checked."""
    age = column("T", T)
    refuse_rows(age < 0, "T is negative", age)
    return age


def _fit_one_key(parts: list[Levels]) -> bool:
    return bool(np.prod([part.values.size for part in parts], dtype=np.float64) < 2**62)


def _keys(parts: list[Levels]) -> tuple[Indices, int]:
    """One whole number for each row, in the order of the parts, and what all are below."""
    x, age, t_x = parts
    keys = (x.index * age.values.size + age.index) * t_x.values.size + t_x.index
    return keys, x.values.size * age.values.size * t_x.values.size


def _unpacked(keys: Indices, parts: list[Levels], heads: Floats) -> Summary:
    x, age, t_x = parts
    rest, last = np.divmod(keys, t_x.values.size)
    first, middle = np.divmod(rest, age.values.size)
    return Summary(x.values[first], t_x.values[last], age.values[middle], heads)


def _refuse_impossible(x: Floats, t_x: Floats, T: Floats, weights: Floats) -> None:
    refuse_rows((x < 0) | (x != np.floor(x)), "frequency is not a whole number >= 0", x)
    refuse_rows(t_x < 0, "recency is negative", t_x)
    refuse_rows(t_x > T, "recency is later than T", t_x)
    refuse_rows(T < 0, "T is negative", T)
    refuse_rows((x == 0) & (t_x > 0), "recency is above 0 though nothing was repeated", t_x)
    refuse_rows((x > 0) & (t_x == 0), "recency is 0 though purchases were repeated", x)
    refuse_rows(weights < 0, "a weight is negative", weights)
    if weights.size and not weights.any():
        raise BadInput("all weights are 0, so there is nobody to learn from")
