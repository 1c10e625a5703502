"""Power: what is planned is what happens."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from joren.core.errors import BadInput
from joren.science.inference import Spend, Sums, newcombe, welch
from joren.science.inference.power import (
    days,
    detectable,
    distance,
    enough,
    foreseen,
    power_of,
    share_size,
    size,
    spend_detectable,
    spend_size,
)


def test_a_fifth_is_missed_at_2_80_standard_errors() -> None:
    assert distance() == pytest.approx(2.8016, abs=5e-4)
    assert power_of(2.8016, 1.0) == pytest.approx(0.8, abs=5e-5)
    assert power_of(0.0, 1.0) == pytest.approx(0.05)


@given(st.floats(0.01, 0.5), st.floats(1, 100), st.floats(0.05, 0.95), st.floats(0.3, 0.95))
def test_the_size_finds_its_effect_and_fewer_would_not(effect, deviation, share, power) -> None:
    needed = size(effect, deviation, treated_share=share, power=power)

    found = detectable(1.0, deviation, needed.control, needed.treated, power=power)
    fewer = detectable(1.0, deviation, needed.control - 1, needed.treated - 1, power=power)
    assert found.per_customer <= effect * (1 + 1e-9)
    assert fewer.per_customer > effect * (1 - 1e-9) or min(needed.control, needed.treated) < 2


def test_equal_arms_need_the_fewest() -> None:
    totals = [size(1.0, 10.0, treated_share=share).total for share in (0.5, 0.8, 0.95)]

    assert totals == sorted(totals)
    # 1 / (4 · .95 · .05): a holdout of 5 % costs more than five times the customers.
    assert totals[2] / totals[0] == pytest.approx(5.263, rel=1e-3)


def test_all_the_treated_against_a_holdout_are_a_quarter_narrower_than_as_many() -> None:
    equal, all_of = (detectable(1.0, 1.0, 5_000, treated) for treated in (5_000, 95_000))

    assert 1 - all_of.per_customer / equal.per_customer == pytest.approx(0.27, abs=5e-3)


def test_planned_power_is_kept_by_welch() -> None:
    rng = np.random.default_rng(1)
    needed = size(0.3, 1.0, treated_deviation=2.0, treated_share=0.7)

    found = [
        welch(
            Sums.of(rng.normal(0, 1, int(needed.control))),
            Sums.of(rng.normal(0.3, 2, int(needed.treated))),
        ).low
        > 0
        for _ in range(600)
    ]

    assert np.mean(found) == pytest.approx(0.8, abs=0.05)


def test_planned_power_is_kept_for_shares() -> None:
    rng = np.random.default_rng(2)
    needed = share_size(0.02, 0.4)

    hits = zip(
        rng.binomial(int(needed.control), 0.02, 300).tolist(),
        rng.binomial(int(needed.treated), 0.028, 300).tolist(),
        strict=True,
    )
    found = [newcombe((a, needed.control), (b, needed.treated)).low > 0 for a, b in hits]

    assert np.mean(found) == pytest.approx(0.8, abs=0.07)


def test_the_power_of_a_t_test_is_scipys() -> None:
    n, effect = 500, 0.2

    exact = stats.nct.sf(stats.t.ppf(0.975, 2 * n - 2), 2 * n - 2, effect * sqrt(n / 2))

    assert power_of(effect, sqrt(2 / n)) == pytest.approx(exact, abs=2e-3)


def test_spend_needs_far_more_than_the_share_of_buyers() -> None:
    rng = np.random.default_rng(3)
    past = Spend.of(100_000, rng.lognormal(4, 1, 2000))

    money = spend_size(past, 0.1, treated_share=0.9)
    share = share_size(0.02, 0.1, treated_share=0.9)
    back = spend_detectable(past, money.control, money.treated)

    assert 2 < money.total / share.total < 4
    assert back.lift == pytest.approx(0.1, rel=1e-3)
    assert back.over_all == pytest.approx(money.treated * back.per_customer)
    assert back.per_thousand == pytest.approx(1000 * back.per_customer)


def test_a_great_lift_still_needs_buyers_to_read() -> None:
    past = Spend.of(100_000, np.full(100, 50.0))

    found = spend_size(past, 100.0, treated_share=0.95)

    # A buyer in a thousand, ten in the smaller arm.
    assert found.control == pytest.approx(10_000)


def test_what_arms_cannot_see_is_infinite() -> None:
    past = Spend.of(1000, np.full(500, 50.0))

    assert spend_detectable(past, 3, 3).lift == inf
    assert size(0.0, 1.0).total == inf


def test_days_are_whole_weeks() -> None:
    needed = size(1.0, 10.0)

    assert days(needed, needed.total) == 7
    assert days(needed, needed.total / 7.1) == 14
    assert days(needed, 0) == inf


def test_looks_and_adjustments_change_the_size() -> None:
    plain = size(1.0, 10.0)

    assert size(1.0, 10.0, inflation=1.03).total == pytest.approx(plain.total * 1.03, rel=2e-3)
    assert size(1.0, 10.0, inflation=0.8).total == pytest.approx(plain.total * 0.8, rel=2e-3)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(BadInput, match="a treated share of 95"):
        size(1.0, 1.0, treated_share=95)
    with pytest.raises(BadInput, match="both have to be between 0 and 1"):
        share_size(0.5, 2.0)
    with pytest.raises(BadInput, match="what chance alone gives"):
        distance(0.04)
    with pytest.raises(BadInput, match="nobody bought"):
        spend_size(Spend(100, 0, 0, 0), 0.1)


def test_what_can_be_seen_and_how_many_are_needed_agree() -> None:
    past = Spend(20_000, 2_000, 2_000 * 5e3, 2_000 * 25e6 * 1.5)

    seen = foreseen(past, 2_000, 18_000)

    assert seen
    assert enough(past, 0.1, seen.lift) == pytest.approx(20_000, rel=0.01)
    assert foreseen(Spend(10, 0, 0, 0), 5, 5) is None
    looked = foreseen(past, 3_800, 34_200, inflation=1.9)
    assert looked is not None
    assert looked.lift == pytest.approx(seen.lift)
    assert looked.over_all == pytest.approx(1.9 * seen.over_all)
    assert enough(past, 0.1, seen.lift, inflation=1.9) == pytest.approx(38_000, rel=0.01)


def test_where_all_buy_the_gain_can_only_be_more_of_each() -> None:
    past = Spend(2_000, 2_000, 2_000 * 5e3, 2_000 * 25e6 * 1.5)

    seen = foreseen(past, 200, 1_800)

    assert seen
    assert enough(past, 0.1, seen.lift) == pytest.approx(2_000, rel=0.01)
