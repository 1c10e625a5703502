"""Incremental LTV: what a projection may be trusted with."""

from __future__ import annotations

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.inference import Effect, Matured, Moments, Verdict, incremental_value
from joren.science.inference.incremental import (
    ENOUGH,
    Basis,
    IncrementalValue,
    Label,
    board,
    of_moments,
    payback,
)


def effect(estimate: float, error: float) -> Effect:
    return Effect(
        estimate,
        estimate - 1.959964 * error,
        estimate + 1.959964 * error,
        0.95,
        0.5,
        (1e4, 1e4),
        "welch",
        error,
    )


def matured(count: int, spread: float, bias: float = 0.0, seed: int = 1) -> list[Matured]:
    rng = np.random.default_rng(seed)
    told = rng.normal(100, 30, count)
    came = told + bias + spread * rng.normal(size=count)
    return [Matured(a, b, 4.0, 3.0) for a, b in zip(told.tolist(), came.tolist(), strict=True)]


def test_before_ten_actions_matured_no_projection_is_declared() -> None:
    found = incremental_value(
        effect(100, 5),
        effect(200, 5),
        correlation=0.5,
        worth=1000.0,
        model_error=0.1,
        matured=matured(ENOUGH - 1, 1.0),
    )

    assert found.board.label is Label.NOT_YET_VALIDATED
    assert found.realised.verdict is Verdict.HIGHER
    assert found.verdict is Verdict.UNCLEAR
    assert found.estimate == 300


def test_orders_that_were_only_pulled_forward_are_within_the_first_intervals() -> None:
    # 100 more in the first weeks, taken for better customers; in the year it was nothing.
    found = incremental_value(
        effect(100, 5), effect(60, 5), correlation=0.5, worth=1000.0, model_error=0.1
    )

    assert found.low < 0 < found.high
    # Nor would lift and then fatigue be out of sight.
    assert found.low < -100


def test_what_the_first_weeks_cannot_show_is_within_the_first_intervals() -> None:
    # Customers stay longer: nothing yet, and 8 % of their year's worth in the end.
    found = incremental_value(
        effect(0, 1), effect(0, 2), correlation=0.5, worth=1000.0, model_error=0.1
    )

    assert found.low < 0
    assert found.high > 80


def test_ten_matured_actions_make_it_as_wide_as_they_were_off() -> None:
    close = incremental_value(
        effect(100, 5),
        effect(200, 5),
        correlation=0.5,
        worth=1000.0,
        model_error=0.05,
        matured=matured(30, 20.0),
    )
    far = incremental_value(
        effect(100, 5),
        effect(200, 5),
        correlation=0.5,
        worth=1000.0,
        model_error=0.05,
        matured=matured(30, 200.0),
    )

    assert close.board.label is Label.VALIDATED
    assert close.verdict is Verdict.HIGHER
    assert far.verdict is Verdict.UNCLEAR
    assert close.between == pytest.approx(20, rel=0.4)


def test_a_projection_that_was_always_too_high_is_corrected() -> None:
    found = incremental_value(
        effect(100, 5),
        effect(200, 5),
        correlation=0.0,
        worth=1000.0,
        model_error=0.05,
        matured=matured(40, 10.0, bias=-80.0),
    )

    assert found.correction == pytest.approx(-80, abs=8)
    assert found.estimate == pytest.approx(220, abs=8)


def test_intervals_of_new_actions_hold_what_came() -> None:
    held = []
    for seed in range(300):
        rng = np.random.default_rng(1000 + seed)
        off = rng.normal(-30, 40)
        truth = 150 + off
        seen = effect(100 + 5 * rng.normal(), 5), effect(50 + 10 * rng.normal(), 10)
        found = incremental_value(
            *seen,
            correlation=0.0,
            worth=1000.0,
            model_error=0.0,
            matured=matured(15, 40.0, -30.0, seed),
        )
        held.append(found.low <= truth <= found.high)

    assert 0.91 < np.mean(held) < 0.985


def test_each_doubt_makes_it_wider() -> None:
    def width(correlation: float = 0.0, model_error: float = 0.0, spread: float = 1.0) -> float:
        found = incremental_value(
            effect(100, 5),
            effect(200, 5),
            correlation=correlation,
            worth=1000.0,
            model_error=model_error,
            matured=matured(20, spread),
        )
        return found.high - found.low

    plain = width()

    assert width(correlation=0.9) > plain
    assert width(correlation=-0.9) < plain
    assert width(model_error=0.1) > plain
    assert width(spread=50.0) > plain


def test_moments_know_how_the_parts_move_together() -> None:
    rng = np.random.default_rng(5)
    arms = []
    for size, lift in ((500, 0.0), (5000, 1.0)):
        now = rng.gamma(2, 5, size) + lift
        arms.append({"now": now, "later": 2 * now + rng.normal(0, 5, size)})

    found = of_moments(
        *(Moments.of(arm) for arm in arms),
        "now",
        "later",
        model_error=0.0,
        matured=matured(60, 0.1),
    )

    whole = [arm["now"] + arm["later"] for arm in arms]
    error = np.sqrt(sum(one.var(ddof=1) / one.size for one in whole))
    assert found.sampling == pytest.approx(error, rel=0.01)
    assert found.estimate - found.correction == pytest.approx(whole[1].mean() - whole[0].mean())


def test_a_realised_part_that_is_too_small_leaves_nothing_to_say() -> None:
    nothing = Effect(5.0, np.nan, np.nan, 0.95, np.nan, (10, 10), "two_part", too_small=True)

    found = incremental_value(
        nothing, effect(200, 5), correlation=0.0, worth=1000.0, model_error=0.1
    )

    assert found.verdict is Verdict.TOO_SMALL


def test_money_back_per_money_spent() -> None:
    found = incremental_value(
        effect(100, 5),
        effect(200, 5),
        correlation=0.0,
        worth=1000.0,
        model_error=0.0,
        matured=matured(20, 1.0),
    )

    limits = (found.estimate, found.low, found.high)
    middle, low, high = payback(limits, 150.0)

    assert low < middle < high
    assert middle == pytest.approx(2, rel=0.05)
    assert payback(limits, 0.0)[0] == np.inf


def repeated(
    rng: np.random.Generator, *, spread: float, count: int = ENOUGH
) -> tuple[list[Matured], float]:
    """Repeats of an action whose first weeks tell little, and what the next one truly brings."""
    true = 200 + spread * rng.normal(size=count + 1)
    told = 40 + 30 * rng.normal(size=count)
    came = true[:count] + 80 * rng.normal(size=count)
    pairs = zip(told.tolist(), came.tolist(), strict=True)
    return [Matured(a, b, 30.0, 80.0) for a, b in pairs], float(true[count])


def next_of(rng: np.random.Generator, matured: list[Matured], early: float) -> IncrementalValue:
    return incremental_value(
        effect(early / 2 + 20 * rng.normal(), 20),
        effect(early / 2 + 22 * rng.normal(), 22),
        correlation=0.0,
        worth=1000.0,
        model_error=0.2,
        matured=matured,
        repeats=True,
    )


@pytest.mark.parametrize("spread", [0.0, 60.0, 200.0])
def test_what_repeats_brought_holds_what_the_next_one_brings(spread: float) -> None:
    held, surer = [], []
    for seed in range(300):
        rng = np.random.default_rng((seed, int(spread)))
        matured, truth = repeated(rng, spread=spread)
        found = next_of(rng, matured, 40.0)
        held.append(found.low <= truth <= found.high)
        surer.append(found.basis is Basis.REPEATS)

    assert np.mean(held) > 0.92
    assert np.mean(surer) > 0.5


def test_first_weeks_unlike_those_of_its_repeats_speak_for_themselves() -> None:
    rng = np.random.default_rng(9)
    matured, _ = repeated(rng, spread=0.0)

    like, unlike = next_of(rng, matured, 40.0), next_of(rng, matured, 400.0)

    assert (like.basis, unlike.basis) == (Basis.REPEATS, Basis.FIRST_WEEKS)
    assert like.estimate == pytest.approx(np.mean([one.outcome for one in matured]))
    assert unlike.estimate > 400
    assert like.correction == pytest.approx(like.estimate - like.told)


def test_nine_repeats_are_not_enough() -> None:
    rng = np.random.default_rng(10)
    matured, _ = repeated(rng, spread=0.0, count=ENOUGH - 1)

    found = next_of(rng, matured, 40.0)

    assert (found.basis, found.board.label) == (Basis.FIRST_WEEKS, Label.NOT_YET_VALIDATED)


def test_limits_of_unlike_levels_are_refused() -> None:
    other = Effect(1, 0, 2, 0.9, 0.5, (10, 10), "welch")

    with pytest.raises(BadInput, match=r"limits at 0\.9 and at 0\.95"):
        incremental_value(other, effect(1, 1), correlation=0.0, worth=1000.0, model_error=0.0)
    with pytest.raises(BadInput, match="a correlation of 2"):
        incremental_value(effect(1, 1), effect(1, 1), correlation=2, worth=1000.0, model_error=0.0)
    assert board([]).actions == 0
