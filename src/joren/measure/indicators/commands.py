"""``joren indicators``: the KPI tree with its gaps, the funnel, the plan and the targets."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.core.errors import BadInput
from joren.core.money import Money
from joren.measure.indicators import selectors, services
from joren.measure.indicators.contracts import (
    BRANCHES,
    GROWTHS,
    PLACES,
    BadIndicatorPlan,
    IndicatorGoal,
    IndicatorStanding,
)
from joren.understand.ltv import selectors as values

indicators_app = typer.Typer(help="KPI and results: targets, what is so, and the gaps.",
                             no_args_is_help=True)  # fmt: skip

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Period = Annotated[
    str | None, typer.Option("--period", help="2026-12, 2026-Q4 or 2026; else the newest month.")
]


@indicators_app.command("show")
def show(period: Period = None, as_json: AsJson = False) -> None:
    """Show the tree: KPI first, then results by step, each beside its target."""
    found = selectors.tree(period)
    if as_json:
        _print(asdict(found))
        return
    table = Table("branch", "indicator", "", "is", "95 %", "target", "gap", "verdict", box=None)
    for one in found.nodes:
        between = (
            ""
            if one.actual.low is None
            else f"{_shown(one, one.actual.low)} – {_shown(one, one.actual.high)}"
        )
        table.add_row(
            BRANCHES[one.branch][1], one.label or one.code,
            "KPI" if one.kpi else "result" if one.result else "",
            _shown(one, one.actual.value), between, _shown(one, one.target), _gap(one),
            f"{one.verdict.replace('_', ' ')}{' (!)' if one.hole else ''}",
        )  # fmt: skip
    Console().print(f"{found.period}, as of {found.as_of}: {GROWTHS[found.growth][1]}")
    Console().print(table, soft_wrap=True)
    if found.loss:
        loss = found.loss
        typer.echo(
            f"most is lost on {loss.way} ({_share(loss.lost.value)}"
            f"{'' if loss.sure else ', not sure'}): tune {loss.part}"
        )


@indicators_app.command("funnel")
def funnel(as_json: AsJson = False) -> None:
    """Show aware, start, use, achieve, repurchase."""
    found = selectors.funnel(values.snapshot())
    if as_json:
        _print(asdict(found))
        return
    for place in found.places:
        typer.echo(f"{PLACES[place.place][1]}: {place.people:,}")
    for step in found.steps:
        said = step.share.why if step.share.value is None else f"{step.share.value:.1%}"
        typer.echo(f"{step.way}: {step.gone:,} of {step.entered:,}, {said}")


@indicators_app.command("plan")
def plan(
    growth: Annotated[str | None, typer.Option("--growth", help=" or ".join(GROWTHS))] = None,
    days: Annotated[int | None, typer.Option("--days", help="To go on to the next place.")] = None,
    use: Annotated[list[str] | None, typer.Option("--use", help="An event of use.")] = None,
    goal: Annotated[
        list[str] | None,
        typer.Option("--goal", metavar="CODE=EVENT[:NAME]", help="What customers come for."),
    ] = None,
    kpi: Annotated[list[str] | None, typer.Option("--kpi", help="What is called a KPI.")] = None,
    part: Annotated[
        list[str] | None,
        typer.Option("--part", metavar="WAY=PART", help="Such as start_use=means."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the plan, or change what is given."""
    held = selectors.plan().plan
    given: dict[str, Any] = {
        "growth": growth, "days": days, "use_events": tuple(use) if use else None,
        "goals": tuple(_goal(one) for one in goal) if goal else None,
        "kpis": tuple(kpi) if kpi else None,
        "parts": {**held.parts, **dict(_pair(one) for one in part)} if part else None,
    }  # fmt: skip
    changes = {name: value for name, value in given.items() if value is not None}
    if changes:
        services.write_plan(replace(held, **changes), by=BY)
    _print(asdict(selectors.plan())) if as_json else _tell(selectors.plan().plan)


@indicators_app.command("target")
def target(
    period: Annotated[str, typer.Argument(help="2026-12, 2026-Q4 or 2026.")],
    aims: Annotated[
        list[str], typer.Argument(metavar="INDICATOR=VALUE", help="f2_90d=0.3; none takes it back.")
    ],
    as_json: AsJson = False,
) -> None:
    """Say targets of a period: shares from 0 to 1, money in minor units."""
    kept = services.aim(period, {code: _number(said) for code, said in map(_pair, aims)}, by=BY)
    _print([asdict(one) for one in kept]) if as_json else typer.echo(f"{period}: kept")


@indicators_app.command("history")
def history(as_json: AsJson = False) -> None:
    """Show who said which target when."""
    found = selectors.target_history()
    if as_json:
        _print([asdict(one) for one in found])
        return
    for one in found:
        said = "none" if one.value is None else f"{one.value:g}"
        typer.echo(
            f"{one.changed_at:%Y-%m-%d %H:%M} {one.changed_by}: {one.period} {one.indicator} {said}"
        )


def _tell(held: Any) -> None:
    typer.echo(f"{GROWTHS[held.growth][1]}, {held.days} days; use: {', '.join(held.use_events)}")
    for one in held.goals:
        typer.echo(f"goal {one.code}: {one.event} {one.name}".rstrip())
    typer.echo(f"KPI: {', '.join(held.kpis) or '–'}")


def _shown(one: IndicatorStanding, value: float | None) -> str:
    unit = one.actual.unit
    if value is None:
        return "–"
    if unit == "share":
        return f"{value:.1%}"
    return str(Money(round(value), unit)) if unit.isupper() else f"{value:,.4g}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _gap(one: IndicatorStanding) -> str:
    if one.gap is None or one.gap_share is None:
        return ""
    wide = f"{100 * one.gap:+.1f} pt" if one.actual.unit == "share" else f"{one.gap:+,.4g}"
    return f"{wide} ({one.gap_share:+.0%})"


def _goal(text: str) -> IndicatorGoal:
    code, rest = _pair(text)
    event, _, name = rest.partition(":")
    return IndicatorGoal(code, name, event)


def _pair(text: str) -> tuple[Any, Any]:
    name, given, value = text.partition("=")
    if not given:
        raise BadIndicatorPlan(f"{text!r} names no value", hint="NAME=VALUE")
    return name, value


def _number(text: str) -> float | None:
    try:
        return None if text == "none" else float(text)
    except ValueError:
        raise BadInput(f"{text!r} is no number", hint="such as 0.3, or none") from None


def _print(told: Any) -> None:
    typer.echo(json.dumps(told, default=str, ensure_ascii=False))
