"""What customers may bring: against simulated futures, and where nobody comes back."""

from __future__ import annotations

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.clv import Summary, bg_nbd, gamma_gamma, log_normal_spend, pareto_nbd
from joren.science.clv.revenue_ahead import chances_of_purchases, revenue_intervals
from joren.science.clv.spend_choosing import Fitted

ORDERS = bg_nbd.given(r=0.243, alpha=4.414, a=0.793, b=2.426)  # CDNOW, weeks
SPEND = gamma_gamma.given(p=6.25, q=3.74, v=15.44)
LOG_NORMAL = log_normal_spend.given(m=30.0, g=1.1, w=0.3, k=0.4, level=1.05)


def test_simulated_futures_lie_inside_as_often_as_is_said() -> None:
    past = Summary([4.0], [20.0], [25.0])
    (chances,) = every = chances_of_purchases(ORDERS, past, 52.0)
    rng = np.random.default_rng(1)
    bought = rng.choice(chances.size, size=200_000, p=chances / chances.sum())
    rate = rng.gamma(SPEND.p * 4 + SPEND.q, 1 / (SPEND.v + 4 * 30.0), size=bought.size)
    spent = np.where(bought > 0, rng.gamma(np.maximum(bought, 1) * SPEND.p) / rate, 0.0)

    (low,), (high,) = revenue_intervals(every, SPEND, frequency=[4], monetary_value=[30.0])

    assert chances.sum() == pytest.approx(1, abs=1e-8)
    assert chances @ np.arange(chances.size) == pytest.approx(
        ORDERS.conditional_expected_purchases(past, 52.0)[0], rel=1e-5
    )
    assert np.mean(spent <= high) == pytest.approx(0.95, abs=2e-3)
    assert np.mean(spent < low) <= 0.05 + 2e-3


def test_of_log_normal_spend_the_futures_lie_inside_too() -> None:
    past = Summary([4.0], [20.0], [25.0])
    (chances,) = every = chances_of_purchases(ORDERS, past, 52.0)
    rng = np.random.default_rng(2)
    bought = rng.choice(chances.size, size=200_000, p=chances / chances.sum())
    low_mean, high_mean = LOG_NORMAL.spend_interval([4], [30.0], 0.6826894921370859)
    centre, spread = np.log(low_mean * high_mean) / 2, np.log(high_mean / low_mean) / 2
    noise = np.log1p(LOG_NORMAL.k / np.maximum(bought, 1))
    means = np.exp(rng.normal(centre - noise / 2, np.sqrt(spread**2 + noise)))
    spent = bought * means

    (low,), (high,) = revenue_intervals(every, LOG_NORMAL, frequency=[4], monetary_value=[30.0])

    assert np.mean(spent <= high) == pytest.approx(0.95, abs=2e-3)
    assert np.mean(spent < low) <= 0.05 + 2e-3


@pytest.mark.parametrize("spend", [SPEND, LOG_NORMAL])
def test_the_chance_of_a_sum_is_that_which_its_interval_names(spend: Fitted) -> None:
    for purchases in (1, 3, 40):
        bounds = spend.spend_interval([5, 0], [20.0, 0.0], 0.8, purchases)

        for bound, share in zip(bounds, (0.1, 0.9), strict=True):
            chance = spend.chance_of_next([5, 0], [20.0, 0.0], [purchases], purchases * bound)
            assert chance[:, 0] == pytest.approx(share, abs=1e-9)
    assert spend.chance_of_next([5], [20.0], [1, 2], [0.0]).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("spend", [SPEND, LOG_NORMAL])
def test_each_customer_has_the_bounds_that_they_have_alone(spend: Fitted) -> None:
    past = Summary([0.0, 2.0, 40.0], [0.0, 30.0, 60.0], [10.0, 38.0, 61.0])
    spent = [0.0, 12.5, 80.0]

    chances = chances_of_purchases(ORDERS, past, 52.0)
    together = revenue_intervals(
        chances, spend, frequency=past.frequency, monetary_value=spent, level=0.8
    )

    for row, monetary_value in enumerate(spent):
        one = Summary([past.frequency[row]], [past.recency[row]], [past.T[row]])
        alone = revenue_intervals(
            chances_of_purchases(ORDERS, one, 52.0), spend, frequency=one.frequency,
            monetary_value=[monetary_value], level=0.8,
        )  # fmt: skip
        assert [bound[row] for bound in together] == pytest.approx(
            [bound[0] for bound in alone], rel=1e-6
        )


def test_the_unit_of_money_does_not_matter() -> None:
    chances = np.array([[0.02, 0.3, 0.4, 0.28]])
    yen = gamma_gamma.given(p=SPEND.p, q=SPEND.q, v=SPEND.v * 150)

    (low,), (high,) = revenue_intervals(chances, SPEND, frequency=[2], monetary_value=[30.0])
    in_yen = revenue_intervals(chances, yen, frequency=[2], monetary_value=[4500.0])

    assert [bound[0] for bound in in_yen] == pytest.approx([150 * low, 150 * high], rel=1e-8)
    assert 0 < low < high


def test_who_hardly_comes_back_may_bring_nothing() -> None:
    chances = np.array([[0.97, 0.03]])

    bounds = revenue_intervals(chances, SPEND, frequency=[0], monetary_value=[0.0])

    assert bounds == ([0.0], [0.0])
    with pytest.raises(BadInput):
        revenue_intervals(chances, SPEND, frequency=[0], monetary_value=[0.0], level=1.0)


@pytest.mark.parametrize("x", [1, 60, 118, 143, 200, 900])
def test_no_chance_of_a_customer_who_buys_often_is_lost(x: int) -> None:
    often = pareto_nbd.given(r=0.567, alpha=38.7, s=1.069, beta=648.6)  # days
    past = Summary([float(x)], [1020.0], [1030.0])

    (chances,) = chances_of_purchases(often, past, 365.0)

    assert chances.sum() == pytest.approx(1, abs=1e-8)
    assert chances @ np.arange(chances.size) == pytest.approx(
        often.conditional_expected_purchases(past, 365.0)[0], rel=1e-6
    )
