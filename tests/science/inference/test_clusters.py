"""Whole clusters that got something: what was put in is found, and chance is known."""

from __future__ import annotations

from math import inf, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.science.inference import cluster_detectable, cluster_lift, fewest_deals, ways

PAIRS = np.repeat(np.arange(8), 2)
FIRSTS = np.tile([True, False], 8)


def areas(rng: np.random.Generator, pairs: int = 8) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Before, after and arms of pairs of areas alike, where nothing was done."""
    size = np.repeat(np.exp(rng.normal(10, 1, pairs)), 2)
    before, after = (size * np.exp(rng.normal(0, 0.1, 2 * pairs)) for _ in range(2))
    first = rng.random(pairs) < 0.5
    return before, after * 1.3, np.stack([first, ~first], axis=1).ravel()


def test_a_factor_without_noise_is_found_as_it_is() -> None:
    before = np.arange(1.0, 17.0)

    found = cluster_lift(before, before * np.where(FIRSTS, 1.2, 1.0) * 3, FIRSTS, PAIRS)

    assert found.lift == pytest.approx(0.2)
    assert found.gain == pytest.approx((before[FIRSTS] * 3 * 0.2).sum())
    assert (found.low, found.high) == pytest.approx((0.2, 0.2), abs=1e-6)
    assert found.p == pytest.approx(2 / 256)


@pytest.mark.parametrize("lift", [0.0, 0.25])
def test_intervals_hold_the_truth_as_often_as_they_say(
    rng: np.random.Generator, lift: float
) -> None:
    held, above = 0, 0
    for _ in range(300):
        before, after, arms = areas(rng)
        found = cluster_lift(before, after * np.where(arms, 1 + lift, 1), arms, PAIRS)
        held += found.low <= lift <= found.high
        above += found.low > lift

    assert 0.92 <= held / 300 <= 0.99
    assert above / 300 <= 0.05


def test_interval_and_p_say_the_same(rng: np.random.Generator) -> None:
    for _ in range(60):
        before, after, arms = areas(rng)
        found = cluster_lift(before, after * np.where(arms, 1.1, 1), arms, PAIRS)

        assert (found.low > 0 or found.high < 0) == (found.p <= 0.05)


@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(0.01, 100))
def test_units_and_the_order_of_clusters_do_not_matter(seed: int, one: float, other: float) -> None:
    rng = np.random.default_rng(seed)
    before, after, arms = areas(rng)
    order = rng.permutation(before.size)

    plain = cluster_lift(before, after, arms, PAIRS)
    scaled = cluster_lift(before[order] * one, after[order] * other, arms[order], PAIRS[order])

    assert (scaled.lift, scaled.low, scaled.high, scaled.p) == pytest.approx(
        (plain.lift, plain.low, plain.high, plain.p), rel=1e-6, abs=1e-6
    )
    assert scaled.gain == pytest.approx(plain.gain * other, rel=1e-6)


@given(st.integers(0, 10_000))
def test_arms_that_change_places_turn_the_factor_over(seed: int) -> None:
    before, after, arms = areas(np.random.default_rng(seed))

    one, other = (cluster_lift(before, after, each, PAIRS) for each in (arms, ~arms))

    assert (1 + one.lift) * (1 + other.lift) == pytest.approx(1)
    assert (1 + one.low) * (1 + other.high) == pytest.approx(1, rel=1e-6)


def test_too_few_deals_are_not_read() -> None:
    before = np.arange(1.0, 11.0)
    arms, blocks = FIRSTS[:10], PAIRS[:10]

    found = cluster_lift(before, before, arms, blocks)

    assert fewest_deals(0.95) == 40
    assert ways(arms, blocks) == found.deals == 32
    assert not found.known
    assert isnan(found.p)
    assert isnan(cluster_detectable(before, before, arms, blocks))
    assert cluster_lift(before, before, arms, np.zeros(10)).known  # 252 deals of one block


def test_an_arm_of_nothing_is_not_read() -> None:
    before = np.ones(16)

    nothing = cluster_lift(before, np.where(FIRSTS, 1.0, 0.0), FIRSTS, PAIRS)
    little = cluster_lift(before, np.where(np.arange(16) == 0, 5.0, 0.0), FIRSTS, PAIRS)

    assert not nothing.known
    assert not little.known
    assert isnan(nothing.gain)


def test_many_areas_are_dealt_by_chance_and_the_same_each_time(rng: np.random.Generator) -> None:
    before, after, arms = areas(rng, pairs=23)
    blocks = np.repeat(np.arange(23), 2)

    one, other = (cluster_lift(before, after, arms, blocks) for _ in range(2))

    assert one == other
    assert one.deals == 2**23
    assert -inf < one.low < one.lift < one.high < inf


def test_what_can_be_detected_is_found_four_times_in_five(rng: np.random.Generator) -> None:
    before, after, arms = areas(rng)
    least = float(np.median([
        cluster_detectable(*areas(np.random.default_rng(each)), PAIRS) for each in range(40)
    ]))  # fmt: skip

    proven = 0
    for _ in range(200):
        before, after, arms = areas(rng)
        proven += cluster_lift(before, after * np.where(arms, 1 + least, 1), arms, PAIRS).low > 0

    assert 0.65 <= proven / 200 <= 0.92
