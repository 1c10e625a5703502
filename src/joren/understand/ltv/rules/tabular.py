"""The report as plain tables, for CSV files and terminals. Money in the currency's major unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Final

from joren.core.errors import NotFound
from joren.core.figures import Figure
from joren.core.money import Money
from joren.understand.ltv.contracts import GroupValue, ValueReport

Cell = str | int | float | Decimal | None
Rows = list[dict[str, Cell]]


class NoSuchTable(NotFound):
    """The report has no table of that name."""


def table(report: ValueReport, name: str) -> Rows:
    """One table of the report by its name."""
    if name not in _TABLES:
        raise NoSuchTable(f"no table {name!r}", hint=f"known: {', '.join(TABLES)}")
    return _TABLES[name](report)


def amount(value: float | None, unit: str) -> Cell:
    """Money as people write it, rounded to the minor unit; other numbers as they are."""
    if value is None or not (len(unit) == 3 and unit.isupper()):
        return value
    return Money(round(value), unit).major


def _figure(figure: Figure) -> dict[str, Cell]:
    return {
        "name": figure.name,
        "value": amount(figure.value, figure.unit),
        "unit": figure.unit,
        "n": figure.n,
        "low": amount(figure.low, figure.unit),
        "high": amount(figure.high, figure.unit),
        "level": figure.level,
        "as_of": figure.as_of,
        "model": figure.model,
        "why": figure.why,
    }


def _figures(figures: Iterable[Figure]) -> Rows:
    return [_figure(figure) for figure in figures]


def _costs(report: ValueReport) -> Rows:
    return [{**_figure(term.amount), "coverage": term.coverage.value} for term in report.costs]


def _groups(report: ValueReport) -> Rows:
    return [_group(by, group) for by, groups in report.groups.items() for group in groups]


def _group(by: str, group: GroupValue) -> dict[str, Cell]:
    row: dict[str, Cell] = {
        "by": by,
        "value": group.value,
        "label": group.label,
        "customers": group.customers,
    }
    for one in (group.revenue_past, group.profit_past, group.revenue_365d, group.profit_365d):
        row[one.name] = amount(one.value, one.unit)
        row[f"{one.name}_low"] = amount(one.low, one.unit)
        row[f"{one.name}_high"] = amount(one.high, one.unit)
    return row | {"thin": group.thin}


def _formula(report: ValueReport) -> Rows:
    return [
        {
            "first": year.first,
            "last": year.last,
            "formula_ltv": amount(year.value.value, year.value.unit),
            "order_value": amount(year.order_value.value, year.order_value.unit),
            "purchase_frequency": year.frequency.value,
            "years_kept": year.duration.value,
            "customers": year.value.n,
            "why": year.value.why,
        }
        for year in (report.formula.now, report.formula.before)
    ]


def _calibration(report: ValueReport) -> Rows:
    return [
        {
            "repeat_purchases_before": one.frequency,
            "customers": one.customers,
            "actual": one.actual,
            "predicted": one.predicted,
        }
        for one in report.backtest.calibration
    ]


def _distribution(report: ValueReport) -> Rows:
    return [
        {"name": spread.name, "from": amount(edge, spread.unit), "customers": count}
        for spread in report.distributions
        for edge, count in zip(spread.edges, spread.counts, strict=True)
    ]


def _movement(report: ValueReport) -> Rows:
    return [
        {
            "name": one.name,
            "before": amount(one.before.value, one.before.unit),
            "now": amount(one.now.value, one.now.unit),
            "change": amount(one.change.value, one.change.unit),
            "why": one.change.why,
        }
        for one in report.movement.changes
    ]


def _left_out(report: ValueReport) -> Rows:
    return [
        {
            "reason": out.reason,
            "currency": out.currency,
            "orders": out.orders,
            "revenue": amount(out.revenue, out.currency),
        }
        for out in report.left_out
    ]


def _conversions(report: ValueReport) -> Rows:
    return [
        {
            "currency": one.currency,
            "orders": one.rows,
            "amount": amount(one.amount, one.currency),
            "converted": amount(one.converted, report.currency),
            "into": report.currency,
            "first_rate_on": one.first_rate_on,
            "last_rate_on": one.last_rate_on,
            "lowest": Decimal(one.lowest),
            "highest": Decimal(one.highest),
        }
        for one in report.conversions
    ]


def _stores(report: ValueReport) -> Rows:
    return [
        {
            "store": one.label,
            "buyers": one.customers,
            "orders": one.orders,
            "revenue": amount(one.revenue, report.currency),
            "revenue_per_buyer": amount(one.revenue_past.value, report.currency),
            "profit_per_buyer": amount(one.profit_past.value, report.currency),
            "bought_elsewhere": one.elsewhere.value,
            "thin": one.thin,
        }
        for one in report.stores
    ]


_TABLES: Final[Mapping[str, Callable[[ValueReport], Rows]]] = {
    "totals": lambda report: _figures(report.totals),
    "means": lambda report: _figures(report.means),
    "costs": _costs,
    "groups": _groups,
    "formula": _formula,
    "formula_parts": lambda report: _figures(report.formula.parts),
    "calibration": _calibration,
    "distribution": _distribution,
    "movement": _movement,
    "left_out": _left_out,
    "conversions": _conversions,
    "stores": _stores,
}
TABLES: Final = tuple(_TABLES)
