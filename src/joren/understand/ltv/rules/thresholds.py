"""When there is enough to predict from."""

from __future__ import annotations

from math import ceil
from typing import Final

from joren.understand.ltv.contracts import reasons

HORIZON_DAYS: Final = 365
FIT_WEEKS: Final = 26
"""Weeks of orders before a prediction is made: half a year, so that slow repeats have been seen."""
FIT_REPEATERS: Final = 30
"""Customers who came back, at least: with fewer, four parameters are a guess."""
FIT_CONTRACTS: Final = 30
"""Contracts of which it is known whether a next delivery followed, at least."""
AT_RISK: Final = 0.3
"""From this probability to cancel before the next delivery on, a contract is about to end."""
THIN: Final = 30
"""A group of fewer customers is shown, greyed."""
LEVEL: Final = 0.9
"""Of the intervals of this room: nine in ten."""


def why_no_prediction(*, days: int, repeaters: int) -> str:
    """What a prediction waits for; empty when there is enough."""
    if days < FIT_WEEKS * 7:
        return reasons.NEEDS_WEEKS.format(weeks_short(days, FIT_WEEKS))
    if repeaters < FIT_REPEATERS:
        return reasons.NEEDS_REPEATERS.format(FIT_REPEATERS - repeaters)
    return ""


def weeks_short(days: int, weeks: int) -> int:
    """Whole weeks until ``days`` are that many weeks."""
    return ceil((weeks * 7 - days) / 7)
