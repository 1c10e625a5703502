"""A ratio's difference and its percent never disagree, and small unequal arms do not lie."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.science.inference import (
    Average,
    Moments,
    difference_of,
    fieller,
    ratio,
    ratio_effect,
    ratio_lift,
    ratio_limits_of,
)

values = st.floats(0.01, 1e5)
spreads = st.floats(1e-4, 0.6)
sizes = st.integers(50, 5000)


@given(values, spreads, sizes, values, spreads, sizes, st.sampled_from((0.8, 0.95, 0.999)))
def test_difference_and_lift_say_the_same_about_zero(
    one: float, wide: float, n: int, other: float, broad: float, m: int, level: float
) -> None:
    control, treated = Average(one, (one * wide) ** 2, n), Average(other, (other * broad) ** 2, m)

    apart = ratio_effect(control, treated, level=level)
    lift = ratio_lift(control, treated, level=level)

    assert lift.estimate == pytest.approx(other / one - 1)
    assert apart.verdict == lift.verdict
    assert apart.p == lift.p
    assert apart.low <= apart.estimate <= apart.high
    assert lift.low <= lift.estimate + 1e-9
    assert lift.high >= lift.estimate - 1e-9


def test_equal_large_arms_are_as_the_plain_delta_method_says() -> None:
    control, treated = Average(8000.0, 40.0**2, 20_000), Average(8100.0, 41.0**2, 20_000)

    found, plain = ratio_effect(control, treated), difference_of(control, treated, "delta")

    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), rel=0.01)
    assert found.p == pytest.approx(plain.p, rel=0.05)
    assert ratio_lift(control, treated).low == pytest.approx(
        fieller(control, treated).low, rel=0.05
    )


def test_a_ratio_of_nothing_or_of_a_loss_is_read_plainly() -> None:
    none, some = Average(0.0, 0.0, 400), Average(0.02, 1e-5, 400)
    loss = Average(-0.05, 1e-4, 400)

    assert ratio_effect(none, some).method == "delta"
    assert ratio_effect(none, some).low > 0
    assert ratio_lift(none, some).too_small  # no percent of nothing
    assert ratio_effect(loss, some).verdict == "higher"
    assert ratio_limits_of(loss).low < -0.05 < ratio_limits_of(loss).high


def test_few_buyers_are_too_few() -> None:
    few, many = Average(8000.0, 1e4, 49), Average(8000.0, 1e4, 5000)

    assert ratio_effect(few, many).too_small
    assert ratio_lift(many, few).too_small
    assert np.isnan(ratio_limits_of(Average(1.0, float("nan"), 1)).low)
    with pytest.raises(BadInput):
        ratio_effect(many, many, level=95)


def test_of_small_unequal_arms_neither_tail_lies_much() -> None:
    """Order values of 100 buyers against 900, nothing being different: the plain delta method calls
    6 % of them higher."""
    rng, trials = np.random.default_rng(7), 1_000

    def arm(buyers: int) -> Average:
        orders = 1 + rng.poisson(0.4, buyers)
        who = np.repeat(np.arange(buyers), orders)
        spent = np.exp(rng.normal(0, 0.4, buyers)[who] + rng.normal(8.3, 0.64, who.size))
        each = {"spent": np.bincount(who, spent), "orders": orders}
        return ratio(Moments.of(each), "spent", "orders")

    effects = [ratio_effect(arm(100), arm(900)) for _ in range(trials)]

    assert sum(one.low > 0 for one in effects) / trials <= 0.055
    assert sum(one.high < 0 for one in effects) / trials <= 0.04
