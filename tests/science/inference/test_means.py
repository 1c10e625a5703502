"""Differences and lifts of means: against SciPy, and never at odds with each other."""

from __future__ import annotations

from math import inf, isnan

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from joren.core.errors import BadInput
from joren.science.inference import (
    Average,
    Moments,
    Sums,
    Verdict,
    average,
    difference_of,
    fieller,
    log_ratio,
    ratio,
    ratio_difference,
    welch,
)

money = st.lists(st.integers(0, 100_000), min_size=10, max_size=40)
averages = st.builds(
    Average, st.floats(0.01, 1e6), st.floats(1e-8, 1e10), st.integers(10, 100_000).map(float)
)
OPPOSITE = {
    Verdict.HIGHER: Verdict.LOWER,
    Verdict.LOWER: Verdict.HIGHER,
    Verdict.UNCLEAR: Verdict.UNCLEAR,
}


@given(money, money)
def test_welch_is_scipys(control, treated) -> None:
    assume(np.var(control) + np.var(treated) > 1)

    found = welch(Sums.of(control), Sums.of(treated))

    theirs = stats.ttest_ind(treated, control, equal_var=False)
    assert found.p == pytest.approx(theirs.pvalue, rel=1e-6)
    low, high = theirs.confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-6, abs=1e-6)


@given(averages, averages, st.floats(0.5, 0.999))
def test_percent_never_contradicts_money(control, treated, level) -> None:
    plain = difference_of(control, treated, "welch", level)
    lift = fieller(control, treated, level=level)
    # At the very border rounding decides; nobody reads a limit of 1e-9.
    assume(min(abs(plain.low), abs(plain.high)) > 1e-7 * (treated.value + control.value))

    assert lift.verdict is plain.verdict
    assert lift.low <= lift.estimate <= lift.high
    assert lift.p == pytest.approx(plain.p)


@given(averages, averages)
def test_fiellers_limits_are_ratios_that_are_just_told_apart(control, treated) -> None:
    lift = fieller(control, treated)

    t = stats.t.ppf(0.975, welch_freedom(control, treated))
    for limit in (lift.low, lift.high):
        if np.isfinite(limit) and lift.low < lift.high:
            r = 1 + limit
            apart = abs(treated.value - r * control.value)
            error = np.sqrt(treated.variance + r * r * control.variance)
            assert apart == pytest.approx(t * error, rel=1e-5)


def welch_freedom(control: Average, treated: Average) -> float:
    v, w = control.variance, treated.variance
    return (v + w) ** 2 / (v**2 / (control.n - 1) + w**2 / (treated.n - 1))


def test_a_control_that_is_hardly_told_from_0_has_a_lift_without_an_end() -> None:
    found = fieller(Average(1.0, 1.0, 1000.0), Average(30.0, 1.0, 1000.0))

    assert found.verdict is Verdict.HIGHER
    assert found.high == inf
    assert found.low > 0


@given(money, money, st.integers(2, 1000))
def test_the_unit_of_money_changes_nothing_but_the_unit(control, treated, factor) -> None:
    assume(np.var(control) + np.var(treated) > 1 and np.sum(control) > 0)
    one, other = np.array(control), np.array(treated)

    plain = welch(Sums.of(one), Sums.of(other))
    dear = welch(Sums.of(one * factor), Sums.of(other * factor))
    lifts = [
        fieller(average(Sums.of(one * by)), average(Sums.of(other * by))) for by in (1, factor)
    ]

    scaled = plain.scaled(factor)
    assert (dear.low, dear.high) == pytest.approx((scaled.low, scaled.high), rel=1e-6, abs=1e-6)
    assert dear.p == pytest.approx(plain.p, rel=1e-5)
    assert lifts[0].low == pytest.approx(lifts[1].low, rel=1e-6, abs=1e-6)


@given(money, money)
def test_the_order_of_the_arms_turns_the_sign_alone(control, treated) -> None:
    there = welch(Sums.of(control), Sums.of(treated))
    back = welch(Sums.of(treated), Sums.of(control))

    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
    assert back.verdict is OPPOSITE[there.verdict]


@given(averages, averages, st.floats(0.5, 0.98))
def test_a_higher_level_is_wider(control, treated, level) -> None:
    for made in (
        lambda at: difference_of(control, treated, "welch", at),
        lambda at: fieller(control, treated, level=at),
        lambda at: log_ratio(control, treated, level=at),
    ):
        narrow, wide = made(level), made(level + 0.01)
        assert wide.low <= narrow.low
        assert wide.high >= narrow.high


def test_a_ratio_is_that_of_sums_with_the_customer_as_the_unit() -> None:
    rng = np.random.default_rng(1)
    orders = rng.poisson(2, 4000).astype(float)
    spend = orders * rng.gamma(2, 10, 4000)

    found = ratio(Moments.of({"spend": spend, "orders": orders}), "spend", "orders")

    assert found.value == pytest.approx(spend.sum() / orders.sum())
    linear = (spend - found.value * orders) / orders.mean()
    assert found.variance == pytest.approx(linear.var(ddof=1) / 4000)


def test_a_ratio_over_nothing_is_not_known() -> None:
    none = Moments.of({"spend": np.zeros(50), "orders": np.zeros(50)})
    some = Moments.of({"spend": np.arange(50.0), "orders": np.ones(50)})

    assert ratio_difference(none, some, "spend", "orders").verdict is Verdict.TOO_SMALL


def test_nine_customers_are_too_few_to_read() -> None:
    found = welch(Sums.of(np.zeros(9)), Sums.of(np.arange(1000.0)))

    assert found.verdict is Verdict.TOO_SMALL
    assert isnan(found.low)
    assert found.estimate == pytest.approx(499.5)


def test_a_lift_over_nothing_is_not_known() -> None:
    nothing, some = Average(0.0, 0.0, 100.0), Average(5.0, 1.0, 100.0)

    assert fieller(nothing, some).verdict is Verdict.TOO_SMALL
    assert log_ratio(nothing, some).verdict is Verdict.TOO_SMALL


def test_where_nobody_differs_the_limits_are_the_estimate() -> None:
    found = welch(Sums.of(np.ones(20)), Sums.of(np.full(20, 3.0)))

    assert (found.low, found.high, found.p) == (2, 2, 0)
    assert found.verdict is Verdict.HIGHER


def test_a_cost_moves_the_limits_and_is_no_longer_that_p() -> None:
    found = welch(Sums.of(np.arange(100.0)), Sums.of(np.arange(100.0) + 20))

    net = found.net_of(25)

    assert net.estimate == pytest.approx(-5)
    assert net.high - net.low == pytest.approx(found.high - found.low)
    assert isnan(net.p)
    assert (found.verdict, net.verdict) == (Verdict.HIGHER, Verdict.UNCLEAR)


def test_sums_of_several_groups_are_no_arm() -> None:
    with pytest.raises(BadInput, match="sums of 2 groups"):
        welch(Sums([50, 50], [1, 2], [3, 4]), Sums.of(np.arange(50.0)))
