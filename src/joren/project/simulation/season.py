"""The calendar of the shop as a change of clock: a busy month is a month in which time runs faster.

Moments are days, with fractions, since the first simulated midnight in the shop's own time zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from joren.project.simulation.scenario import Scenario

FUTURE_DAYS = 365
# A parcel shop's day in quarters: asleep, morning, lunch, afternoon, evening, before bed.
_HOURS = np.array([0.0, 6.5, 9.0, 12.0, 13.5, 19.0, 22.0, 24.0]) / 24
_SHARE_BEFORE = np.array([0.0, 0.03, 0.10, 0.26, 0.37, 0.60, 0.88, 1.0])
_WEEKDAYS = np.array([0.98, 0.94, 0.95, 0.97, 0.98, 1.06, 1.12])


@dataclass(frozen=True)
class Season:
    """The days from the first to a year after the as-of day, which belongs to the past."""

    start: date
    as_of: date
    months: NDArray[np.int64]
    elapsed: NDArray[np.float64]
    arrived: NDArray[np.float64]

    @property
    def today(self) -> float:
        """The end of the as-of day."""
        return float((self.as_of - self.start).days + 1)

    @property
    def end(self) -> float:
        """The end of the year after the as-of day."""
        return self.today + FUTURE_DAYS

    def clock(self, moments: NDArray[np.float64]) -> NDArray[np.float64]:
        """Business time that has passed by each moment."""
        return np.interp(moments, np.arange(self.elapsed.size), self.elapsed)

    def moment(self, clock: NDArray[np.float64]) -> NDArray[np.float64]:
        """The moment at which so much business time has passed."""
        return np.interp(clock, self.elapsed, np.arange(self.elapsed.size))

    def arrival(self, quantile: NDArray[np.float64]) -> NDArray[np.float64]:
        """The moment by which this share of all customers has come."""
        return np.interp(quantile, self.arrived, np.arange(self.arrived.size))


def build_season(scenario: Scenario, *, as_of: date, rng: np.random.Generator) -> Season:
    """Lay out the calendar; chance only ruffles how many customers come on which day."""
    start = as_of - timedelta(days=scenario.days - 1)
    dates = [start + timedelta(days=n) for n in range(scenario.days + FUTURE_DAYS)]
    months = np.array([day.month - 1 for day in dates], dtype=np.int64)
    weekdays = np.array([day.weekday() for day in dates], dtype=np.int64)
    pace = multipliers(scenario)[months]
    age = np.arange(scenario.days) / 365.0
    arrivals = (
        scenario.growth_per_year**age
        * np.array(scenario.acquisition_season)[months[: scenario.days]]
        * _WEEKDAYS[weekdays[: scenario.days]]
        * rng.lognormal(0.0, 0.12, scenario.days)
    )
    arrived = _cumulated(arrivals)
    return Season(start, as_of, months, _cumulated(pace), arrived / arrived[-1])


def multipliers(scenario: Scenario) -> NDArray[np.float64]:
    """How fast the clock of purchases runs, January to December; 1 on average over 365 days."""
    lengths = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    raw = np.array(scenario.purchase_season)
    scaled: NDArray[np.float64] = raw * 365.0 / (raw * lengths).sum()
    return scaled


def second_of_day(moments: NDArray[np.float64]) -> NDArray[np.int64]:
    """Seconds after midnight; later in the day stays later, so no order overtakes another."""
    hours = np.interp(moments % 1.0, _SHARE_BEFORE, _HOURS)
    return np.minimum(hours * 86400, 86399).astype(np.int64)


def _cumulated(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate(([0.0], np.cumsum(steps)))
