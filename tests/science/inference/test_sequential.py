"""Looking early: printed boundaries, and no more false alarms than promised."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from math import isnan

import numpy as np
import pytest
from scipy.special import ndtri

from joren.core.errors import BadInput
from joren.science.inference import Average, Effect, Verdict, difference_of, newcombe
from joren.science.inference.sequential import (
    Plan,
    Spending,
    any_time,
    any_time_level,
    at_look,
    boundaries,
    crossing,
    even_looks,
    inflation,
    look_level,
    spent,
)

# Jennison & Turnbull (2000), Group Sequential Methods, and the R package gsDesign.
PRINTED = {
    2: (2.9626, 1.9686),
    3: (3.7103, 2.5114, 1.9930),
    4: (4.3326, 2.9631, 2.3590, 2.0141),
    5: (4.8769, 3.3570, 2.6803, 2.2898, 2.0310),
}


def effect_at(z: float, level: float) -> Effect:
    """An effect of z standard errors of 1, many customers in each arm."""
    arms = Average(0.0, 0.5, 1e7), Average(z, 0.5, 1e7)
    return difference_of(*arms, "welch", level)


def paths(looks: int, count: int, seed: int = 1) -> np.ndarray:
    """z at even looks of tests in which nothing happens."""
    steps = np.random.default_rng(seed).normal(size=(count, looks))
    return np.cumsum(steps, axis=1) / np.sqrt(np.arange(1, looks + 1))


@pytest.mark.parametrize("looks", PRINTED)
def test_obrien_flemings_boundaries_are_as_printed(looks: int) -> None:
    assert boundaries(even_looks(looks)) == pytest.approx(PRINTED[looks], abs=1e-4)


def test_pococks_boundaries_are_as_printed() -> None:
    found = boundaries(Plan((0.2, 0.4, 0.6, 0.8, 1.0), spending=Spending.POCOCK))

    assert found == pytest.approx((2.4380, 2.4268, 2.4101, 2.3966, 2.3859), abs=2e-4)


@pytest.mark.parametrize("spending", Spending)
def test_all_is_spent_at_the_end_and_no_more(spending: Spending) -> None:
    shares = np.linspace(0.01, 1, 50)

    by_then = [spent(share, 0.05, spending) for share in shares.tolist()]

    assert by_then == sorted(by_then)
    assert by_then[-1] == pytest.approx(0.05)


@pytest.mark.parametrize("looks", [1, 4, 12, 28])
def test_the_error_over_all_looks_is_the_plans(looks: int) -> None:
    plan = even_looks(looks)
    z = np.abs(paths(looks, 20_000))

    alarms = np.mean((z > np.array(boundaries(plan))).any(axis=1))
    naive = np.mean((z > 1.96).any(axis=1))

    assert crossing(plan, 0.0) == pytest.approx(0.05, abs=1e-6)
    assert alarms == pytest.approx(0.05, abs=0.006)
    assert looks == 1 or naive > 0.11


def test_one_look_is_no_sequence_at_all() -> None:
    assert boundaries(even_looks(1)) == pytest.approx((1.959964,), abs=1e-6)
    assert inflation(even_looks(1)) == 1


def test_a_look_that_comes_unplanned_leaves_the_others_their_share() -> None:
    planned = boundaries(Plan((0.5, 1.0)))
    moved = boundaries(Plan((0.43, 0.5, 1.0)))

    assert moved[0] > planned[0]
    assert moved[-1] == pytest.approx(planned[-1], abs=0.03)
    assert crossing(Plan((0.43, 0.5, 1.0)), 0.0) == pytest.approx(0.05, abs=1e-6)


def test_looks_cost_little_by_obrien_fleming_and_more_by_pocock() -> None:
    pocock = Plan((0.2, 0.4, 0.6, 0.8, 1.0), spending=Spending.POCOCK)

    assert 1.01 < inflation(even_looks(5), 0.9) < 1.04
    assert 1.15 < inflation(pocock, 0.9) < 1.25


def test_the_interval_of_a_look_excludes_0_where_z_crosses() -> None:
    plan = even_looks(5)

    for look, limit in enumerate(boundaries(plan)):
        inside = at_look(partial(effect_at, limit - 0.01), plan, look)
        outside = at_look(partial(effect_at, limit + 0.01), plan, look)
        assert inside.verdict is Verdict.UNCLEAR
        assert outside.verdict is Verdict.HIGHER
        assert inside.p > 0.05 > outside.p
        assert outside.level == 0.95
        assert outside.method == f"welch_look_{look + 1}_of_5"


def test_daily_looking_with_a_confidence_sequence_raises_few_alarms() -> None:
    days = 90
    z = np.abs(paths(days, 20_000, 2))
    limits = [-ndtri((1 - any_time_level((i + 1) / days)) / 2) for i in range(days)]

    alarms = np.mean((z > np.array(limits)).any(axis=1))

    assert 0.004 < alarms < 0.03
    assert limits[-1] == pytest.approx(3.0351, abs=1e-3)


def test_the_sequence_is_narrowest_at_the_plans_end() -> None:
    at = {share: any_time_level(share) for share in (0.05, 0.5, 0.9, 1.0, 1.1, 3.0)}

    assert min(at, key=at.__getitem__) == 1.0
    assert any_time_level(1.0, 0.9) < any_time_level(1.0, 0.95)


def test_a_p_for_any_day_says_what_its_interval_says() -> None:
    for reached in (0.1, 0.6, 1.0, 2.0):
        limit = -ndtri((1 - any_time_level(reached)) / 2)
        inside = any_time(partial(effect_at, limit - 0.01), reached)
        outside = any_time(partial(effect_at, limit + 0.01), reached)
        assert inside.verdict is Verdict.UNCLEAR
        assert outside.verdict is Verdict.HIGHER
        assert inside.p > 0.05 > outside.p


def test_the_first_of_many_looks_and_the_first_day_have_an_interval() -> None:
    early = at_look(partial(effect_at, 7.0), even_looks(90), 0)
    first_day = any_time(partial(effect_at, 7.0), 0.002)
    shares = any_time(lambda level: newcombe((50, 1000), (80, 1000), level=level), 0.002)

    for found in (early, first_day, shares):
        assert found.verdict is Verdict.UNCLEAR
        assert found.p > 0.05
        assert np.isfinite([found.low, found.high]).all()


def test_a_permutation_test_is_held_to_the_looks_own_level() -> None:
    def at(level: float) -> Effect:
        return replace(effect_at(5.0, level), permutation_p=0.01)

    assert replace(effect_at(5.0, 0.95), permutation_p=0.01).verdict is Verdict.HIGHER
    assert at_look(at, even_looks(4), 0).verdict is Verdict.UNCLEAR
    assert at_look(at, even_looks(4), 3).verdict is Verdict.HIGHER
    assert any_time(at, 1.0).verdict is Verdict.UNCLEAR


def test_what_is_too_small_stays_so() -> None:
    def unread(level: float) -> Effect:
        return difference_of(Average(0, 1, 3), Average(1, 1, 3), "welch", level)

    for found in (at_look(unread, even_looks(3), 1), any_time(unread, 0.5)):
        assert found.verdict is Verdict.TOO_SMALL
        assert isnan(found.p)


def test_looks_out_of_order_and_beyond_the_plan_are_refused() -> None:
    with pytest.raises(BadInput, match=r"looks at 0\.5, 0\.4"):
        Plan((0.5, 0.4))
    with pytest.raises(BadInput, match="looks at nothing"):
        Plan(())
    with pytest.raises(BadInput, match="look 3 of a plan with 3"):
        look_level(even_looks(3), 3)
    with pytest.raises(BadInput, match="-1 of the plan"):
        any_time_level(-1)
