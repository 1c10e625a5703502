"""Money of few buyers: where Welch lies and two parts do not."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.science.inference import (
    Moments,
    Spend,
    Verdict,
    permutation,
    spend_effect,
    spend_lift,
    two_part,
    wants_permutation,
    welch,
)
from joren.science.inference.two_part import chosen
from tests.science.inference.conftest import Hillstrom

spenders = st.lists(st.integers(1, 100_000), min_size=5, max_size=40)
arm = st.tuples(spenders, st.integers(100, 100_000)).map(lambda one: Spend.of(one[1], one[0]))
DRAWS = 600


def drawn(spends: np.ndarray, n: int, rng: np.random.Generator) -> Spend:
    """An arm drawn with replacement from customers of whom most spent nothing."""
    bought = spends[spends > 0]
    return Spend.of(n, rng.choice(bought, rng.binomial(n, bought.size / spends.size)))


@given(arm, arm)
def test_arms_of_parts_are_the_arm_of_the_whole(one, other) -> None:
    together = one + other

    assert together.n == one.n + other.n
    assert float(together.sums.mean) == pytest.approx((one.total + other.total) / (one.n + other.n))


def test_moments_with_who_bought_are_enough() -> None:
    spend = np.array([0, 0, 12.5, 0, 30, 0])

    found = Spend.from_moments(Moments.of({"spend": spend, "bought": spend > 0}), "spend", "bought")
    row = {"n": 6, "spend": 42.5, "spend*spend": 1056.25, "bought": 2}
    counted = Spend.from_moments(Moments.of_row(row, ["spend", "bought"]), "spend", "bought")

    assert found == counted == Spend.of(6, [12.5, 30])


@given(arm, arm)
def test_money_percent_and_p_agree(control, treated) -> None:
    found, lift = spend_effect(control, treated), spend_lift(control, treated)
    assume(min(abs(found.low), abs(found.high)) > 1e-7 * abs(found.estimate))
    assume(abs(found.p - 0.05) > 1e-6)

    assert found.low <= found.estimate <= found.high
    assert (found.p < 0.05) == (found.verdict is not Verdict.UNCLEAR)
    assert lift.verdict is found.verdict


@given(arm, arm, st.integers(2, 1000))
def test_the_unit_of_money_changes_nothing_but_the_unit(control, treated, factor) -> None:
    def dearer(one: Spend) -> Spend:
        return Spend(one.n, one.buyers, one.total * factor, one.squares * factor**2)

    plain = two_part(control, treated)
    dear = two_part(dearer(control), dearer(treated))

    assert (dear.low, dear.high) == pytest.approx(
        (plain.low * factor, plain.high * factor), rel=1e-6
    )
    assert dear.p == pytest.approx(plain.p, rel=1e-4)
    assert chosen(control, treated) == chosen(dearer(control), dearer(treated))


@given(arm, arm, st.floats(0.5, 0.98))
def test_the_order_of_the_arms_turns_the_sign_and_a_higher_level_is_wider(one, other, level):
    there, back = two_part(one, other, level=level), two_part(other, one, level=level)
    wide = two_part(one, other, level=level + 0.01)

    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
    assert wide.low <= there.low
    assert wide.high >= there.high


def test_four_buyers_are_too_few_to_read() -> None:
    few, many = Spend.of(1000, [10.0] * 4), Spend.of(100_000, np.full(600, 20.0))

    for found in (spend_effect(few, many), spend_lift(few, many), two_part(few, many)):
        assert found.verdict is Verdict.TOO_SMALL
    assert spend_effect(few, many).estimate == pytest.approx(0.12 - 0.04)


def test_refunds_are_left_to_welch() -> None:
    refunded, other = Spend.of(1000, [10.0, -30.0] * 10), Spend.of(9000, [10.0] * 180)

    assert spend_effect(refunded, other).method == "welch"
    with pytest.raises(BadInput, match="two parts need it above 0"):
        two_part(refunded, other)


def test_welch_is_chosen_once_the_skewness_is_gone() -> None:
    def of(n: int) -> Spend:
        return Spend(n, 0.01 * n, 1.0 * n, 200.0 * n)

    assert chosen(of(1_000), of(9_000)) == "two_part"
    assert chosen(of(20_000), of(400_000)) == "two_part"
    assert chosen(of(200_000), of(4_000_000)) == "welch"
    assert chosen(of(5_000), of(5_000)) == "welch"


def test_a_small_holdout_deceives_welch_and_not_two_parts(hillstrom: Hillstrom) -> None:
    rng = np.random.default_rng(20)
    spends = hillstrom.column("spend", "no")
    arms = [(drawn(spends, 2500, rng), drawn(spends, 22_500, rng)) for _ in range(DRAWS)]

    by_welch = [welch(small.sums, large.sums).low > 0 for small, large in arms]
    ours = [spend_effect(small, large).verdict for small, large in arms]

    # Nominal 2.5 % on each side; three standard errors of 600 draws are 1.9 points.
    assert 0.06 < np.mean(by_welch) < 0.13
    assert np.mean([one is Verdict.HIGHER for one in ours]) < 0.044
    assert 0.005 < np.mean([one is Verdict.LOWER for one in ours]) < 0.044


def test_what_most_customers_have_is_read_alike() -> None:
    rng = np.random.default_rng(24)

    def arm(n: int) -> Spend:
        return Spend.of(n, rng.lognormal(3, 1, rng.binomial(n, 0.6)))

    arms = [(arm(60), arm(4500)) for _ in range(DRAWS)]

    by_welch = [welch(small.sums, large.sums).low > 0 for small, large in arms]
    ours = [spend_effect(small, large).low > 0 for small, large in arms]
    assert np.mean(by_welch) > 0.06
    assert np.mean(ours) < 0.044


def test_customers_who_all_spent_the_same_are_told_apart_by_their_share_alone() -> None:
    all_of = Spend.of(100, np.full(100, 7.0))
    half = Spend.of(1000, np.full(500, 7.0))

    found = two_part(half, all_of)

    assert found.estimate == pytest.approx(3.5)
    assert found.verdict is Verdict.HIGHER
    assert found.high == pytest.approx(3.5 + 7 * 0.031, abs=0.02)


def test_a_true_lift_is_held_by_the_interval(hillstrom: Hillstrom) -> None:
    rng = np.random.default_rng(21)
    spends = hillstrom.column("spend", "no")
    lifted = hillstrom.column("spend", "mens")
    truth = lifted.mean() - spends.mean()

    found = [
        spend_effect(drawn(spends, 4000, rng), drawn(lifted, 16_000, rng)) for _ in range(DRAWS)
    ]

    missed = np.mean([not one.low <= truth <= one.high for one in found])
    assert 0.02 < missed < 0.075


def test_a_plain_lift_over_few_buyers_is_far_too_high_and_not_shown(hillstrom: Hillstrom) -> None:
    rng = np.random.default_rng(23)
    spends = hillstrom.column("spend", "no")
    arms = [(drawn(spends, 1000, rng), drawn(spends, 9000, rng)) for _ in range(DRAWS)]

    plain = [large.total / 9 / small.total - 1 for small, large in arms if small.total > 0]
    ours = [spend_lift(small, large) for small, large in arms]

    assert np.mean(plain) > 0.4
    shown = [one.estimate for one in ours if not one.too_small]
    assert np.mean(shown) < 0.25
    assert 0.2 < np.mean([one.too_small for one in ours]) < 0.45


def test_few_buyers_want_a_permutation_test() -> None:
    few, many = Spend.of(1000, np.ones(29)), Spend.of(1000, np.ones(30))

    assert wants_permutation(few, many)
    assert not wants_permutation(many, many)


def test_a_permutation_test_keeps_its_level(hillstrom: Hillstrom) -> None:
    rng = np.random.default_rng(22)
    bought = hillstrom.column("spend", "no")
    share, values = np.mean(bought > 0), bought[bought > 0]
    take = partial(rng.choice, values)

    p = [
        permutation(
            take(rng.binomial(1000, share)), take(rng.binomial(9000, share)), (1000, 9000), rng, 199
        )
        for _ in range(300)
    ]

    assert np.mean(np.array(p) <= 0.05) < 0.09
    assert 0.35 < np.mean(np.array(p) <= 0.5) < 0.65


def test_a_permutation_test_sees_what_is_there_and_is_repeatable() -> None:
    high, low = np.full(60, 50.0), np.full(20, 10.0)
    sizes = (1000.0, 1000.0)

    first = permutation(low, high, sizes, np.random.default_rng(1))
    again = permutation(low, high, sizes, np.random.default_rng(1))
    turned = permutation(high, low, sizes, np.random.default_rng(2))

    assert first == again < 0.001
    assert turned < 0.001
    assert permutation(low, low, sizes, np.random.default_rng(3)) == pytest.approx(1, abs=0.2)


def test_a_profit_needs_the_permutation_test_and_a_loss_does_not() -> None:
    control, treated = Spend.of(1000, np.full(10, 10.0)), Spend.of(9000, np.full(300, 12.0))
    found = spend_effect(control, treated, permutation_p=0.2)

    assert found.net_of(0.01).verdict is Verdict.UNCLEAR
    assert found.net_of(5.0).verdict is Verdict.LOWER


def test_uneven_limits_have_an_error_for_pooling() -> None:
    control, treated = Spend.of(1000, np.full(40, 10.0)), Spend.of(9000, np.full(300, 12.0))

    uneven = two_part(control, treated)
    even = welch(control.sums, treated.sums)

    assert uneven.error == pytest.approx((uneven.high - uneven.low) / 3.91993, rel=1e-5)
    assert even.error == even.standard_error


def test_the_permutation_test_has_to_agree() -> None:
    control, treated = Spend.of(1000, np.full(10, 10.0)), Spend.of(9000, np.full(300, 12.0))

    plain = spend_effect(control, treated)
    doubted = spend_effect(control, treated, permutation_p=0.2)

    assert plain.verdict is Verdict.HIGHER
    assert doubted.verdict is Verdict.UNCLEAR
    assert (doubted.low, doubted.high) == (plain.low, plain.high)
