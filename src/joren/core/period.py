"""Spans of shop days. A shop day is a day in the business's own zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Period:
    """The days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """The period of equal length that ends where this one begins."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))


def trailing(days: int, until: date) -> Period:
    """The last ``days`` days, ``until`` included."""
    return Period(until - timedelta(days=days - 1), until)


def month_of(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def months(first: date, last: date) -> Iterator[date]:
    """First days of all months that touch first … last."""
    month = month_of(first)
    while month <= last:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)
