"""``joren report value``: what the customer base is worth, in the terminal."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from joren.collect.quality.contracts import enough_for
from joren.core.figures import Figure
from joren.core.money import Money
from joren.understand.ltv import selectors
from joren.understand.ltv.contracts import (
    DEFINITIONS,
    Backtest,
    ModelReport,
    SubscriptionReport,
    ValueReport,
)
from joren.understand.ltv.rules.tabular import TABLES, table

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON; money in minor units.")]
AsCsv = Annotated[
    str, typer.Option("--csv", metavar="TABLE", help=f"Print one table: {', '.join(TABLES)}.")
]
SnapshotId = Annotated[
    int | None, typer.Option("--snapshot", help="That snapshot instead of the current one.")
]


def report_value(as_json: AsJson = False, as_csv: AsCsv = "", snapshot: SnapshotId = None) -> None:
    """What customers were worth and may be worth, with the back-test of the prediction."""
    report = selectors.value_report(selectors.snapshot(snapshot))
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False))
    elif as_csv:
        _print_csv(report, as_csv)
    else:
        _print(report)


def report_models(as_json: AsJson = False, snapshot: SnapshotId = None) -> None:
    """Which models were chosen and why, and how far they were right before."""
    report = selectors.model_report(selectors.snapshot(snapshot))
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False))
        return
    console = Console()
    console.print(f"Models as of {report.as_of} (snapshot {report.snapshot_id})")
    console.print(f"{report.model}; {report.why}\n{enough_for(report.verdicts)}\n")
    if report.alarm:
        console.print(f"Drift: {report.alarm}\n")
    console.print(_cutoffs(report))
    console.print(_candidates(report))


def report_contracts(as_json: AsJson = False, snapshot: SnapshotId = None) -> None:
    """How contracts (定期) go on by running number, and what those that run may bring."""
    report = selectors.contract_report(selectors.snapshot(snapshot))
    if as_json:
        typer.echo(TypeAdapter(SubscriptionReport).dump_json(report).decode())
        return
    console = Console()
    console.print(f"Contracts as of {report.as_of} (snapshot {report.snapshot_id})")
    console.print(f"{report.model or 'No model'}; {report.why}\n{enough_for(report.verdicts)}\n")
    console.print(_figures("Total", tuple(report.figures.values())))
    console.print(_renewals(report))
    console.print(_tenures(report))


def _renewals(report: SubscriptionReport) -> Table:
    shown = _plain_table("Delivery", "decided", "renewed", "90 % interval", "by the model", "left")
    for one in report.curve:
        limits = f"{_amount(one.observed.low, 'share')} … {_amount(one.observed.high, 'share')}"
        shown.add_row(
            str(one.number),
            f"{one.due:,}",
            said(one.observed) if one.due else "",
            limits if one.due else "",
            said(one.model),
            said(one.survival),
        )
    shown.add_row()
    return shown


def _tenures(report: SubscriptionReport) -> Table:
    shown = _plain_table("Runs at delivery", "contracts", "cancels before the next",
                         "in 365 d", "days to the last (5 y)", "revenue in 365 d")  # fmt: skip
    for one in report.tenures:
        shown.add_row(
            str(one.number),
            f"{one.contracts:,}",
            said(one.p_cancel),
            said(one.renewals_365d),
            said(one.lifetime_days),
            said(one.revenue_365d),
        )
    return shown


def _cutoffs(report: ModelReport) -> Table:
    shown = _plain_table(f"Cut-off ({report.window_days} days ahead)", "orders foretold",
                         "90 % interval", "came", "error", "")  # fmt: skip
    for one in report.history:
        shown.add_row(
            one.cutoff,
            said(one.orders),
            f"{_amount(one.orders.low, 'orders')} … {_amount(one.orders.high, 'orders')}",
            f"{one.orders_actual:,}",
            said(one.error),
            "" if one.hit else "missed",
        )
    shown.add_row()
    return shown


def _candidates(report: ModelReport) -> Table:
    shown = _plain_table("Candidate", "log score", "mean error of totals", "")
    for one in (*report.candidates, *report.spend_candidates):
        shown.add_row(one.name, f"{one.score:.4f}", said(one.error), one.verdict)
    return shown


def _plain_table(*titles: str) -> Table:
    return Table(*titles, box=None, header_style="bold", padding=(0, 2))


def _print_csv(report: ValueReport, name: str) -> None:
    rows = table(report, name)
    # On stderr: standard output is the table.
    typer.echo(enough_for(report.verdicts), err=True)
    if rows:
        writer = csv.DictWriter(sys.stdout, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _print(report: ValueReport) -> None:
    console = Console()
    console.print(f"Customer value as of {report.as_of} (snapshot {report.snapshot_id})")
    console.print(f"{enough_for(report.verdicts)}\n")
    console.print(_figures("Total", report.totals))
    console.print(_figures("Mean per customer", report.means))
    console.print(_costs(report))
    if report.stores:
        console.print(_stores(report))
    formula = report.formula
    console.print(_figures("Formula LTV, last 365 days", _year(report)))
    if formula.parts:
        moved = ", ".join(f"{_word(part.name)} {said(part)}" for part in formula.parts)
        console.print(f"Change against the year before: {said(formula.change)} ({moved})\n")
    console.print(_backtest(report.backtest))
    for by in report.groups:
        console.print(_groups(report, by))
    for one in report.conversions:
        console.print(
            f"Converted: {one.rows:,} orders, {Money(one.amount, one.currency)} into "
            f"{Money(one.converted, report.currency)} at {one.rates} "
            f"(rates of {one.first_rate_on} to {one.last_rate_on})"
        )
    for out in report.left_out:
        way_out = "; joren import rates FILE makes them count" if out.reason == "currency" else ""
        console.print(f"Left out ({out.reason}): {out.orders:,} in {out.currency}{way_out}")


def said(figure: Figure) -> str:
    """The value as people write it; an unknown one says why."""
    return _amount(figure.value, figure.unit) if figure.value is not None else "not yet known"


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if len(unit) == 3 and unit.isupper():
        return str(Money(round(value), unit))
    if unit == "share":
        return f"{value:.1%}"
    return f"{value:,.0f}" if unit in ("customers", "orders") and value > 100 else f"{value:,.2f}"


def _word(name: str) -> str:
    return DEFINITIONS[name][1] if name in DEFINITIONS else name


def _figures(title: str, figures: tuple[Figure, ...]) -> Table:
    shown = Table(title, "", "interval", "n", "", box=None, header_style="bold", padding=(0, 2))
    for one in figures:
        interval = f"{_amount(one.low, one.unit)} … {_amount(one.high, one.unit)}"
        level = "" if one.level is None else f"{one.level:.0%}: {interval}"
        shown.add_row(
            _word(one.name), said(one), level, "" if one.n is None else f"{one.n:,}", one.why
        )
    shown.add_row()
    return shown


def _year(report: ValueReport) -> tuple[Figure, ...]:
    now = report.formula.now
    return (now.value, now.order_value, now.frequency, now.duration)


def _costs(report: ValueReport) -> Table:
    shown = Table("Cost", "", "known of purchases", box=None, header_style="bold", padding=(0, 2))
    for term in report.costs:
        shown.add_row(_word(term.name), said(term.amount), said(term.coverage))
    shown.add_row()
    return shown


def _backtest(backtest: Backtest) -> Table:
    if backtest.why:
        return Table(f"Back-test: not yet ({backtest.why})", box=None, header_style="bold")
    title = f"Back-test, {backtest.weeks} weeks after {backtest.cutoff}"
    shown = Table(
        title, "customers", "actual", "predicted", box=None, header_style="bold", padding=(0, 2)
    )
    shown.add_row(
        f"all: total {said(backtest.bias)}, MAE {backtest.mae:.3f}, RMSE {backtest.rmse:.3f}",
        f"{backtest.customers:,}",
        f"{backtest.orders_actual:,}",
        f"{backtest.orders_predicted:,.0f}",
    )
    for one in backtest.calibration:
        shown.add_row(
            f"repeat purchases before: {one.frequency}",
            f"{one.customers:,}",
            f"{one.actual:.2f}",
            f"{one.predicted:.2f}",
        )
    shown.add_row()
    return shown


def _stores(report: ValueReport) -> Table:
    shown = Table(
        "By store of purchase", "buyers", "orders", "revenue", "per buyer", "bought elsewhere too",
        box=None, header_style="bold", padding=(0, 2),
    )  # fmt: skip
    for one in report.stores:
        shown.add_row(
            one.label, f"{one.customers:,}", f"{one.orders:,}",
            str(Money(one.revenue, report.currency)), said(one.revenue_past), said(one.elsewhere),
            style="dim" if one.thin else "",
        )  # fmt: skip
    shown.add_row()
    return shown


def _groups(report: ValueReport, by: str) -> Table:
    shown = Table(
        f"By {by} of the first purchase",
        "customers",
        "revenue to date",
        "profit to date",
        "revenue 365 d",
        "profit 365 d",
        box=None,
        header_style="bold",
        padding=(0, 2),
    )
    for group in report.groups[by]:
        figures = (group.revenue_past, group.profit_past, group.revenue_365d, group.profit_365d)
        shown.add_row(
            group.label or "(not known)",
            f"{group.customers:,}",
            *(said(figure) for figure in figures),
            style="dim" if group.thin else "",
        )
    shown.add_row()
    return shown
