"""``joren touches``: when customers decide, what they touched, and last touch."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.core.figures import Figure
from joren.core.money import Money
from joren.measure.touches import selectors, services
from joren.measure.touches.contracts import DECISION_NAMES, HORIZONS

touches_app = typer.Typer(
    help="When customers decide, and what they touched before.", no_args_is_help=True
)

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@touches_app.command("decisions")
def decisions(as_json: AsJson = False) -> None:
    """Show how soon people order, and order again."""
    found = selectors.report()
    if as_json:
        _print([asdict(one) for one in found.decisions])
        return
    table = Table("way", "began", *(f"{day} days" for day in HORIZONS), "half after", box=None)
    for one in found.decisions:
        table.add_row(
            DECISION_NAMES[one.way][1], f"{one.entered:,}",
            *(_shown(share) for share in one.shares), _shown(one.median),
        )  # fmt: skip
    Console().print(table, soft_wrap=True)


@touches_app.command("contents")
def contents(as_json: AsJson = False) -> None:
    """Show who touched which content and ordered within 30 days: observed, no effect."""
    found = selectors.contents_beside(selectors.report())
    if as_json:
        _print([asdict(one) for one in found])
        return
    table = Table("content", "", "people", "ordered (observed)", "by holdout", box=None)
    for one in found:
        said = one.experiment
        table.add_row(
            one.called, one.content.kind, f"{one.content.people:,}", _shown(one.content.share),
            f"{_shown(said.conversion)} {said.evidence}" if said else "–",
        )  # fmt: skip
    Console().print(table, soft_wrap=True)


@touches_app.command("last-touch")
def last_touch(as_json: AsJson = False) -> None:
    """Show what last touch would credit, beside what holdouts say. It is no effect."""
    found = selectors.last_touch_beside(selectors.report())
    if as_json:
        _print([asdict(one) for one in found])
        return
    table = Table("action", "orders", "last touch", "by holdout", "difference", box=None)
    for one in found:
        table.add_row(
            one.called, f"{one.touched.orders:,}",
            _money(one.touched.revenue, one.difference.unit),
            _shown(one.experiment.revenue) if one.experiment else "–", _shown(one.difference),
        )  # fmt: skip
    Console().print(table, soft_wrap=True)


@touches_app.command("rule")
def rule(
    shown: Annotated[bool | None, typer.Option("--shown/--hidden", help="Beside effects?")] = None,
    days: Annotated[int | None, typer.Option("--days", help="How far back.")] = None,
    opens: Annotated[bool | None, typer.Option("--opens/--clicks", help="Do opens count?")] = None,
    as_json: AsJson = False,
) -> None:
    """Show whether last touch stands beside effects, or change it."""
    given = (shown, days, opens) != (None, None, None)
    held = (
        services.set_last_touch(by=BY, shown=shown, days=days, opens=opens)
        if given
        else selectors.last_touch_rule()
    )
    if as_json:
        _print(asdict(held))
        return
    what = "opens and clicks" if held.opens else "clicks"
    typer.echo(f"{'shown' if held.shown else 'hidden'}: {what} of {held.days} days before an order")


def _shown(figure: Figure) -> str:
    if figure.value is None:
        return "–"
    if figure.unit == "share":
        return f"{figure.value:.1%}"
    if figure.unit == "days":
        return f"{figure.value:.0f}"
    return _money(figure.value, figure.unit)


def _money(value: float, unit: str) -> str:
    return str(Money(round(value), unit)) if unit else f"{value:,.0f}"


def _print(told: Any) -> None:
    typer.echo(json.dumps(told, default=str, ensure_ascii=False))
