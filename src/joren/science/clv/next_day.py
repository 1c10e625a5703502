"""On which day the next order is to be expected, also where the clock runs with the season."""

from __future__ import annotations

from typing import Final

import numpy as np

from joren.science.arrays import Floats
from joren.science.clv.calendar import Customers
from joren.science.clv.candidates import Clocked

FARTHEST: Final = 20 * 366
"""Days: beyond them nobody plans, and no calendar reaches."""


def next_day(
    told: Clocked, customer: Customers, *, level: float
) -> tuple[float | None, float | None, float | None, float]:
    """Of one customer: days until the next order if one comes (the median, and the bounds between
    which it falls with that level), and the chance that none ever comes.

    Days count from the customers' end; None beyond FARTHEST. By `next_order` of the model on its
    own clock, whose times the calendar turns into days.
    """
    found = told.fitted.next_order(told.summary(customer), level)
    days = np.arange(FARTHEST + 1, dtype=np.float64)
    clock = told.ahead(customer.end, days)
    median, low, high = (
        _day(float(time[0]), clock) for time in (found.median, found.low, found.high)
    )
    return median, low, high, float(found.never[0])


def _day(time: float, clock: Floats) -> float | None:
    """The day by whose end the clock has run that far."""
    place = int(np.searchsorted(clock, time))
    return float(place) if place < clock.size else None
