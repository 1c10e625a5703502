"""When there is enough to predict from, and what is said when there is not."""

from __future__ import annotations

import pytest

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
