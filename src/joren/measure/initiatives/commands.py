"""``joren initiatives``: what pays late, what it has cost, and how its metric went."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.core.figures import in_a_line
from joren.measure.initiatives import selectors, services
from joren.measure.initiatives.contracts import (
    LATE_EVIDENCE_NAMES,
    LATE_METRIC_NAMES,
    LATE_METRICS,
    BadInitiative,
    InitiativeText,
)
from joren.understand.ltv import selectors as values

initiatives_app = typer.Typer(
    help="What costs now and pays late, against its own past.", no_args_is_help=True
)

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="As joren initiatives list shows.")]
Owner = Annotated[int | None, typer.Option("--owner", help="A member's number.")]
About = Annotated[str | None, typer.Option("--about", help="What is done, and why.")]
Held = Annotated[int | None, typer.Option("--holdout", help="That measures it by lot.")]
OfPractice = Annotated[str | None, typer.Option("--practice", help="Whose holdout measures it.")]
Because = Annotated[str, typer.Option("--why", help="Why, for the history.")]
_METRICS: Final = " or ".join(LATE_METRICS)


@initiatives_app.command("list")
def list_initiatives(as_json: AsJson = False) -> None:
    """Show all of them with what they have cost."""
    found = selectors.initiatives()
    if as_json:
        _print([asdict(one) for one in found])
        return
    table = Table("no.", "initiative", "metric", "since", "expected", "cost", box=None)
    for one in found:
        table.add_row(
            str(one.id), one.text.name, LATE_METRIC_NAMES[one.text.metric][1],
            str(one.text.started_on), str(one.text.expected_on),
            "–" if one.cost is None else f"{one.cost:,}",
        )  # fmt: skip
    Console().print(table, soft_wrap=True)


@initiatives_app.command("show")
def show(number: Number, as_json: AsJson = False) -> None:
    """Show one: before, since, and its baselines."""
    one = selectors.initiative(number)
    said = selectors.effect(one, values.snapshot())
    if as_json:
        _print({"initiative": asdict(one), "effect": asdict(said)})
        return
    typer.echo(f"{one.text.name}: {LATE_EVIDENCE_NAMES[said.evidence]}")
    for figure in (said.before, said.after, said.change, said.season, said.newest):
        typer.echo(f"{figure.name}: {in_a_line(figure)}")
    for each in one.baselines:
        typer.echo(f"{each.first} – {each.last} {each.why}: {in_a_line(each.figure)} {each.reason}")
    for cost in one.costs:
        typer.echo(f"cost {cost.id}: {cost.on} {cost.amount:,} {cost.note}")
    if said.holdout:
        typer.echo(f"holdout {said.holdout.name}: {said.holdout.evidence}")
        typer.echo(f"{said.holdout.payback.name}: {in_a_line(said.holdout.payback)}")


@initiatives_app.command("history")
def history(number: Number, as_json: AsJson = False) -> None:
    """Show what was said of it otherwise than before, the newest first, by whom and why."""
    found = selectors.history(number)
    if as_json:
        _print([asdict(one) for one in found])
        return
    for one in found:
        before, after = ("–" if each is None else str(each) for each in (one.before, one.after))
        day = f" ({one.on})" if one.on else ""
        why = f": {one.why}" if one.why else ""
        said = f"{one.what.replace('_', ' ')}{day}: {before} → {after}, {one.by}{why}"
        typer.echo(f"{one.at:%Y-%m-%d %H:%M} {said}")
    if not found:
        typer.echo("nothing was changed yet")


@initiatives_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What the shop calls it.")],
    metric: Annotated[str, typer.Option("--metric", help=_METRICS)],
    since: Annotated[datetime, typer.Option("--since", formats=["%Y-%m-%d"])],
    lag: Annotated[int, typer.Option("--lag", help="Days until an effect is expected.")],
    owner: Owner = None,
    about: About = None,
    holdout: Held = None,
    practice: OfPractice = None,
    as_json: AsJson = False,
) -> None:
    """Begin one."""
    text = InitiativeText(
        name, metric, since.date(), lag, owner, about or "", holdout,  # type: ignore[arg-type]  # the verb refuses others
        practice or "",
    )  # fmt: skip
    made = services.add(text, by=BY)
    _print(asdict(made)) if as_json else typer.echo(f"initiative {made.id} is kept")


@initiatives_app.command("write")
def write(
    number: Number,
    name: Annotated[str | None, typer.Option("--name")] = None,
    metric: Annotated[str | None, typer.Option("--metric", help=_METRICS)] = None,
    since: Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"])] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"])] = None,
    lag: Annotated[int | None, typer.Option("--lag")] = None,
    owner: Owner = None,
    about: About = None,
    holdout: Held = None,
    practice: OfPractice = None,
    why: Because = "",
    as_json: AsJson = False,
) -> None:
    """Change what is given; the rest stays."""
    given: dict[str, Any] = {
        "name": name, "metric": metric, "started_on": _day(since), "stopped_on": _day(until),
        "lag_days": lag, "owner": owner, "about": about, "holdout": holdout, "practice": practice,
    }  # fmt: skip
    changes = {key: value for key, value in given.items() if value is not None}
    if not changes:
        raise BadInitiative("nothing to change", hint="joren initiatives write --help")
    text = replace(selectors.initiative(number).text, **changes)
    made = services.write(number, text, why=why, by=BY)
    _print(asdict(made)) if as_json else typer.echo(f"initiative {number} is written")


@initiatives_app.command("cost")
def cost(
    number: Number,
    amount: Annotated[int, typer.Argument(help="In minor units.")],
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"])],
    note: Annotated[str, typer.Option("--note")] = "",
    as_json: AsJson = False,
) -> None:
    """Write down what was spent on a day."""
    made = services.say_cost(number, on=on.date(), amount=amount, note=note, by=BY)
    _print(asdict(made)) if as_json else typer.echo(f"cost to date: {made.cost:,}")


@initiatives_app.command("uncost")
def uncost(
    number: Number,
    row: Annotated[int, typer.Argument(help="The cost's number: joren initiatives show.")],
    why: Because = "",
    as_json: AsJson = False,
) -> None:
    """Take a cost back that was written down by mistake."""
    made = services.take_cost_back(number, row, why=why, by=BY)
    _print(asdict(made)) if as_json else typer.echo(f"cost to date: {made.cost or 0:,}")


@initiatives_app.command("rebase")
def rebase(
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the history.")],
    as_json: AsJson = False,
) -> None:
    """Set a new baseline from the last thirteen full weeks."""
    made = services.rebase(number, reason=reason, by=BY)
    _print(asdict(made)) if as_json else typer.echo(f"{len(made.baselines)} baselines are kept")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _print(told: Any) -> None:
    typer.echo(json.dumps(told, default=str, ensure_ascii=False))
