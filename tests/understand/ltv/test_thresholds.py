"""When there is enough to predict from, and what is said when there is not."""

from __future__ import annotations

import pytest

from joren.understand.ltv.contracts import reasons
from joren.understand.ltv.rules import thresholds


@pytest.mark.parametrize(
    ("days", "repeaters", "why"),
    [
        (182, 30, ""),
        (181, 30, "needs 1 more weeks of orders"),
        (126, 30, "needs 8 more weeks of orders"),
        (182, 29, "needs 1 more customers who come back"),
        (0, 0, "needs 26 more weeks of orders"),
    ],
)
def test_a_prediction_says_what_it_waits_for(days: int, repeaters: int, why: str) -> None:
    assert thresholds.why_no_prediction(days=days, repeaters=repeaters) == why


def test_a_backtest_needs_a_year_and_an_interval_half_a_year_more() -> None:
    assert thresholds.why_no_backtest(days=364) == ""
    assert thresholds.why_no_backtest(days=350) == "needs 2 more weeks of orders"
    assert "needs 4 more weeks" in thresholds.why_no_interval(days=518)
    assert thresholds.why_no_interval(days=546) == reasons.INTERVAL_TOO_FEW
