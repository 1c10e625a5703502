"""What one customer may bring: against simulated futures, and where nobody comes back."""

from __future__ import annotations

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.clv import Summary, bg_nbd, gamma_gamma
from joren.science.clv.revenue_ahead import chances_of_purchases, revenue_interval

ORDERS = bg_nbd.given(r=0.243, alpha=4.414, a=0.793, b=2.426)  # CDNOW, weeks
SPEND = gamma_gamma.given(p=6.25, q=3.74, v=15.44)


def test_simulated_futures_lie_inside_as_often_as_is_said() -> None:
    past = Summary([4.0], [20.0], [25.0])
    chances = chances_of_purchases(ORDERS, past, 52.0)
    rng = np.random.default_rng(1)
    bought = rng.choice(chances.size, size=200_000, p=chances / chances.sum())
    rate = rng.gamma(SPEND.p * 4 + SPEND.q, 1 / (SPEND.v + 4 * 30.0), size=bought.size)
    spent = np.where(bought > 0, rng.gamma(np.maximum(bought, 1) * SPEND.p) / rate, 0.0)

    low, high = revenue_interval(chances, SPEND, frequency=4, monetary_value=30.0)

    assert chances.sum() == pytest.approx(1, abs=1e-8)
    assert chances @ np.arange(chances.size) == pytest.approx(
        ORDERS.conditional_expected_purchases(past, 52.0)[0], rel=1e-5
    )
    assert np.mean(spent <= high) == pytest.approx(0.95, abs=2e-3)
    assert np.mean(spent < low) <= 0.05 + 2e-3


def test_the_unit_of_money_does_not_matter() -> None:
    chances = np.array([0.02, 0.3, 0.4, 0.28])
    yen = gamma_gamma.given(p=SPEND.p, q=SPEND.q, v=SPEND.v * 150)

    dollars = revenue_interval(chances, SPEND, frequency=2, monetary_value=30.0)
    in_yen = revenue_interval(chances, yen, frequency=2, monetary_value=4500.0)

    assert in_yen == pytest.approx([150 * bound for bound in dollars], rel=1e-8)
    assert 0 < dollars[0] < dollars[1]


def test_who_hardly_comes_back_may_bring_nothing() -> None:
    chances = np.array([0.97, 0.03])

    bounds = revenue_interval(chances, SPEND, frequency=0, monetary_value=0.0)

    assert bounds == (0.0, 0.0)
    with pytest.raises(BadInput):
        revenue_interval(chances, SPEND, frequency=0, monetary_value=0.0, level=1.0)
