"""What an action changed: one frozen answer for every method, with the verdict that it allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import exp, inf, isfinite, isnan, log10, nan

from scipy.special import ndtr, ndtri, stdtr, stdtrit

from joren.core.errors import BadInput
from joren.science.inference.intervals import refuse_level

FAR = 700.0


class Verdict(StrEnum):
    """What may be said of an effect. `TOO_SMALL`: too few to read anything from, either way."""

    HIGHER = "higher"
    LOWER = "lower"
    UNCLEAR = "unclear"
    TOO_SMALL = "too_small"


@dataclass(frozen=True)
class Effect:
    """Treated less control per customer in the metric's unit, or a lift (.12 is 12 % more).

    `p` is two-sided, against no difference, and NaN where it was not asked. `n` are the
    observations (customers, or clusters) of control and treated. `standard_error` is NaN where the
    limits are not symmetric. Where `too_small`, limits and p are NaN: not yet known.
    `permutation_p`, where one was made, has to agree before the verdict is higher or lower.
    """

    estimate: float
    low: float
    high: float
    level: float
    p: float
    n: tuple[float, float]
    method: str
    standard_error: float = nan
    too_small: bool = False
    permutation_p: float | None = None

    @property
    def verdict(self) -> Verdict:
        if self.too_small or isnan(self.low) or isnan(self.high):
            return Verdict.TOO_SMALL
        if self.permutation_p is not None and self.permutation_p > 1 - self.level:
            return Verdict.UNCLEAR
        if self.low > 0:
            return Verdict.HIGHER
        return Verdict.LOWER if self.high < 0 else Verdict.UNCLEAR

    @property
    def error(self) -> float:
        """The standard error, or what the width of uneven limits amounts to: for pooling."""
        if isnan(self.standard_error):
            return (self.high - self.low) / (2 * critical(self.level))
        return self.standard_error

    def scaled(self, factor: float) -> Effect:
        """The same in another unit: per 1,000 customers, or of so many customers treated."""
        if not (factor > 0 and isfinite(factor)):
            raise BadInput(f"a factor of {factor}: a finite one above 0 is needed")
        return replace(
            self,
            estimate=self.estimate * factor,
            low=self.low * factor,
            high=self.high * factor,
            standard_error=self.standard_error * factor,
        )

    def net_of(self, cost: float) -> Effect:
        """What is left after a known cost per treated customer; p is of another question now."""
        if not isfinite(cost):
            raise BadInput(f"a cost of {cost}: a finite one is needed")
        return replace(
            self,
            estimate=self.estimate - cost,
            low=self.low - cost,
            high=self.high - cost,
            p=nan if cost else self.p,
            # What does nothing brings nothing back either; a loss needs no other proof.
            permutation_p=self.permutation_p if cost == 0 or self.estimate > cost > 0 else None,
        )


def exponential(x: float) -> float:
    """e^x, infinite where no number is large enough."""
    return exp(x) if x < FAR else inf


def too_small(
    estimate: float, n: tuple[float, float], method: str, level: float, error: float = nan
) -> Effect:
    """An effect of which nothing may be said yet."""
    return Effect(estimate, nan, nan, level, nan, n, method, error, too_small=True)


def students(
    estimate: float,
    error: float,
    freedom: float,
    n: tuple[float, float],
    method: str,
    level: float,
) -> Effect:
    """estimate ± t · error; freedom infinite is the normal distribution.

    An error of 0 (nobody differs) leaves a point, and a p of 1 or 0.
    """
    refuse_level(level)
    if isnan(error) or isnan(estimate) or not freedom > 0:
        return too_small(estimate, n, method, level)
    reach = critical(level, freedom) * error
    p = two_sided(abs(estimate) / error, freedom) if error > 0 else float(estimate == 0)
    return Effect(estimate, estimate - reach, estimate + reach, level, p, n, method, error)


def critical(level: float, freedom: float = inf) -> float:
    """How many standard errors hold the level in the middle."""
    half = (1 + level) / 2
    return float(ndtri(half) if freedom == inf else stdtrit(freedom, half))


def two_sided(distance: float, freedom: float = inf) -> float:
    """The chance of lying at least so many standard errors away, on either side."""
    return 2 * float(ndtr(-distance) if freedom == inf else stdtr(freedom, -distance))


def inverted_p(limits: Callable[[float], tuple[float, float]]) -> float:
    """p of no difference from an interval: the level at which its limit just reaches 0.

    So p < 1 - level says the same as an interval without 0. `limits` answers for any level, and
    widens with it. Below 1e-14 it is not followed: the level would be 1 to the computer.
    """
    from scipy.optimize import brentq  # late: it loads for long

    smallest = 1e-14

    def outside(log_p: float) -> float:
        low, high = limits(1 - 10**log_p)
        return max(low, -high)

    top = -1e-12
    if not outside(top) > 0:
        return 1.0
    bottom = log10(smallest)
    if outside(bottom) > 0:
        return smallest
    return float(10 ** brentq(outside, bottom, top, xtol=1e-10))
