"""Cells put together: several cohorts at one age. Sums of parts are the sums of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from joren.understand.cohorts.contracts import Measure


@dataclass(frozen=True)
class CellSums:
    """What some cohorts add up to at one age; profit None is not known of every purchase."""

    age: int
    customers: int
    mature: bool
    active: int
    orders: int
    orders_squares: float
    revenue: int
    revenue_squares: float
    profit: int | None
    profit_squares: float | None

    def __add__(self, other: CellSums) -> CellSums:
        known = self.profit is not None and other.profit is not None
        return CellSums(
            self.age,
            self.customers + other.customers,
            self.mature and other.mature,
            self.active + other.active,
            self.orders + other.orders,
            self.orders_squares + other.orders_squares,
            self.revenue + other.revenue,
            self.revenue_squares + other.revenue_squares,
            (self.profit or 0) + (other.profit or 0) if known else None,
            (self.profit_squares or 0) + (other.profit_squares or 0) if known else None,
        )

    def of(self, measure: Measure) -> tuple[float | None, float | None]:
        """The sum and the sum of squares of a measure; a share's squares are its sum."""
        if measure == "retention":
            return self.active, self.active
        if measure == "orders":
            return self.orders, self.orders_squares
        if measure == "revenue":
            return self.revenue, self.revenue_squares
        return self.profit, self.profit_squares


def cell(row: Mapping[str, Any]) -> CellSums:
    """A row of COHORT_CELLS."""
    return CellSums(
        row["age"],
        row["customers"],
        row["mature"],
        row["active"],
        row["orders"],
        row["orders_squares"],
        row["revenue_to_date"],
        row["revenue_squares"],
        row["profit_to_date"],
        row["profit_squares"],
    )


def by_cohort(rows: Iterable[Mapping[str, Any]]) -> dict[date, list[CellSums]]:
    """Each cohort's cells in the order of age."""
    found: dict[date, list[CellSums]] = {}
    for row in sorted(rows, key=lambda row: (row["cohort"], row["age"])):
        found.setdefault(row["cohort"], []).append(cell(row))
    return found


def by_value(rows: Iterable[Mapping[str, Any]]) -> dict[str | None, list[CellSums]]:
    """Each value's cohorts put together, age by age; only months that have fully passed.

    Older ages rest on fewer, earlier cohorts: the number of customers beside each cell says so.
    """
    found: dict[str | None, dict[int, CellSums]] = {}
    for row in rows:
        if row["mature"]:
            ages = found.setdefault(row["value"], {})
            one = cell(row)
            ages[one.age] = ages[one.age] + one if one.age in ages else one
    return {value: [ages[age] for age in sorted(ages)] for value, ages in found.items()}
