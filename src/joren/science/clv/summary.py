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
from joren.science.arrays import Floats, Indices, column, refuse_rows, same_length, thinned


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
        keys, heads = _counted(self._keys(parts), self.weights)
        return _unpacked(keys, parts, heads)

    def grouped(self) -> tuple[Summary, Indices]:
        """Equal rows once, and which of them each row is; weights do not matter."""
        parts = self._parts()
        if len(self) == 0 or not _fit_one_key(parts):
            return self, np.arange(len(self))
        keys, where = np.unique(self._keys(parts), return_inverse=True)
        return _unpacked(keys, parts, np.ones(keys.size)), where

    def _parts(self) -> list[Floats]:
        return [np.unique(values) for values in (self.frequency, self.T, self.recency)]

    def _keys(self, parts: list[Floats]) -> Indices:
        x, age, t_x = (
            np.searchsorted(part, values)
            for part, values in zip(parts, (self.frequency, self.T, self.recency), strict=True)
        )
        return (x * parts[1].size + age) * parts[2].size + t_x

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


def _fit_one_key(parts: list[Floats]) -> bool:
    return bool(np.prod([part.size for part in parts], dtype=np.float64) < 2**62)


def _unpacked(keys: Indices, parts: list[Floats], heads: Floats) -> Summary:
    rest, t_x = np.divmod(keys, parts[2].size)
    x, age = np.divmod(rest, parts[1].size)
    return Summary(parts[0][x], parts[2][t_x], parts[1][age], heads)


def _counted(keys: Indices, weights: Floats) -> tuple[Indices, Floats]:
    """The different keys, ascending, and the weight under each."""
    if (weights == 1.0).all():
        different, counts = np.unique(keys, return_counts=True)
        return different, counts.astype(np.float64)
    different, where = np.unique(keys, return_inverse=True)
    return different, np.bincount(where, weights).astype(np.float64, copy=False)


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
