"""Money that most customers do not spend: the chance to buy times the order value.

Per arm m = p · a, with Wilson's limits for p and log-t limits for the mean order value a of buyers
(their spread taken to be at least that of both arms together), combined in logarithms and then over
the arms by the square-and-add method (`mover`). Sound where Welch's interval is not: a small arm,
held out beside a large one, whose total hangs on a few large orders. The page is
docs/science/inference.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import hypot, isfinite, log, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import BadInput
from joren.science.arrays import Floats, Indices, column
from joren.science.inference.effects import (
    Effect,
    critical,
    exponential,
    inverted_p,
    too_small,
)
from joren.science.inference.intervals import refuse_level
from joren.science.inference.means import average, fieller, welch
from joren.science.inference.moments import Moments
from joren.science.inference.mover import Limited, difference_limits, ratio_limits
from joren.science.inference.proportions import share_limits
from joren.science.inference.sums import Sums

FEWEST_BUYERS = 5
"""Buyers in each arm below which a difference of spend is too small to read."""
FEW_BUYERS = 30
"""Buyers in the smaller arm below which a permutation test has to agree."""
SKEW_OF_A_BUYER = 2.0
"""Skewness of spend is about this over the root of the share of buyers: Hillstrom 2.0, were order
values exponential 2.1."""
SKEW_LEFT = 0.06
"""Skewness of a difference of means up to which Welch's tails are .02 and .03 instead of .025."""


@dataclass(frozen=True)
class Spend:
    """One arm: customers, buyers among them, what these spent in all, and its sum of squares."""

    n: float
    buyers: float
    total: float
    squares: float

    @classmethod
    def of(cls, n: float, buyers_spend: ArrayLike) -> Spend:
        """From what each buyer spent, of n customers."""
        spent = column("spend", buyers_spend)
        return cls(float(n), float(spent.size), float(spent.sum()), float(spent @ spent))

    @classmethod
    def from_moments(cls, moments: Moments, spend: str, bought: str) -> Spend:
        """From an arm's moments; `bought` is 1 for a buyer and 0 for the rest, who spent 0."""
        money = moments.sums(spend)
        return cls(moments.n, moments.total(bought), float(money.total), float(money.squares))

    def __post_init__(self) -> None:
        if not 0 <= self.buyers <= self.n:
            raise BadInput(f"{self.buyers} buyers of {self.n} customers")

    def __add__(self, other: Spend) -> Spend:
        return Spend(
            self.n + other.n,
            self.buyers + other.buyers,
            self.total + other.total,
            self.squares + other.squares,
        )

    @property
    def sums(self) -> Sums:
        """Over all customers, those who bought nothing included."""
        return Sums(self.n, self.total, self.squares)

    @property
    def order_value(self) -> Sums:
        """Over the buyers alone."""
        return Sums(self.buyers, self.total, self.squares)

    @property
    def variation(self) -> float:
        """The coefficient of variation of order values; NaN below two buyers."""
        value = self.order_value
        return sqrt(float(value.variance)) / float(value.mean) if self.buyers > 1 else nan

    def limits(self, level: float, variation: float) -> Limited:
        """m · exp(∓√(a² + b²)): a is Wilson's log-distance from p, b = t · cv / √buyers."""
        mean = self.total / self.n
        share = share_limits(self.buyers, self.n, level)
        b = critical(level, self.buyers - 1) * variation / sqrt(self.buyers)
        down = hypot(log(share.value / share.low), b)
        up = hypot(log(share.high / share.value), b)
        return Limited(mean, mean * exponential(-down), mean * exponential(up))


def chosen(control: Spend, treated: Spend) -> str:
    """`two_part` or `welch`: which of them reads this pair of arms.

    By the skewness that is left in the difference of means under no effect,
    2 / √buyers · (1 - r) / √(1 + r) with the buyers of the smaller arm and r the ratio of the arms:
    above .06 Welch's tails are uneven in favour of the larger arm, and two parts are taken. Equal
    arms and thousands of buyers are Welch's. So are spends of which two parts make no sense: the
    mean over buyers is not above 0 (refunds).
    """
    small, large = sorted((control, treated), key=lambda arm: arm.n)
    if not (control.total > 0 and treated.total > 0):
        return "welch"
    r = small.n / large.n
    left = SKEW_OF_A_BUYER / sqrt(max(small.buyers, 1.0)) * (1 - r) / sqrt(1 + r)
    return "two_part" if left > SKEW_LEFT else "welch"


def wants_permutation(control: Spend, treated: Spend) -> bool:
    """Whether buyers are few enough that a permutation test should have its say."""
    return min(control.buyers, treated.buyers) < FEW_BUYERS


def spend_effect(
    control: Spend,
    treated: Spend,
    *,
    level: float = 0.95,
    fewest: float = FEWEST_BUYERS,
    permutation_p: float | None = None,
) -> Effect:
    """Difference of mean spend per customer, by the method that `chosen` names.

    Give `permutation_p` (see `permutation`) where it `wants_permutation`.
    """
    if min(control.buyers, treated.buyers) < fewest:
        method = chosen(control, treated)
        return too_small(_apart(control, treated), (control.n, treated.n), method, level)
    if chosen(control, treated) == "welch":
        found = welch(control.sums, treated.sums, level=level)
        return replace(found, permutation_p=permutation_p)
    return two_part(control, treated, level=level, fewest=fewest, permutation_p=permutation_p)


def spend_lift(
    control: Spend, treated: Spend, *, level: float = 0.95, fewest: float = FEWEST_BUYERS
) -> Effect:
    """The lift of mean spend, by the same method and with the same verdict as `spend_effect`."""
    n = (control.n, treated.n)
    method = chosen(control, treated)
    if min(control.buyers, treated.buyers) < fewest:
        return too_small(nan, n, f"{method}_lift", level)
    if method == "welch":
        return fieller(average(control.sums), average(treated.sums), level=level)
    one, other = _limits(control, treated)(level)
    low, high = ratio_limits(one, other)
    p = two_part(control, treated, level=level, fewest=fewest).p
    return Effect(other.value / one.value - 1, low - 1, high - 1, level, p, n, "two_part_lift")


def two_part(
    control: Spend,
    treated: Spend,
    *,
    level: float = 0.95,
    fewest: float = FEWEST_BUYERS,
    permutation_p: float | None = None,
) -> Effect:
    """Difference of mean spend with limits from conversion and order value; p by inversion."""
    refuse_level(level)
    n, method = (control.n, treated.n), "two_part"
    estimate = _apart(control, treated)
    if min(control.buyers, treated.buyers) < max(fewest, 2):
        return too_small(estimate, n, method, level)
    for arm in (control, treated):
        if not arm.total > 0:
            raise BadInput(
                f"{arm.buyers:,.0f} buyers spent {arm.total} in all: two parts need it above 0",
                hint="spend_effect takes Welch there",
            )

    of_arms = _limits(control, treated)

    def limits(at: float) -> tuple[float, float]:
        return difference_limits(*of_arms(at))

    p = inverted_p(limits)
    return Effect(estimate, *limits(level), level, p, n, method, permutation_p=permutation_p)


def permutation(
    control: ArrayLike,
    treated: ArrayLike,
    n: tuple[float, float],
    rng: np.random.Generator,
    draws: int = 4999,
) -> float:
    """Two-sided p of "the action changed nobody", from what each buyer spent, without a model.

    Arms are dealt anew: of all buyers a hypergeometric number falls into the smaller arm, any of
    them alike. Twice the smaller tail, each with the observed dealing counted in (Phipson & Smyth
    2010), as the distribution is skewed. Those who bought nothing need no rows.
    """
    mine = [column("control", control), column("treated", treated)]
    sizes = [round(float(one)) for one in n]
    for spent, size in zip(mine, sizes, strict=True):
        if spent.size > size:
            raise BadInput(f"{spent.size} buyers of {size} customers")
    small = 0 if sizes[0] <= sizes[1] else 1
    pool = np.concatenate(mine)
    buyers = rng.hypergeometric(pool.size, sum(sizes) - pool.size, sizes[small], draws)
    dealt = _dealt(pool, buyers, rng)
    seen = float(mine[small].sum())
    near = 1e-12 * max(abs(seen), 1.0)  # equal sums in another order of addition are equal
    above = (1 + np.count_nonzero(dealt >= seen - near)) / (draws + 1)
    below = (1 + np.count_nonzero(dealt <= seen + near)) / (draws + 1)
    return float(min(1.0, 2 * min(above, below)))


def _dealt(pool: Floats, buyers: Indices, rng: np.random.Generator) -> Floats:
    """Sums of so many values each, drawn without replacement; a block of draws at a time."""
    sums = np.zeros(buyers.size)
    block = max(1, 2_000_000 // max(pool.size, 1))
    for start in range(0, buyers.size, block):
        wanted = buyers[start : start + block]
        most = int(wanted.max(initial=0))
        if most == 0:
            continue
        keys = rng.random((wanted.size, pool.size))
        if most < pool.size:
            picked = np.argpartition(keys, most - 1, axis=1)[:, :most]
            order = np.argsort(np.take_along_axis(keys, picked, axis=1), axis=1)
            picked = np.take_along_axis(picked, order, axis=1)
        else:
            picked = np.argsort(keys, axis=1)
        running = np.cumsum(pool[picked], axis=1)
        some = wanted > 0
        sums[start : start + block][some] = running[some, wanted[some] - 1]
    return sums


def _limits(control: Spend, treated: Spend) -> Callable[[float], tuple[Limited, Limited]]:
    """Both arms' limits at a level, each with its own cv or the pooled one, whichever is larger.

    A few buyers rarely show how much order values differ, and least where their mean is low too;
    the larger arm knows. With its own cv alone a small arm lies as Welch does, though less.
    """
    freedom = control.buyers + treated.buyers - 2
    squares = sum((arm.buyers - 1) * arm.variation**2 for arm in (control, treated))
    together = sqrt(squares / freedom)
    one, other = max(control.variation, together), max(treated.variation, together)
    return lambda level: (control.limits(level, one), treated.limits(level, other))


def _apart(control: Spend, treated: Spend) -> float:
    if not (control.n > 0 and treated.n > 0):
        return nan
    apart = treated.total / treated.n - control.total / control.n
    return apart if isfinite(apart) else nan
