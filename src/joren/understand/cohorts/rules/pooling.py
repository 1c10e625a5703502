"""Cells put together: several cohorts at one age. Sums of parts are the sums of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add
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
        """The sum and the sum of squares of what one customer has of the measure."""
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


@dataclass(frozen=True)
class Pooled:
    """Several cohorts at one age, and the money per customer that all ages so far have added.

    What a month adds is averaged over the cohorts for which it has passed, and then added up: the
    cumulative value does not fall where better cohorts are too young to be counted further on.
    """

    sums: CellSums
    revenue: float
    profit: float | None

    @classmethod
    def alone(cls, sums: CellSums) -> Pooled:
        """One cohort: what was added is what it has."""
        profit = None if sums.profit is None else sums.profit / sums.customers
        return cls(sums, sums.revenue / sums.customers, profit)


def by_cohort(rows: Iterable[Mapping[str, Any]]) -> dict[date, list[Pooled]]:
    """Each cohort's cells in the order of age."""
    found: dict[date, list[Pooled]] = {}
    for row in sorted(rows, key=lambda row: (row["cohort"], row["age"])):
        found.setdefault(row["cohort"], []).append(Pooled.alone(cell(row)))
    return found


def by_value(rows: Iterable[Mapping[str, Any]]) -> dict[str | None, list[Pooled]]:
    """Each value's cohorts put together, age by age; only months that have fully passed."""
    found: dict[str | None, dict[date, list[CellSums]]] = {}
    for row in sorted(rows, key=lambda row: (row["cohort"], row["age"])):
        if row["mature"]:
            cohorts = found.setdefault(row["value"], {})
            cohorts.setdefault(row["cohort"], []).append(cell(row))
    return {value: _chained(list(cohorts.values())) for value, cohorts in found.items()}


def _chained(cohorts: list[list[CellSums]]) -> list[Pooled]:
    pooled: list[Pooled] = []
    revenue, profit = 0.0, 0.0
    known = True
    for age in range(max(map(len, cohorts))):
        here = [cells for cells in cohorts if len(cells) > age]
        sums = reduce(add, (cells[age] for cells in here))
        before = [cells[age - 1] for cells in here] if age else []
        revenue += (sums.revenue - sum(one.revenue for one in before)) / sums.customers
        if sums.profit is None or any(one.profit is None for one in before):
            known = False
        else:
            profit += (sums.profit - sum(one.profit or 0 for one in before)) / sums.customers
        pooled.append(Pooled(sums, revenue, profit if known else None))
    return pooled
