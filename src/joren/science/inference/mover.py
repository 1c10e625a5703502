"""Limits of a difference and of a ratio from the limits of each: the square-and-add method.

Zou & Donner (2008), Construction of Confidence Limits about Effect Measures: a General Approach,
Statistics in Medicine 27, 1693-1702; Donner & Zou (2012), Closed-form Confidence Intervals for
Functions of the Normal Mean and Standard Deviation, Statistical Methods in Medical Research 21.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, inf, sqrt


@dataclass(frozen=True)
class Limited:
    """An estimate with limits of its own."""

    value: float
    low: float
    high: float


def difference_limits(control: Limited, treated: Limited) -> tuple[float, float]:
    """d - √((m₁-l₁)² + (u₀-m₀)²) and d + √((u₁-m₁)² + (m₀-l₀)²)."""
    apart = treated.value - control.value
    down = hypot(treated.value - treated.low, control.high - control.value)
    up = hypot(treated.high - treated.value, control.value - control.low)
    return apart - down, apart + up


def ratio_limits(control: Limited, treated: Limited) -> tuple[float, float]:
    """The ratios r at which a limit of treated - r · control is 0, so that 1 is as 0 is there.

    For values and limits of 0 or more, and a control above 0. The upper one is infinite where the
    control's own lower limit is 0.
    """
    product = treated.value * control.value
    smallest = treated.low * (2 * treated.value - treated.low)
    largest = control.high * (2 * control.value - control.high)
    low = 0.0
    if smallest > 0:
        low = smallest / (product + sqrt(max(product * product - smallest * largest, 0.0)))
    smallest = control.low * (2 * control.value - control.low)
    largest = treated.high * (2 * treated.value - treated.high)
    if smallest <= 0:
        return low, inf
    high = (product + sqrt(max(product * product - smallest * largest, 0.0))) / smallest
    return low, high
