from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.science.clv import beta_discrete_weibull, shifted_beta_geometric
from joren.science.clv.renewal_choosing import (
    DEFAULT,
    FITS,
    RenewalOrigin,
    choose_renewals,
    rate_limits,
)
from joren.science.clv.renewals import Contracts
from joren.science.clv.renewals_ahead import Ahead, Waits

STEADY = shifted_beta_geometric.given(alpha=1.0, beta=3.4)
WEARY = beta_discrete_weibull.given(alpha=0.9, beta=20.0, c=2.5)


def _origins(
    truth: shifted_beta_geometric.Fitted | beta_discrete_weibull.Fitted, contracts: int
) -> list[RenewalOrigin]:
    """Contracts of all ages at each of four days: what was decided by it, and in a year after."""
    found = []
    for number in range(4):
        rng = np.random.default_rng(number)
        due = rng.integers(1, 24, contracts)
        made = truth.simulate(np.full(contracts, 36), rng)
        before, after = _split(made, float(np.median(due)))
        found.append(RenewalOrigin(91.0 * number, 364.0, before, after))
    return found


def _split(whole: Contracts, number: float) -> tuple[Contracts, Contracts]:
    early = whole.period <= number
    parts = (
        Contracts(whole.period[kept], whole.renewed[kept], whole.lost[kept], whole.n)
        for kept in (early, ~early)
    )
    before, after = parts
    return before, after


def test_the_simpler_model_stands_where_nothing_speaks_against_it() -> None:
    choice = choose_renewals(_origins(STEADY, 2_000))

    assert choice.candidate == "sBG"
    assert max(abs(mark.window.error) for mark in choice.marks) < 0.02


def test_a_risk_that_rises_with_age_is_found() -> None:
    choice = choose_renewals(_origins(WEARY, 2_000))

    assert choice.candidate == "BdW"


def test_without_an_origin_the_default_stands() -> None:
    assert choose_renewals([]).candidate == DEFAULT


@pytest.mark.parametrize("model", FITS)
def test_the_limits_of_the_curve_hold_the_truth_as_often_as_they_say(model: str) -> None:
    numbers, held = np.arange(1, 9), []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        seen = STEADY.simulate(rng.integers(1, 12, 400), rng)
        low, high = rate_limits(FITS[model](seen), numbers, 1.6448536269514722)
        truth = STEADY.retention(numbers)
        held.append((low <= truth) & (truth <= high))

    assert 0.82 <= np.mean(held) <= 0.97


@given(
    number=st.integers(1, 60),
    interval=st.integers(7, 90),
    tenths=st.integers(0, 25),
)
def test_what_is_expected_lies_within_what_is_possible(
    number: int, interval: int, tenths: int
) -> None:
    ahead = Ahead(STEADY, Waits.of([9, 10, 20], [10, 80, 10], size=25, days=110, intervals=100))
    state = tuple(np.array([float(x)]) for x in (number, interval, interval * tenths // 10))

    year, five = ahead.renewals(*state, 365.0)[0], ahead.renewals(*state, 1825.0)[0]

    assert 0 <= year <= 365 / (1.1 * interval) + 1
    assert year <= five <= 1825 / (1.1 * interval) + 1
    assert 0 <= ahead.lifetime(*state, 1825.0)[0] <= 1825
    assert 0 < ahead.renews(*state)[0] <= STEADY.retention(number) + 1e-12


def test_the_later_a_delivery_the_less_likely_it_comes() -> None:
    ahead = Ahead(STEADY, Waits.of([9, 10, 20], [10, 80, 10], size=25, days=110, intervals=100))
    silent = np.arange(0.0, 76.0)

    chance = ahead.renews(np.full(76, 3.0), np.full(76, 30.0), silent)

    assert (np.diff(chance) <= 0).all()
    assert chance[0] == pytest.approx(float(STEADY.retention(3)))
    # Of what comes, 80 of 101 come between 30 and 33 days.
    assert chance[34] < 0.5 * chance[0]
