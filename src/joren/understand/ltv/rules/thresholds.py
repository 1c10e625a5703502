"""When there is enough to predict from."""

from __future__ import annotations

from math import ceil
from typing import Final

HORIZON_DAYS: Final = 365
FIT_WEEKS: Final = 26
"""Weeks of orders before a prediction is made: half a year, so that slow repeats have been seen."""
FIT_REPEATERS: Final = 30
"""Customers who came back, at least: with fewer, four parameters are a guess."""
BACKTEST_WEEKS: Final = 26
EARLIER_CUTOFFS: Final = 3
THIN: Final = 30
"""A group of fewer customers is shown, greyed."""
LEVEL: Final = 0.9
"""Of the intervals of this room: nine in ten."""


def why_no_prediction(*, days: int, repeaters: int) -> str:
    """What a prediction waits for; empty when there is enough."""
    if days < FIT_WEEKS * 7:
        return f"needs {weeks_short(days, FIT_WEEKS)} more weeks of orders"
    if repeaters < FIT_REPEATERS:
        return f"needs {FIT_REPEATERS - repeaters} more customers who come back"
    return ""


def why_no_backtest(*, days: int) -> str:
    """What a back-test waits for; empty when the orders reach back far enough."""
    wanted = FIT_WEEKS + BACKTEST_WEEKS
    if days < wanted * 7:
        return f"needs {weeks_short(days, wanted)} more weeks of orders"
    return ""


def why_no_interval(*, days: int) -> str:
    """What the interval of a total waits for: errors at two cut-offs; empty when there are."""
    wanted = FIT_WEEKS + 2 * BACKTEST_WEEKS
    if days < wanted * 7:
        return f"needs {weeks_short(days, wanted)} more weeks of orders"
    return ""


def weeks_short(days: int, weeks: int) -> int:
    """Whole weeks until ``days`` are that many weeks."""
    return ceil((weeks * 7 - days) / 7)
