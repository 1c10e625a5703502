"""One arm's ratio of two sums (spend per order, profit per spend) against the other's.

The customer was assigned, and an order is not: the variance is that of the delta method (`ratio`).
Ratios of money are skewed, and between unequal arms a symmetric interval then errs to one side. So
each arm's limits are symmetric in the logarithm, and difference and lift are put together of them
by square-and-add (`mover`): both say the same about zero. The page is docs/science/inference.md.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, isfinite, nan, sqrt

from joren.science.inference.effects import Effect, critical, inverted_p, too_small
from joren.science.inference.intervals import refuse_level
from joren.science.inference.means import Average, difference_of, fieller
from joren.science.inference.mover import Limited, difference_limits, ratio_limits

FEWEST_RATIO = 50
"""Customers in an arm with anything below the line, from which its ratio is read."""


def ratio_limits_of(one: Average, level: float = 0.95) -> Limited:
    """R · exp(∓ t √v / R) of one arm with n - 1 degrees of freedom; R ∓ t √v where R is not above
    0. ``n`` are the customers with anything below the line. Not known of fewer than two."""
    refuse_level(level)
    if not (one.n > 1 and isfinite(one.value) and isfinite(one.variance)):
        return Limited(one.value, nan, nan)
    reach = critical(level, one.n - 1) * sqrt(one.variance)
    if one.value <= 0:
        return Limited(one.value, one.value - reach, one.value + reach)
    far = exp(min(reach / one.value, 700.0))
    return Limited(one.value, one.value / far, one.value * far)


def ratio_effect(
    control: Average, treated: Average, *, level: float = 0.95, fewest: float = FEWEST_RATIO
) -> Effect:
    """Treated less control, p by inverting the interval; by the plain delta method where one of the
    ratios is not above 0."""
    return _read(control, treated, level, fewest, _difference, _plain_difference)


def ratio_lift(
    control: Average, treated: Average, *, level: float = 0.95, fewest: float = FEWEST_RATIO
) -> Effect:
    """Treated over control less one, with the verdict and p of `ratio_effect`; by Fieller's limits
    beside the plain delta method. Not known over a control of 0 or less."""
    return _read(control, treated, level, fewest, _lift, fieller)


def _read(
    control: Average, treated: Average, level: float, fewest: float,
    by_logs: Callable[[Average, Average, float], tuple[float, float, float]],
    plainly: Callable[..., Effect],
) -> Effect:  # fmt: skip
    refuse_level(level)
    n = (control.n, treated.n)
    if min(n) < fewest:
        return too_small(nan, n, "log_delta", level)
    if not (control.value > 0 and treated.value > 0):
        return plainly(control, treated, level=level, fewest=fewest)
    estimate, low, high = by_logs(control, treated, level)
    p = inverted_p(lambda at: _difference(control, treated, at)[1:])
    return Effect(estimate, low, high, level, p, n, "log_delta")


def _difference(control: Average, treated: Average, level: float) -> tuple[float, float, float]:
    one, other = ratio_limits_of(control, level), ratio_limits_of(treated, level)
    return (treated.value - control.value, *difference_limits(one, other))


def _lift(control: Average, treated: Average, level: float) -> tuple[float, float, float]:
    one, other = ratio_limits_of(control, level), ratio_limits_of(treated, level)
    low, high = ratio_limits(one, other)
    return treated.value / control.value - 1, low - 1, high - 1 if high < inf else inf


def _plain_difference(control: Average, treated: Average, *, level: float, fewest: float) -> Effect:
    return difference_of(control, treated, "delta", level, fewest)
