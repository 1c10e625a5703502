"""Who should get it: gains where there are any, and no claims where there are none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.science.inference import Verdict
from joren.science.inference.targeting import (
    Trial,
    best_cut,
    contrast,
    dealings,
    gain_curve,
    race,
    share_kept,
    two_stage,
)
from tests.science.inference.conftest import Hillstrom

scores = st.lists(st.integers(0, 5), min_size=40, max_size=40)


def shop(n: int, seed: int = 1, cost: float = 30.0, helps: float = 0.05):
    """New customers buy because of the coupon; loyal ones would have bought anyway, at a price."""
    rng = np.random.default_rng(seed)
    loyal, fresh, noise = rng.random(n), rng.random(n), rng.random(n)
    treated = rng.random(n) < 0.5
    chance = 0.02 + 0.1 * loyal + treated * (helps * 2 * (fresh > 0.5))
    spend = (rng.random(n) < chance) * rng.lognormal(7, 0.6, n)
    features = np.column_stack([loyal, fresh > 0.5, noise])
    return Trial.of(treated, spend, chance=0.5, margin=0.4, cost=cost), features


def hillstrom_trial(data: Hillstrom, arm: str, metric: str, cost: float = 0.0):
    rows = np.isin(data.arm, ("no", arm))
    trial = Trial.of(data.arm[rows] == arm, data.columns[metric][rows], chance=0.5, cost=cost)
    return trial, data.features[rows], data.columns["history"][rows]


def test_womens_mail_to_the_best_half_keeps_most_of_its_visits(hillstrom: Hillstrom) -> None:
    trial, features, history = hillstrom_trial(hillstrom, "womens", "visit")

    seen = two_stage(trial, features, dealings(trial.size, np.random.default_rng(1)))

    assert share_kept(trial, seen.gain(trial)) >= 0.82
    assert share_kept(trial, seen.response(trial)) == pytest.approx(0.65, abs=0.03)
    assert share_kept(trial, history) == pytest.approx(0.490, abs=5e-4)


def test_for_mens_mail_no_win_over_everybody_is_claimed(hillstrom: Hillstrom) -> None:
    trial, features, history = hillstrom_trial(hillstrom, "mens", "spend", cost=0.1)
    dealt = dealings(trial.size, np.random.default_rng(2), times=1)

    seen = two_stage(trial, features, dealt)
    found = race(
        trial,
        {"uplift": seen.gain(trial) > 0},
        {
            "rfm": best_cut(trial, history, dealt[0]),
            "response": seen.response(trial) > 0,
        },
        expected=seen.expected,
    )

    drawn = race(
        trial, {"uplift": seen.gain(trial) > 0}, {"rfm": best_cut(trial, history, dealt[0])},
        expected=seen.expected, foreseen=seen.gain(trial),
    )  # fmt: skip
    assert (found.use, found.gain, found.proven) == ("everybody", 0.0, False)
    assert (drawn.plain, drawn.proven) == ("everybody", False)
    assert share_kept(trial, history) == pytest.approx(0.663, abs=5e-4)
    assert share_kept(trial, seen.gain(trial)) < share_kept(trial, history)


def test_a_win_that_is_there_is_found_and_proven() -> None:
    trial, features = shop(40_000)
    dealt = dealings(trial.size, np.random.default_rng(3), folds=5, times=1)

    seen = two_stage(trial, features, dealt)
    found = race(
        trial,
        {"uplift": seen.gain(trial) > 0},
        {
            "rfm": best_cut(trial, features[:, 0], dealt[0]),
            "response": seen.response(trial) > 0,
        },
        expected=seen.expected,
    )

    assert found.use == "uplift"
    assert found.proven
    entries = {entry.name: entry for entry in found.entries}
    assert entries["uplift"].share == pytest.approx(0.5, abs=0.02)
    # Half of the customers buy .1 more often for 1,313 at 40 %, less 30 each.
    assert found.gain == pytest.approx(1000 * 0.5 * (0.4 * 0.1 * 1313 - 30), rel=0.2)
    assert all(effect.verdict is Verdict.HIGHER for effect in found.against.values())


def test_a_rule_of_thumb_is_cut_where_it_paid_in_the_other_folds() -> None:
    trial, features = shop(30_000)
    fold = dealings(trial.size, np.random.default_rng(4), folds=3, times=1)[0]
    fresh = features[:, 1]

    cut = best_cut(trial, fresh, fold)
    free = best_cut(Trial.of(trial.treated, trial.spend, chance=0.5), fresh, fold)
    dear = best_cut(Trial.of(trial.treated, trial.spend, chance=0.5, cost=9e4), fresh, fold)

    assert cut.tolist() == (fresh > 0).tolist()
    assert free[fresh > 0].all()
    assert not dear.any()


def test_a_price_above_all_gains_sends_to_nobody() -> None:
    trial, features = shop(8000, cost=500.0)
    dealt = dealings(trial.size, np.random.default_rng(4), folds=5, times=1)

    seen = two_stage(trial, features, dealt)
    found = race(trial, {"uplift": seen.gain(trial) > 0}, {}, expected=seen.expected)

    assert found.plain == "nobody"
    assert found.use == "nobody"


def test_where_the_action_does_nothing_wins_are_hardly_ever_proven() -> None:
    rng = np.random.default_rng(5)
    proven = []
    for seed in range(200):
        trial, features = shop(2000, seed, cost=0.0, helps=0.0)
        learned = {f"guess {i}": rng.random(trial.size) < 0.5 for i in range(3)}
        found = race(trial, learned, {"rfm": features[:, 0] > 0.5})
        proven.append(found.proven)

    assert np.mean(proven) < 0.03


def test_worth_is_right_on_average_whatever_was_expected() -> None:
    trial, _ = shop(200_000, cost=60.0)
    wrong = np.random.default_rng(6).random(trial.size) * 300

    plain, told = trial.worth(), trial.worth((wrong, wrong + 50))

    # .05 more buyers, lognormal(7, .6) on average e^7.18, at 40 %, less 60.
    truth = 0.4 * 0.05 * np.exp(7.18) - 60
    for found in (plain, told):
        error = found.std() / np.sqrt(trial.size)
        assert abs(found.mean() - truth) < 4 * error


def test_expected_spend_makes_contrasts_steadier() -> None:
    rng = np.random.default_rng(7)
    level = rng.gamma(2, 100, 5000)
    treated = rng.random(5000) < 0.5
    trial = Trial.of(treated, level + rng.normal(0, 10, 5000), chance=0.5)
    everybody, nobody = np.ones(5000, dtype=bool), np.zeros(5000, dtype=bool)

    plain = contrast(trial, everybody, nobody)
    told = contrast(trial, everybody, nobody, expected=(level, level))

    assert told.standard_error < plain.standard_error / 5


@given(scores)
def test_equal_scores_come_together_and_the_order_of_rows_does_not_matter(values) -> None:
    trial, _ = shop(40, 3)
    score = np.array(values, dtype=float)
    turned = np.random.default_rng(1).permutation(40)

    curve = gain_curve(trial, score)
    other = gain_curve(
        Trial(trial.treated[turned], trial.spend[turned], 0.5, trial.margin, trial.cost),
        np.exp(score[turned]),
    )

    assert curve.share.size == np.unique(score).size + 1
    assert other.share == pytest.approx(curve.share)
    assert other.per_thousand == pytest.approx(curve.per_thousand, abs=1e-6)
    assert curve.per_thousand[0] == 0
    assert curve.per_thousand[-1] == pytest.approx(1000 * trial.worth().mean())


@given(scores)
def test_what_is_kept_of_all_is_all_and_of_equal_scores_their_share(values) -> None:
    trial, _ = shop(40, 3)
    score = np.array(values, dtype=float)

    assert share_kept(trial, score, 1.0) == pytest.approx(1)
    assert share_kept(trial, np.zeros(40), 0.3) == pytest.approx(0.3)


def test_a_contrast_turns_with_its_sides_and_scales_with_money() -> None:
    trial, features = shop(20_000)
    one, other = features[:, 1] > 0, features[:, 0] > 0.3
    dear = Trial.of(
        trial.treated, trial.spend * 7, chance=0.5, margin=trial.margin, cost=trial.cost * 7
    )

    there, back = contrast(trial, one, other), contrast(trial, other, one)
    scaled = contrast(dear, one, other)

    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
    assert (scaled.low, scaled.high) == pytest.approx((7 * there.low, 7 * there.high))


def test_policies_that_differ_in_a_few_buyers_are_too_small_to_read() -> None:
    trial, _ = shop(2000)
    everybody = np.ones(2000, dtype=bool)
    nearly = everybody.copy()
    nearly[:10] = False

    assert contrast(trial, nearly, everybody).verdict is Verdict.TOO_SMALL
    assert contrast(trial, everybody, everybody).estimate == 0


def test_customers_are_foreseen_by_fits_that_did_not_see_them() -> None:
    trial, features = shop(3000)
    dealt = dealings(3000, np.random.default_rng(8), folds=3, times=1)
    mine = dealt[0] == 1

    plain = two_stage(trial, features, dealt)
    changed = trial.spend.copy()
    changed[mine] = 9999.0
    other = two_stage(Trial(trial.treated, changed, 0.5, trial.margin, trial.cost), features, dealt)

    assert other.after[mine] == pytest.approx(plain.after[mine])
    assert other.value_after[mine] == pytest.approx(plain.value_after[mine])
    assert other.after[~mine].mean() > plain.after[~mine].mean() + 0.1


def test_dealings_are_even() -> None:
    dealt = dealings(1003, np.random.default_rng(9), folds=10, times=2)

    assert len(dealt) == 2
    assert all(np.ptp(np.bincount(fold)) <= 1 for fold in dealt)
    assert (dealt[0] != dealt[1]).any()


def test_what_no_policy_can_be_learned_from_is_refused() -> None:
    trial, features = shop(100)

    with pytest.raises(BadInput, match="treated is neither 0 nor 1"):
        Trial.of([2.0], [1.0], chance=0.5)
    with pytest.raises(BadInput, match="a chance of 1"):
        Trial.of([1.0], [1.0], chance=1)
    with pytest.raises(BadInput, match="some spent less than 0"):
        two_stage(
            Trial(trial.treated, trial.spend - 1, 0.5),
            features,
            dealings(100, np.random.default_rng(1)),
        )
    with pytest.raises(BadInput, match="100 customers, 99 rows"):
        two_stage(trial, features[1:], dealings(100, np.random.default_rng(1)))
    with pytest.raises(BadInput, match="two policies are called everybody"):
        race(trial, {"everybody": trial.treated}, {})


def cheaper(trial: Trial, by: float) -> Trial:
    """As if each order of the treated left so much less."""
    spend = np.where(trial.treated, trial.spend * by, trial.spend)
    return Trial(trial.treated, spend, 0.5, trial.margin, trial.cost)


def test_a_discount_is_seen_in_the_order_value_and_chance_is_not() -> None:
    trial, features = shop(20_000)
    dealt = dealings(20_000, np.random.default_rng(8), folds=3, times=1)

    same = two_stage(trial, features, dealt)
    less = two_stage(cheaper(trial, 0.7), features, dealt)

    ratio = same.value_after.mean() / same.value_before.mean()
    assert ratio == pytest.approx(1, abs=0.05)
    assert less.value_after.mean() / less.value_before.mean() == pytest.approx(0.7, abs=0.06)
    assert less.gain(trial).mean() < same.gain(trial).mean()


def test_a_race_is_drawn_to_what_is_foreseen_and_away_from_it_by_what_came() -> None:
    trial, features = shop(20_000)
    dealt = dealings(20_000, np.random.default_rng(8), folds=3, times=1)
    seen = two_stage(trial, features, dealt)
    gain = seen.gain(trial)

    near = race(trial, {"uplift": gain > 0}, {}, expected=seen.expected, foreseen=gain)
    far = race(trial, {"uplift": gain > 0}, {}, expected=seen.expected, foreseen=gain - 50.0)

    by_name = {one.name: one for one in near.entries}
    mean = float(((gain > 0) * gain).mean()) - max(float(gain.mean()), 0.0)
    assert by_name["uplift"].shrunk == pytest.approx(mean, abs=0.2)
    assert near.plain == far.plain  # fifty too little of each is more than chance
    assert [one.over_nobody for one in near.entries] == [one.over_nobody for one in far.entries]
