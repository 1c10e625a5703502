"""The step of a refresh that follows cohorts month by month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ibis.expr.types as ir
import numpy as np
from pydantic import TypeAdapter

from joren.core.figures import Figure
from joren.understand.cohorts import selectors
from joren.understand.cohorts.contracts import (
    COHORT_CELLS,
    COST_UNKNOWN,
    DIMENSIONS,
    HEADLINE_AGES,
    THIN,
    TOO_NEW,
    CohortReport,
    Followed,
    Measure,
)
from joren.understand.cohorts.rules import cells, months, pooling
from joren.understand.cohorts.rules.pooling import Pooled
from joren.understand.ltv.services import Refresh

_documents = TypeAdapter(CohortReport)
_HEADLINES: tuple[Measure, ...] = ("retention", "revenue", "profit")


def follow_cohorts(refresh: Refresh) -> dict[str, Any]:
    """Write COHORT_CELLS of the snapshot; returns the room's documents."""
    house, hold = refresh.warehouse, refresh.holding.hold
    began = hold(months.beginnings(refresh.values))
    kinds = hold(months.kinds(began))
    sizes = hold(cells.sizes(kinds))
    numbered = hold(months.numbered(began, kinds))
    monthly = hold(months.by_month(refresh.movements, numbered, kinds))
    found = hold(cells.cells(sizes, cells.sums(monthly), refresh.as_of))
    ordered = found.order_by(["dimension", "value", "cohort", "age"])
    house.snapshots.write(refresh.snapshot_id, COHORT_CELLS, ordered, house.scratch)
    report = _report(refresh, sizes, found)
    return {selectors.REPORT: _documents.dump_python(report, mode="json")}


def _report(refresh: Refresh, sizes: ir.Table, found: ir.Table) -> CohortReport:
    rows = refresh.warehouse.engine.rows
    whole = rows(found.filter(found.dimension == "all"))
    return CohortReport(
        as_of=refresh.as_of,
        currency=refresh.currency,
        cohorts=len({row["cohort"] for row in whole}),
        figures=_figures(refresh, pooling.by_value(whole).get(None, [])),
        followed=_followed(refresh, rows(sizes)),
    )


def _figures(refresh: Refresh, pooled: list[Pooled]) -> dict[str, Figure]:
    by_age = {one.sums.age: one for one in pooled}
    return {
        f"{measure}_{age}": _figure(refresh, measure, age, by_age.get(age))
        for measure in _HEADLINES
        for age in HEADLINE_AGES
    }


def _figure(refresh: Refresh, measure: Measure, age: int, pooled: Pooled | None) -> Figure:
    name, day = f"{measure}_after_{age}_months", refresh.as_of_text
    unit = "share" if measure == "retention" else refresh.currency
    if pooled is None:
        return Figure(name, None, unit, 0, as_of=day, why=TOO_NEW.format(age))
    limits = selectors.intervals([pooled], measure)
    value, low, high = (float(x[0]) for x in (limits.estimate, limits.low, limits.high))
    if np.isnan(value):
        n = pooled.sums.customers
        return Figure(name, None, unit, n, as_of=day, why=COST_UNKNOWN)
    return Figure(
        name,
        value,
        unit,
        pooled.sums.customers,
        None if np.isnan(low) else low,
        None if np.isnan(high) else high,
        None if np.isnan(low) else selectors.LEVEL,
        day,
        "Wilson" if measure == "retention" else "Student's t",
    )


def _followed(refresh: Refresh, sizes: Iterable[Mapping[str, Any]]) -> tuple[Followed, ...]:
    """Every value with its customers, most first."""
    counted: dict[tuple[str, str], int] = {}
    for row in sizes:
        key = (row["dimension"], row["value"])
        counted[key] = counted.get(key, 0) + row["customers"]
    return tuple(
        Followed(
            dimension=dimension,
            value=value or None,
            label=_label(refresh, dimension, value),
            customers=customers,
            thin=customers < THIN,
        )
        for dimension in DIMENSIONS
        for (of, value), customers in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        if of == dimension
    )


def _label(refresh: Refresh, dimension: str, value: str) -> str:
    if dimension == "store" and value:
        return refresh.store_names.get(int(value), value)
    return value
