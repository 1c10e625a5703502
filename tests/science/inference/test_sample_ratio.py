"""Sample ratio mismatch: seen, not imagined, and with its likely cause."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from joren.core.errors import BadInput
from joren.science.inference import loss, sample_ratio
from joren.science.inference.sample_ratio import Cause, Likely


@given(st.lists(st.tuples(st.integers(1, 10_000), st.integers(1, 9)), min_size=2, max_size=5))
def test_it_is_pearsons_chi_square(arms) -> None:
    counts, shares = np.array(arms, dtype=float).T

    found = sample_ratio(counts, shares)

    theirs = stats.chisquare(counts, shares / shares.sum() * counts.sum())
    assert found.chi_square == pytest.approx(theirs.statistic)
    assert found.p == pytest.approx(theirs.pvalue, abs=1e-12)


def test_sound_assignments_hardly_ever_block() -> None:
    counts = np.random.default_rng(1).binomial(20_000, 0.05, 3000)

    blocked = [sample_ratio((int(held), 20_000 - int(held)), (5, 95)).blocks for held in counts]

    assert np.mean(blocked) < 0.004


def test_a_broken_assignment_blocks_and_says_since_when() -> None:
    found = sample_ratio(
        (9_300, 10_700),
        stages={"assigned": (9_300, 10_700), "measured": (9_000, 10_500)},
    )

    assert found.blocks
    assert found.likely == (Likely(Cause.ASSIGNED_UNEVENLY, ("assigned",)),)


def test_customers_lost_after_the_assignment_name_the_stage() -> None:
    found = sample_ratio(
        (9_300, 10_000),
        stages={"assigned": (10_020, 9_980), "sent": (10_010, 9_975), "measured": (9_300, 10_000)},
    )

    assert found.likely == (Likely(Cause.LOST_ON_THE_WAY, ("measured",)),)


def test_one_bad_day_is_named() -> None:
    days = {f"day {i}": (1000 + i, 1001) for i in range(6)} | {"day 6": (400, 1000)}

    found = sample_ratio(tuple(np.sum(list(days.values()), axis=0)), groups=days)

    assert found.likely == (Likely(Cause.IN_SOME_GROUPS, ("day 6",)),)


def test_shares_other_than_planned_lean_everywhere() -> None:
    days = {f"day {i}": (900, 1100) for i in range(6)}

    found = sample_ratio((5400, 6600), groups=days)

    assert found.likely[0].cause is Cause.EVERYWHERE


def test_people_in_two_arms_block_whatever_the_counts_say() -> None:
    found = sample_ratio((1000, 1000), in_two_arms=3)

    assert found.blocks
    assert found.likely == (Likely(Cause.IN_TWO_ARMS),)


@given(
    st.tuples(st.integers(1, 400), st.integers(1, 400)),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_loss_is_fishers_exact_test(drawn, shares) -> None:
    lost = tuple(int(n * share) for n, share in zip(drawn, shares, strict=True))
    left = tuple(n - gone for n, gone in zip(drawn, lost, strict=True))

    found = loss(left, drawn)

    assert found.lost == lost
    assert found.p == pytest.approx(stats.fisher_exact([lost, left]).pvalue, abs=1e-9)


def test_an_arm_that_loses_a_tenth_beside_one_that_loses_nobody_blocks() -> None:
    assert not sample_ratio((681, 327), (771, 327)).blocks
    assert loss((681, 327), (771, 327)).p < 1e-10
    assert not loss((741, 315), (771, 327)).blocks


def test_arms_that_lose_by_chance_hardly_ever_block() -> None:
    gone = np.random.default_rng(2).binomial((900, 100), 0.05, (3000, 2))

    blocked = [loss((900 - int(a), 100 - int(b)), (900, 100)).blocks for a, b in gone]

    assert np.mean(blocked) <= 0.002


def test_before_anybody_came_nothing_is_wrong() -> None:
    found = sample_ratio((0, 0))

    assert (found.p, found.blocks, found.likely) == (1, False, ())


def test_one_arm_and_a_share_of_0_are_refused() -> None:
    with pytest.raises(BadInput, match="1 arms"):
        sample_ratio((10,))
    with pytest.raises(BadInput, match="planned shares"):
        sample_ratio((10, 10), (0, 1))
