"""What an action changed where whole clusters got it: areas, weeks, stores.

A cluster has what it brought before (or its exposure: days, orders) and after. Clusters were dealt
to arms within blocks, a fixed number of each. Were the action nothing but a factor 1 + λ on what a
treated cluster brings, taking the factor out would make the arms exchangeable; so every other deal
of the same blocks tells how far the ratio of arms moves by chance, and the λ that no such deal
contradicts are the interval. Nothing is assumed of how clusters are distributed.

Fisher (1935), The Design of Experiments; Rosenbaum (2002), Covariance Adjustment in Randomized
Experiments and Observational Studies, Statistical Science 17 (inversion); Vaver & Koehler (2011),
Measuring Ad Effectiveness Using Geo Experiments, Google (areas against their own past); Phipson &
Smyth (2010), Permutation P-values Should Never Be Zero, SAGMB 9. docs/science/clusters.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from math import comb, exp, inf, log, nan, prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joren.core.errors import BadInput
from joren.science.arrays import Floats, column, refuse_rows, same_length
from joren.science.inference.intervals import refuse_level

MOST_DEALS = 4_999
"""So many other deals are drawn where there are more than these."""
_FURTHEST = 7.0
"""Factors are looked for between exp(−7) and exp(7)."""
_STEPS = 40
_SEED = 20_261_129
_FEWER_DEALS = 999
_TRIED = 80
"""Deals that are tried, each against so many others, where power is asked for."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class ClusterLift:
    """λ: treated clusters brought 1 + λ times what they would have; ``gain`` in the unit of after.

    ``deals`` is how many deals the blocks allow. ``known`` is false, limits and p are NaN, where
    they are fewer than ``fewest_deals`` or where an arm of some deal has nothing.
    """

    lift: float
    low: float
    high: float
    gain: float
    gain_low: float
    gain_high: float
    level: float
    p: float
    deals: int
    clusters: tuple[int, int]

    @property
    def known(self) -> bool:
        """Are there limits?"""
        return self.low == self.low


def fewest_deals(level: float) -> int:
    """Below so many deals even the most extreme one is no rarer than chance allows."""
    return round(2 / (1 - level))


def cluster_lift(
    before: ArrayLike, after: ArrayLike, treated: ArrayLike, blocks: ArrayLike, *,
    level: float = 0.95,
) -> ClusterLift:  # fmt: skip
    """(Σ after / Σ before) of the treated over that of the others, less one.

    ``blocks`` names the block of each cluster. Below zero counts as zero: refunds of other days.
    """
    refuse_level(level)
    was, came = _amounts(before, after)
    arms, of = np.asarray(treated, dtype=np.bool_), np.asarray(blocks)
    if not arms.shape == of.shape == was.shape:
        raise BadInput(f"{was.size} clusters, {arms.size} arms and {of.size} blocks")
    deals = ways(arms, of)
    sizes = (int((~arms).sum()), int(arms.sum()))
    if not (_some(was, arms) and _some(came, arms)):
        return ClusterLift(nan, nan, nan, nan, nan, nan, level, nan, deals, sizes)
    seen = log(came[arms].sum() / was[arms].sum()) - log(came[~arms].sum() / was[~arms].sum())
    lift, whole = exp(seen) - 1, float(came[arms].sum())
    gain = _gain(whole, seen)
    dealt = _deals(arms, of, deals)
    sums = _Sums.of(was, came, arms, dealt)
    if deals < fewest_deals(level) or not sums.full:
        return ClusterLift(lift, nan, nan, gain, nan, nan, level, nan, deals, sizes)
    tail = (1 - level) / 2
    low = sums.boundary(seen, tail, above=True)
    high = sums.boundary(seen, tail, above=False)
    p = min(1.0, 2 * min(sums.share(seen, 0.0, above=True), sums.share(seen, 0.0, above=False)))
    limits = [(exp(one) - 1, _gain(whole, one)) for one in (low, high)]
    return ClusterLift(
        lift, limits[0][0], limits[1][0], gain, limits[0][1], limits[1][1], level, p, deals, sizes,
    )  # fmt: skip


def cluster_detectable(
    before: ArrayLike, after: ArrayLike, treated: ArrayLike, blocks: ArrayLike, *,
    level: float = 0.95, power: float = 0.8,
) -> float:  # fmt: skip
    """λ that would be proven with that power, by two stretches in which nothing was done.

    A factor moves the interval by as much, so that it has to be larger than what the lower limits
    of that share of deals lie below zero. NaN where the blocks allow too few deals, or where an arm
    of some deal has nothing; infinite where no factor within reason would be seen.
    """
    refuse_level(level)
    was, came = _amounts(before, after)
    arms, of = np.asarray(treated, dtype=np.bool_), np.asarray(blocks)
    deals = ways(arms, of)
    if deals < fewest_deals(level):
        return nan
    dealt = _spread(_deals(arms, of, deals), _FEWER_DEALS)
    if not _Sums.of(was, came, arms, dealt).full:
        return nan
    lows = []
    for made in _spread(dealt, _TRIED):
        sums = _Sums.of(was, came, made, dealt)
        seen = log(came[made].sum() / was[made].sum()) - log(came[~made].sum() / was[~made].sum())
        lows.append(sums.boundary(seen, (1 - level) / 2, above=True))
    needed = -sorted(lows)[int((1 - power) * len(lows))]
    return exp(needed) - 1 if needed < inf else inf


def ways(treated: ArrayLike, blocks: ArrayLike) -> int:
    """How many deals have as many treated in every block."""
    arms, of = np.asarray(treated, dtype=np.bool_), np.asarray(blocks)
    return prod(comb(int((of == one).sum()), int(arms[of == one].sum())) for one in np.unique(of))


@dataclass(frozen=True)
class _Sums:
    """What each deal's arms add up to, the truly treated apart: the factor is taken out of them."""

    was: Floats  # deals × (others, treated of that deal)
    theirs: Floats  # of it, after, of the truly treated
    rest: Floats  # of the truly untreated
    drawn: bool  # the deal that was made is not among them

    @classmethod
    def of(cls, was: Floats, came: Floats, arms: Bools, dealt: Bools) -> _Sums:
        def both(values: Floats) -> Floats:
            chosen = dealt @ values
            return np.stack([values.sum() - chosen, chosen], axis=1)

        drawn = not bool((dealt == arms).all(axis=1).any())
        return cls(
            both(was), both(np.where(arms, came, 0.0)), both(np.where(arms, 0.0, came)), drawn
        )

    @property
    def full(self) -> bool:
        """Has every arm of every deal something, before and after?"""
        return bool((self.was > 0).all() and (self.theirs + self.rest > 0).all())

    def ratios(self, factor: float) -> Floats:
        """log of the ratio of each deal's arms, where the truth is exp(factor)."""
        logs = np.log((self.theirs * exp(-factor) + self.rest) / self.was)
        return np.asarray(logs[:, 1] - logs[:, 0])

    def share(self, seen: float, factor: float, *, above: bool) -> float:
        """Of the deals as far out as the one that was made; it grows (falls) with the factor."""
        ratios, here, near = self.ratios(factor), seen - factor, 1e-9
        far = ratios >= here - near if above else ratios <= here + near
        return float((far.sum() + self.drawn) / (far.size + self.drawn))

    def boundary(self, seen: float, tail: float, *, above: bool) -> float:
        """The factor at which the tail of such deals begins to be as rare as that."""
        inside, outside = seen, seen - _FURTHEST if above else seen + _FURTHEST
        if self.share(seen, outside, above=above) > tail:
            return -inf if above else inf
        for _ in range(_STEPS):
            middle = (inside + outside) / 2
            if self.share(seen, middle, above=above) > tail:
                inside = middle
            else:
                outside = middle
        return outside


def _spread(dealt: Bools, most: int) -> Bools:
    """So many of them, evenly."""
    return dealt[np.unique(np.linspace(0, len(dealt) - 1, min(most, len(dealt))).astype(np.intp))]


def _amounts(before: ArrayLike, after: ArrayLike) -> tuple[Floats, Floats]:
    was, came = column("before", before), column("after", after)
    same_length(before=was, after=came)
    refuse_rows(was < 0, "before is below zero", was)
    return was, np.maximum(came, 0.0)


def _some(values: Floats, arms: Bools) -> bool:
    return bool(values[arms].sum() > 0 and values[~arms].sum() > 0)


def _gain(whole: float, factor: float) -> float:
    """What of the treated arm's sum the factor brought: S − S · exp(−factor)."""
    return whole * (1 - exp(-factor)) if factor > -inf else -inf


def _deals(arms: Bools, of: NDArray[np.generic], deals: int) -> Bools:
    """All deals of the blocks, or so many by chance, the same for the same blocks."""
    places = [np.flatnonzero(of == one) for one in np.unique(of)]
    held = [int(arms[where].sum()) for where in places]
    if deals <= MOST_DEALS:
        chosen = product(*(combinations(w.tolist(), k) for w, k in zip(places, held, strict=True)))
        found = np.zeros((deals, arms.size), dtype=np.bool_)
        for row, picked in enumerate(chosen):
            found[row, [place for each in picked for place in each]] = True
        return found
    rng = np.random.default_rng(_SEED)
    found = np.zeros((MOST_DEALS, arms.size), dtype=np.bool_)
    for where, k in zip(places, held, strict=True):
        ranks = rng.random((MOST_DEALS, where.size)).argsort(axis=1).argsort(axis=1)
        found[:, where] = ranks < k
    return found
