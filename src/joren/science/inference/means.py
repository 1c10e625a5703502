"""Differences and lifts of means and of ratios, from the sums of two arms.

Welch (1947), The Generalization of Student's Problem when Several Different Population Variances
are Involved, Biometrika 34; Fieller (1954), Some Problems in Interval Estimation, JRSS B 16. The
page is docs/science/inference.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log, nan, sqrt

from joren.core.errors import BadInput
from joren.science.inference.effects import (
    Effect,
    critical,
    exponential,
    students,
    too_small,
    two_sided,
)
from joren.science.inference.intervals import refuse_level
from joren.science.inference.moments import Moments
from joren.science.inference.sums import Sums

FEWEST = 10
"""Observations in an arm below which a difference of means is too small to read."""


@dataclass(frozen=True)
class Average:
    """One arm's mean (or ratio), the variance of that estimate, and how many it rests on."""

    value: float
    variance: float
    n: float


def average(sums: Sums) -> Average:
    """The mean of one arm; the variance of the mean is s^2 / n."""
    n = _single(sums)
    variance = float(sums.variance) / n if n > 1 else nan
    return Average(float(sums.mean), variance, n)


def ratio(moments: Moments, top: str, bottom: str) -> Average:
    """R = sum of top / sum of bottom, with the variance of the delta method.

    var(R) = (s_tt - 2 R s_tb + R^2 s_bb) / (n mean(bottom)^2). For what is counted per order or
    per session while customers were assigned: the customer stays the unit.
    """
    covariance = moments.covariance((top, bottom), (top, bottom))
    mean_top, mean_bottom = moments.means((top, bottom)).tolist()
    if not mean_bottom > 0:
        return Average(nan, nan, moments.n)
    value = mean_top / mean_bottom
    spread = covariance[0, 0] - 2 * value * covariance[0, 1] + value**2 * covariance[1, 1]
    return Average(value, max(float(spread), 0.0) / (moments.n * mean_bottom**2), moments.n)


def difference_of(
    control: Average, treated: Average, method: str, level: float = 0.95, fewest: float = FEWEST
) -> Effect:
    """treated - control ± t · √(v₁ + v₀), with Welch's degrees of freedom."""
    n = (control.n, treated.n)
    estimate = treated.value - control.value
    variance = control.variance + treated.variance
    if min(n) < fewest:
        return too_small(estimate, n, method, level)
    return students(estimate, sqrt(variance), _freedom(control, treated), n, method, level)


def welch(
    control: Sums, treated: Sums, *, level: float = 0.95, fewest: float = FEWEST, cap: float = inf
) -> Effect:
    """Difference of two means without equal variances (Welch 1947, eq. 28).

    Not for skewed money between unequal arms with few buyers: see `two_part`. A cap that the rows
    were cut at before they were summed is named in the method: the effect is one on capped money.
    """
    method = "welch" if cap == inf else f"welch_capped_at_{cap:.10g}"
    return difference_of(average(control), average(treated), method, level, fewest)


def ratio_difference(
    control: Moments,
    treated: Moments,
    top: str,
    bottom: str,
    *,
    level: float = 0.95,
    fewest: float = FEWEST,
) -> Effect:
    """Difference of two ratios of sums, such as spend per order, by the delta method."""
    averages = (ratio(control, top, bottom), ratio(treated, top, bottom))
    return difference_of(*averages, "delta", level, fewest)


def fieller(
    control: Average, treated: Average, *, level: float = 0.95, fewest: float = FEWEST
) -> Effect:
    """The lift treated / control - 1 with Fieller's limits; says what `difference_of` says.

    The limits are the ratios r at which treated - r · control is not told from 0, with the same t
    as the difference: r = 1 lies within exactly where a difference of 0 does. Where the control's
    own mean is hardly told from 0, the set has no end on one side or on both: infinite limits. Of
    the set, the part around the estimate is given. A lift over a control of 0 or less is not known.
    """
    refuse_level(level)
    n, method = (control.n, treated.n), "fieller"
    if min(n) < fewest or not control.value > 0:
        return too_small(nan, n, method, level)
    estimate = treated.value / control.value - 1
    variance = control.variance + treated.variance
    freedom = _freedom(control, treated)
    if not freedom > 0:
        return too_small(estimate, n, method, level)
    low, high = _fiellers(control, treated, critical(level, freedom))
    p = two_sided(abs(treated.value - control.value) / sqrt(variance), freedom) if variance else nan
    return Effect(estimate, low - 1, high - 1, level, p, n, method)


def log_ratio(
    control: Average, treated: Average, *, level: float = 0.95, fewest: float = FEWEST
) -> Effect:
    """The lift with limits that are symmetric in the logarithm of the ratio.

    exp(ln(m₁/m₀) ± t √(v₁/m₁² + v₀/m₀²)) - 1. Never below -100 %. Near the border it may differ
    from the difference's verdict, as `fieller` never does: show that one beside a difference.
    """
    n, method = (control.n, treated.n), "log_ratio"
    if min(n) < fewest or not (control.value > 0 and treated.value > 0):
        return too_small(nan, n, method, level)
    error = sqrt(treated.variance / treated.value**2 + control.variance / control.value**2)
    centre = log(treated.value / control.value)
    found = students(centre, error, _freedom(control, treated), n, method, level)
    estimate, low, high = (exponential(x) - 1 for x in (centre, found.low, found.high))
    return Effect(estimate, low, high, level, found.p, n, method)


def _fiellers(control: Average, treated: Average, t: float) -> tuple[float, float]:
    """The r with (m₁ - r m₀)² <= t² (v₁ + r² v₀), of which the interval around m₁/m₀.

    As a r² - 2 b r + c <= 0; b² - a c is written out, so that small variances do not cancel away.
    """
    one, other = t * t * treated.variance, t * t * control.variance
    a, b = control.value**2 - other, treated.value * control.value
    c = treated.value**2 - one
    inside = one * control.value**2 + other * treated.value**2 - one * other
    if a == 0:
        return (c / (2 * b), inf) if b > 0 else (-inf, c / (2 * b)) if b < 0 else (-inf, inf)
    if inside < 0:
        return -inf, inf
    # One root is taken as c over the other, so that nothing cancels.
    larger = b + sqrt(inside) if b >= 0 else b - sqrt(inside)
    low, high = sorted((larger / a, c / larger)) if larger else (0.0, 0.0)
    if a > 0:
        return low, high
    return (high, inf) if treated.value / control.value >= high else (-inf, low)


def _freedom(control: Average, treated: Average) -> float:
    whole = control.variance + treated.variance
    if not whole > 0:
        return inf if whole == 0 else nan
    own = control.variance**2 / (control.n - 1) + treated.variance**2 / (treated.n - 1)
    return whole**2 / own


def _single(sums: Sums) -> float:
    if sums.n.size != 1:
        raise BadInput(f"sums of {sums.n.size} groups: an arm is one", hint="take one group's sums")
    return float(sums.n)
