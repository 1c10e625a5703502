"""Ratios of what both arms bought: of sums that add up, with the customer as the unit.

A ratio over orders compares the orders of people whom the action made buy with those of people who
would have bought anyway: it says what the orders are like, and not what the action earned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from joren.measure.experiments.contracts.ratios import RatioMetric
from joren.measure.experiments.rules.comparing import At
from joren.science.inference import Average, Moments, ratio, ratio_effect, ratio_lift

COLUMNS: Final = ("orders", "revenue", "profit", "coupons", "buyers")
RATIOS: Final[Mapping[RatioMetric, tuple[str, str]]] = {
    "order_value": ("revenue", "orders"),
    "margin_rate": ("profit", "revenue"),
    "coupon_share": ("coupons", "orders"),
    "orders_each": ("orders", "buyers"),
}
"""Of each, what stands above the line and what below."""


def of_arm(arm: Moments, metric: RatioMetric) -> Average:
    """One arm's ratio; ``n`` are its buyers: nobody else stands in it."""
    top, bottom = RATIOS[metric]
    return replace(ratio(arm, top, bottom), n=arm.total("buyers"))


def difference_at(control: Moments, treated: Moments, metric: RatioMetric) -> At:
    """Treated less left out, at any level."""
    pair = of_arm(control, metric), of_arm(treated, metric)
    return lambda level: ratio_effect(*pair, level=level)


def lift_at(control: Moments, treated: Moments, metric: RatioMetric) -> At:
    """The same as a share of that of those left out; says what the difference says."""
    pair = of_arm(control, metric), of_arm(treated, metric)
    return lambda level: ratio_lift(*pair, level=level)
