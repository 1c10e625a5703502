"""Which of several messages brought more: by profit, of all pairs at once, and not by luck."""

from __future__ import annotations

import numpy as np
import pytest

from joren.measure.experiments.rules import Arm, winning
from joren.science.inference import Spend


def an_arm(rng: np.random.Generator, n: int, share: float, value: float = 3_000.0) -> Arm:
    spent = rng.exponential(value, rng.binomial(n, share))
    return Arm(n, spent.size, 0, 0, Spend.of(n, spent * 2), Spend.of(n, spent))


def test_a_clear_lead_is_proven_and_a_dear_message_loses_it() -> None:
    rng = np.random.default_rng(1)
    arms = [an_arm(rng, 20_000, 0.05), an_arm(rng, 20_000, 0.08)]

    cheap, dear = winning.ranked(arms, [1.0, 1.0]), winning.ranked(arms, [1.0, 500.0])

    assert cheap is not None
    assert dear is not None
    assert (cheap.best, cheap.evidence) == (1, "proven")
    assert dear.best == 0
    assert winning.each(arms[1], 10.0, "profit") == pytest.approx(
        arms[1].profit.total / 20_000 - 10
    )


def test_few_buyers_are_too_few_and_unknown_costs_compare_revenue() -> None:
    rng = np.random.default_rng(2)
    few = winning.ranked([an_arm(rng, 300, 0.02), an_arm(rng, 300, 0.06)], [0.0, 0.0])
    bare = Arm(100, 9, 9, 900, Spend.of(100, [100.0] * 9), Spend.of(100, [50.0] * 9))

    assert few is not None
    assert few.evidence == "too_small"
    assert winning.metric_of([bare, bare], [0.0, 0.0]) == "revenue"
    assert winning.ranked([bare], [0.0]) is None


def test_messages_that_are_alike_are_seldom_told_apart() -> None:
    rng = np.random.default_rng(3)

    wins = sum(
        found.evidence == "proven"
        for _ in range(400)
        if (found := winning.ranked([an_arm(rng, 4_000, 0.05) for _ in range(3)], [0.0] * 3))
    )

    assert wins / 400 <= 0.05


def test_what_messages_cost_that_is_not_known_is_no_cost_of_zero() -> None:
    rng = np.random.default_rng(4)
    arms = [an_arm(rng, 20_000, 0.05), an_arm(rng, 20_000, 0.08)]

    assert winning.metric_of(arms, [0.0, 0.0]) == "profit"
    assert winning.metric_of(arms, [0.0, None]) == "margin"
    assert winning.per_customer(None, arms[0]) is None
    assert winning.per_customer(50_000, arms[0]) == pytest.approx(2.5)
    assert winning.each(arms[0], None, "margin") == pytest.approx(arms[0].profit.total / 20_000)
