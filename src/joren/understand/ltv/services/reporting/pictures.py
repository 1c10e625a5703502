"""What the pictures of the models are drawn from: orders over time, two maps, the season."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np

from joren.science.clv.calendar import PERIOD, Customers
from joren.science.clv.candidates import Clocked
from joren.understand.ltv.contracts import MapCell, Tracked
from joren.understand.ltv.rules import thresholds
from joren.understand.ltv.services.judging import Judged, column_of, days_of

TENURE: Final = 364
"""The maps are of somebody who first bought so many days ago."""
STEP: Final = 28
MOST_REPEATS: Final = 10
EPOCH: Final = date(1970, 1, 1)


def tracking(judged: Judged) -> tuple[Tracked, ...]:
    """Repeat orders of each four weeks against those expected, of the customers known at the newest
    cut-off; what lies after it was not seen by the model."""
    if not judged.history:
        return ()
    at = judged.history[-1]
    told, customers = at.foretold.told, at.origin.customers
    end = customers.end + judged.plan.days
    begin = float(customers.first.min()) - 1.0
    edges = end - STEP * np.arange(int((end - begin) // STEP), -1, -1.0)
    day, orders = days_of(judged.repeats, "day"), column_of(judged.repeats, "of_known")
    actual = np.histogram(day, edges + 1e-9, weights=orders)[0]
    first, where = np.unique(customers.first, return_inverse=True)
    heads = np.bincount(where, customers.weights)
    begun, ends = told.ahead(begin, first - begin), told.ahead(begin, edges - begin)
    age = np.maximum(ends[None, :] - begun[:, None], 0.0)
    expected = np.diff(heads @ told.fitted.expected_purchases(age))
    return tuple(
        Tracked(
            first=_day(low + 1).isoformat(),
            last=_day(high).isoformat(),
            actual=int(came),
            expected=float(meant),
            ahead=bool(high > customers.end),
        )
        for low, high, came, meant in zip(edges[:-1], edges[1:], actual, expected, strict=True)
    )


def grid(told: Clocked) -> tuple[MapCell, ...]:
    """P(alive) and expected orders by repeats and by the time since the last order."""
    silent = np.arange(0, TENURE + 1, STEP)
    cells = [(0, TENURE)]
    cells += [(x, int(quiet)) for x in range(1, MOST_REPEATS + 1) for quiet in silent[:-1]]
    frequency, quiet = np.array(cells, dtype=np.float64).T
    end = _end(told)
    last = np.where(frequency > 0, end - quiet, end - TENURE)
    customers = Customers.of(frequency, np.full(last.size, end - TENURE), last, end)
    alive = told.fitted.probability_alive(told.summary(customers))
    ahead = told.expected(customers, thresholds.HORIZON_DAYS)
    return tuple(
        MapCell(x, days, float(p), float(orders))
        for (x, days), p, orders in zip(cells, alive, ahead, strict=True)
    )


def season(told: Clocked | None) -> dict[str, float]:
    """The speed of the common clock in each four weeks, by their last day."""
    if told is None or told.calendar is None:
        return {}
    calendar = told.calendar
    ends = calendar.start + PERIOD * np.arange(1, calendar.speeds.size + 1)
    return {
        _day(end).isoformat(): float(speed)
        for end, speed in zip(ends, calendar.speeds, strict=True)
    }


def _end(told: Clocked) -> float:
    """A day to count from: the end of what a calendar has seen; without one, any does."""
    if told.calendar is None:
        return 0.0
    return float(told.calendar.start + PERIOD * told.calendar.log_speed.size)


def _day(number: float) -> date:
    return EPOCH + timedelta(days=round(number))
