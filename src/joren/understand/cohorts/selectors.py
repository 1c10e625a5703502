"""Questions about cohorts: the report of a snapshot, and its cells as tables to look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from joren.collect.quality.selectors import verdicts_in
from joren.plumbing.warehouse import warehouse
from joren.science.inference import Interval, Sums, mean_interval, proportion_interval
from joren.understand.cohorts.contracts import (
    COHORT_CELLS,
    DIMENSIONS,
    MEASURES,
    NAMES,
    ROOM,
    THIN,
    CohortCell,
    CohortMatrix,
    CohortReport,
    CohortRow,
    Dimension,
    Measure,
    NoCohortsYet,
    NoSuchMatrix,
)
from joren.understand.cohorts.rules import pooling
from joren.understand.cohorts.rules.pooling import Pooled
from joren.warehouse import Snapshot
from joren.warehouse.snapshots import FIGURES

REPORT = "cohorts"
LEVEL = 0.95
_reports = TypeAdapter(CohortReport)


def cohort_report(snapshot: Snapshot) -> CohortReport:
    """What a snapshot says of cohorts."""
    house = warehouse()
    found = house.snapshots.figure(snapshot.id, ROOM, REPORT, _reports.validate_python)
    if found is None:
        raise NoCohortsYet(
            f"the snapshot of {snapshot.as_of} holds no cohorts", hint="joren refresh"
        )
    return replace(found, verdicts=verdicts_in(house, snapshot, "cohorts", "profit"))


def matrix(
    snapshot: Snapshot,
    *,
    dimension: str = "all",
    value: str | None = None,
    measure: str,
) -> CohortMatrix:
    """A measure by month of first purchase and age, of all customers or of one value's.

    In a dimension other than ``all`` the value None stands for what is not known.
    """
    of, what = dimension_named(dimension), measure_named(measure)
    key = ("matrix", of, value, what)
    return _once(snapshot, key, lambda: _found_matrix(snapshot, of, value, what))


def _found_matrix(
    snapshot: Snapshot, of: Dimension, value: str | None, what: Measure
) -> CohortMatrix:
    report = cohort_report(snapshot)
    if not any((one.dimension, one.value) == (of, value) for one in report.followed):
        raise NoSuchMatrix(f"no {of} {value!r} is followed", hint="GET /cohorts lists what is")
    found = pooling.by_cohort(_cells(snapshot, of, only=(value,)))
    rows = [(value, report.label_of(of, value), cohort, cells) for cohort, cells in found.items()]
    return _matrix(report, of, value, what, rows)


def comparison(snapshot: Snapshot, *, dimension: str, measure: str) -> CohortMatrix:
    """A measure by value and age, all cohorts together: which product or source begins best?"""
    of, what = dimension_named(dimension), measure_named(measure)
    return _once(snapshot, ("comparison", of, what), lambda: _compared(snapshot, of, what))


def _once(
    snapshot: Snapshot, what: tuple[str | None, ...], make: Callable[[], CohortMatrix]
) -> CohortMatrix:
    return warehouse().snapshots.once(snapshot.id, (COHORT_CELLS, FIGURES), what, make)


def _compared(snapshot: Snapshot, of: Dimension, what: Measure) -> CohortMatrix:
    report = cohort_report(snapshot)
    found = pooling.by_value(_cells(snapshot, of))
    rows = [
        (one.value, one.label, None, found[one.value])
        for one in report.followed
        if one.dimension == of and one.value in found
    ]
    return _matrix(report, of, None, what, rows)


def dimension_named(text: str) -> Dimension:
    for one in DIMENSIONS:
        if one == text:
            return one
    raise NoSuchMatrix(f"no dimension {text!r}", hint=f"known: {', '.join(DIMENSIONS)}")


def measure_named(text: str) -> Measure:
    for one in MEASURES:
        if one == text:
            return one
    raise NoSuchMatrix(f"no measure {text!r}", hint=f"known: {', '.join(MEASURES)}")


def _cells(
    snapshot: Snapshot,
    dimension: Dimension,
    *,
    only: tuple[str | None] | None = None,
) -> list[dict[str, Any]]:
    """The cells of a dimension, or of ``only`` one of its values."""
    house = warehouse()
    kept = house.snapshots.table(snapshot.id, COHORT_CELLS)
    kept = kept.filter(kept.dimension == dimension)
    if only is not None:
        (value,) = only
        kept = kept.filter(kept.value.isnull() if value is None else kept.value == value)
    rows: list[dict[str, Any]] = house.engine.rows(kept)
    return rows


_Line = tuple[str | None, str, date | None, list[Pooled]]


def _matrix(
    report: CohortReport,
    dimension: Dimension,
    value: str | None,
    measure: Measure,
    lines: Sequence[_Line],
) -> CohortMatrix:
    cells = iter(_measured([one for *_, found in lines for one in found], measure))
    return CohortMatrix(
        dimension=dimension,
        value=value,
        measure=measure,
        name=NAMES[measure],
        unit={"retention": "share", "orders": "orders"}.get(measure, report.currency),
        level=LEVEL,
        as_of=report.as_of,
        model="Wilson" if measure == "retention" else "Student's t",
        rows=tuple(
            CohortRow(
                value=of,
                label=label,
                cohort=cohort,
                customers=found[0].sums.customers,
                cells=tuple(next(cells) for _ in found),
            )
            for of, label, cohort, found in lines
        ),
        verdicts=report.verdicts,
    )


def _measured(pooled: Sequence[Pooled], measure: Measure) -> list[CohortCell]:
    limits = intervals(pooled, measure)
    return [
        CohortCell(
            age=one.sums.age,
            value=_known(value),
            n=one.sums.customers,
            low=_known(low),
            high=_known(high),
            mature=one.sums.mature,
            thin=one.sums.customers < THIN,
        )
        for one, value, low, high in zip(
            pooled, limits.estimate, limits.low, limits.high, strict=True
        )
    ]


def intervals(pooled: Sequence[Pooled], measure: Measure) -> Interval:
    """Estimates and limits of a measure for all cells at once; NaN is not known."""
    n = np.array([one.sums.customers for one in pooled], dtype=np.float64)
    if measure == "retention":
        return proportion_interval([one.sums.active for one in pooled], n, LEVEL)
    both = [one.sums.of(measure) for one in pooled]
    totals, squares = (_numbers(column) for column in zip(*both, strict=True))
    limits = mean_interval(Sums(n, totals, squares), LEVEL)
    if measure == "orders":
        return limits
    # The spread is that of the customers who have come so far; earlier months rest on more of
    # them, so around the sum of what the months added it is rather too wide than too narrow.
    added = _numbers([one.revenue if measure == "revenue" else one.profit for one in pooled])
    shift = added - limits.estimate
    return Interval(added, limits.low + shift, limits.high + shift, LEVEL)


def _numbers(column: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if x is None else x for x in column], dtype=np.float64)


def _known(number: float) -> float | None:
    return None if np.isnan(number) else float(number)
