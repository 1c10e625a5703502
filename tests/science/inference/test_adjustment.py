"""Covariates, strata and clusters: unbiased, and honest about what they save."""

from __future__ import annotations

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.inference import (
    Moments,
    Sums,
    Verdict,
    adjusted_per_arm,
    cap_at,
    cluster_moments,
    clustered,
    cuped,
    post_stratified,
    welch,
)

TRUTH = 0.5


def trial(rng, n=(400, 1600), slope=2.0, twice=0.0):
    """Two arms whose outcome follows what was known before; `twice`: the action works by it too."""
    arms = []
    for size, treated in zip(n, (0, 1), strict=True):
        past = rng.gamma(2, 1, size)
        other = rng.normal(0, 1, size)
        now = slope * past + treated * (TRUTH + twice * (past - 2)) + rng.normal(0, 1, size)
        arms.append({"now": now, "past": past, "other": other})
    return arms


@pytest.mark.parametrize("adjust", [cuped, adjusted_per_arm])
def test_a_covariate_that_tells_saves_what_it_explains(adjust) -> None:
    rng = np.random.default_rng(1)
    found = [
        adjust(*(Moments.of(arm) for arm in trial(rng)), "now", ["past", "other"])
        for _ in range(300)
    ]

    estimates = np.array([one.effect.estimate for one in found])
    held = [one.effect.low <= TRUTH <= one.effect.high for one in found]
    told = np.mean([one.effect.standard_error for one in found])
    assert estimates.mean() == pytest.approx(TRUTH, abs=4 * told / np.sqrt(300))
    assert told == pytest.approx(estimates.std(), rel=0.15)
    assert 0.91 < np.mean(held) < 0.985
    # The outcome's variance is 2^2 · 2 + 1 before, and 1 after.
    assert np.mean([one.variance_ratio for one in found]) == pytest.approx(1 / 9, rel=0.1)
    assert found[0].saved == pytest.approx(1 - found[0].variance_ratio)


def test_slopes_of_their_own_are_honest_where_the_action_works_by_the_covariate() -> None:
    rng = np.random.default_rng(2)
    found = [
        adjusted_per_arm(
            *(Moments.of(arm) for arm in trial(rng, (1000, 200), twice=3.0)), "now", ["past"]
        )
        for _ in range(300)
    ]

    held = [one.effect.low <= TRUTH <= one.effect.high for one in found]
    assert 0.91 < np.mean(held) < 0.985


def test_slopes_are_least_squares() -> None:
    control, treated = trial(np.random.default_rng(3))
    both = {name: np.concatenate([control[name], treated[name]]) for name in control}

    found = cuped(Moments.of(control), Moments.of(treated), "now", ["past", "other"])

    design = np.column_stack([np.ones(2000), both["past"], both["other"]])
    theirs = np.linalg.lstsq(design, both["now"], rcond=None)[0]
    assert found.slopes == pytest.approx(theirs[1:])
    by_hand = [
        arm["now"] - theirs[1] * arm["past"] - theirs[2] * arm["other"]
        for arm in (control, treated)
    ]
    plain = welch(Sums.of(by_hand[0]), Sums.of(by_hand[1]))
    assert (found.effect.low, found.effect.high) == pytest.approx((plain.low, plain.high))


def test_a_covariate_without_news_changes_nothing() -> None:
    arms = trial(np.random.default_rng(4))
    for arm in arms:
        arm["flat"] = np.full(arm["now"].size, 7.3)
        arm["same"] = 3 * arm["past"]
    moments = [Moments.of(arm) for arm in arms]

    one = cuped(*moments, "now", ["past"])
    more = cuped(*moments, "now", ["past", "flat", "same"])
    none = cuped(*moments, "now", ["flat"])

    assert more.effect.estimate == pytest.approx(one.effect.estimate)
    assert more.effect.standard_error == pytest.approx(one.effect.standard_error)
    assert none.effect.estimate == pytest.approx(none.plain.estimate)
    assert none.variance_ratio == pytest.approx(1)


def test_the_unit_of_a_covariate_does_not_matter() -> None:
    arms = trial(np.random.default_rng(5))
    dear = [{**arm, "past": 1e7 * arm["past"] + 1e6} for arm in arms]

    plain = cuped(*(Moments.of(arm) for arm in arms), "now", ["past", "other"])
    other = cuped(*(Moments.of(arm) for arm in dear), "now", ["past", "other"])

    assert other.effect.low == pytest.approx(plain.effect.low, rel=1e-6)
    assert other.slopes[0] == pytest.approx(plain.slopes[0] / 1e7, rel=1e-6)


def test_no_covariate_and_the_outcome_itself_are_refused() -> None:
    arms = [Moments.of(arm) for arm in trial(np.random.default_rng(6))]

    with pytest.raises(BadInput, match="covariates none for now"):
        cuped(*arms, "now", [])
    with pytest.raises(BadInput, match="covariates now for now"):
        cuped(*arms, "now", ["now"])


def test_strata_of_unlike_sizes_are_weighed_by_all_customers() -> None:
    strata = [
        (Sums.of(np.arange(100.0)), Sums.of(np.arange(300.0) / 3 + 10)),
        (Sums.of(np.arange(50.0) + 1000), Sums.of(np.arange(50.0) + 1020)),
    ]

    found = post_stratified(strata)

    inside = [float(t.mean - c.mean) for c, t in strata]
    assert found.effect.estimate == pytest.approx(0.8 * inside[0] + 0.2 * inside[1])
    assert found.variance_ratio < 0.05
    assert found.effect.verdict is Verdict.HIGHER


def test_one_stratum_is_welch() -> None:
    arms = Sums.of(np.arange(40.0)), Sums.of(np.arange(60.0) ** 1.2)

    found = post_stratified([arms])

    plain = welch(*arms)
    assert (found.effect.low, found.effect.high) == pytest.approx((plain.low, plain.high))


def test_a_stratum_of_one_is_named() -> None:
    with pytest.raises(BadInput, match="stratum 1 has 1 and 60 customers"):
        post_stratified(
            [(Sums.of(np.arange(9.0)),) * 2, (Sums.of([1.0]), Sums.of(np.arange(60.0)))]
        )


def test_assigned_stores_are_as_sure_as_their_number_allows() -> None:
    rng = np.random.default_rng(7)

    def arm():
        sizes = rng.integers(20, 60, 30)
        store = np.repeat(np.arange(30.0), sizes)
        return store, rng.normal(0, 1, 30)[store.astype(int)] + rng.normal(0, 1, store.size)

    by_store, by_customer = [], []
    for _ in range(300):
        arms = [arm(), arm()]
        control, treated = (cluster_moments(*one) for one in arms)
        effect = clustered(control, treated, "total", "size")
        plain = welch(Sums.of(arms[0][1]), Sums.of(arms[1][1]))
        by_store.append(effect.low <= 0 <= effect.high)
        by_customer.append(plain.low <= 0 <= plain.high)
        assert effect.estimate == pytest.approx(plain.estimate)

    assert np.mean(by_store) > 0.9
    assert np.mean(by_customer) < 0.6


def test_nine_stores_are_too_few_to_read() -> None:
    few = cluster_moments(np.repeat(np.arange(9.0), 50), np.ones(450))

    assert clustered(few, few, "total", "size").verdict is Verdict.TOO_SMALL


def test_a_cap_is_a_quantile_and_no_percentage() -> None:
    assert cap_at(np.arange(1001.0), 0.9) == 900
    with pytest.raises(BadInput, match="a share of 99"):
        cap_at(np.arange(10.0), 99)
