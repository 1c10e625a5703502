"""A customer's margin between their own and the shop's."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.errors import NotEnoughRepeats
from joren.science.shrinkage import (
    Prior,
    RatioSums,
    estimated_prior,
    ratio_sums,
    shrunken_ratio,
)


def shop(customers: int = 60_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Profit, revenue and true margin; sigma^2 = 64, tau = .08, so that k = 10,000."""
    rng = np.random.default_rng(4)
    revenue = rng.gamma(1.0, 5000, customers) + 500
    margin = rng.normal(0.35, 0.08, customers)
    return margin * revenue + rng.normal(0, 8, customers) * np.sqrt(revenue), revenue, margin


def test_the_prior_of_a_known_shop_is_recovered() -> None:
    profit, revenue, _ = shop()

    found = estimated_prior(ratio_sums(profit, revenue))

    assert found.ratio == pytest.approx(0.35, abs=0.002)
    assert found.strength == pytest.approx(10_000, rel=0.1)


def test_shrinking_is_nearer_to_the_truth_than_either_end() -> None:
    profit, revenue, margin = shop()

    def miss(estimate) -> float:
        return float(np.mean((estimate - margin) ** 2))

    shrunk = miss(shrunken_ratio(profit, revenue))
    assert shrunk < 0.8 * miss(0.35)
    assert shrunk < 0.8 * miss(profit / revenue)


def test_sums_of_parts_are_the_sums_of_the_whole() -> None:
    profit, revenue, _ = shop(1000)

    parts = ratio_sums(profit[:300], revenue[:300]) + ratio_sums(profit[300:], revenue[300:])

    assert estimated_prior(parts).strength == pytest.approx(
        estimated_prior(ratio_sums(profit, revenue)).strength
    )


def test_a_given_prior_is_so_much_more_revenue_at_the_shops_margin() -> None:
    found = shrunken_ratio([50, 5000, 0, -20], [100, 10_000, 0, -40], Prior(0.3, 900.0))

    assert found == pytest.approx([320 / 1000, 5270 / 10_900, 0.3, 0.3])


def test_the_unit_of_money_does_not_matter() -> None:
    profit, revenue, _ = shop(2000)

    assert shrunken_ratio(profit * 100, revenue * 100) == pytest.approx(
        shrunken_ratio(profit, revenue)
    )


def test_customers_who_differ_by_chance_alone_get_the_shops_ratio() -> None:
    found = estimated_prior(ratio_sums([3.5, 35, 350], [10, 100, 1000]))

    assert found.strength == inf
    assert shrunken_ratio([9, 1], [10, 10], found).tolist() == [found.ratio] * 2


def test_equal_revenues_cannot_tell_chance_from_difference() -> None:
    assert estimated_prior(ratio_sums([1, 5, 9], [10, 10, 10])) == Prior(0.5, inf)


def test_a_shop_without_revenue_has_no_margin() -> None:
    with pytest.raises(NotEnoughRepeats, match="no customer"):
        estimated_prior(RatioSums(0, 0, 0, 0, 0, 0, 0))


def test_a_negative_strength_is_refused() -> None:
    with pytest.raises(BadInput, match="strength -1"):
        shrunken_ratio([1], [2], Prior(0.3, -1.0))
