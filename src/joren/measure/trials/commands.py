"""``joren trials``: practices tried by lot, by order or by stretches of days."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from joren.accounts.selectors import business
from joren.core import clock
from joren.core.figures import in_a_line
from joren.measure.experiments.contracts import USUAL_LIFT
from joren.measure.trials import selectors, services
from joren.measure.trials.contracts import (
    TRIAL_EVIDENCE_NAMES,
    TRIAL_METRICS,
    TRIAL_UNITS,
    TrialPlan,
)
from joren.understand.ltv import selectors as values

trials_app = typer.Typer(
    help="Practices tried by lot, by order, customer or stretches of days.", no_args_is_help=True
)

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Unit = Annotated[str, typer.Option("--unit", help=" or ".join(TRIAL_UNITS))]
Since = Annotated[datetime, typer.Option("--since", formats=["%Y-%m-%d"])]
Until = Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"])]
HorizonDays = Annotated[int, typer.Option("--horizon", help="By order, customer: days after.")]
PeriodDays = Annotated[int, typer.Option("--period", help="Days of a stretch.")]
Washout = Annotated[int, typer.Option("--washout", help="Of them do not count.")]
Metric = Annotated[str, typer.Option("--metric", help=" or ".join(TRIAL_METRICS))]
Number = Annotated[int, typer.Argument(help="As joren trials list shows.")]


@trials_app.command("list")
def list_trials(
    practice: Annotated[str, typer.Option("--practice", help="Its key.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show the trials."""
    found = selectors.trials(practice)
    if as_json:
        _print([asdict(one) for one in found])
        return
    for one in found:
        plan = one.plan
        typer.echo(f"{one.id} {plan.practice}: {plan.unit}, {plan.first} – {plan.last}")


@trials_app.command("design")
def design(
    unit: Unit,
    since: Since,
    until: Until,
    horizon: HorizonDays = 90,
    period: PeriodDays = 7,
    washout: Washout = 1,
    metric: Metric = "money",
    lift: Annotated[float, typer.Option("--lift", help="Worth knowing of.")] = USUAL_LIFT,
    as_json: AsJson = False,
) -> None:
    """Show what a trial could show, before it is drawn."""
    plan = TrialPlan(
        "", unit, since.date(), until.date(), horizon, period, washout,  # type: ignore[arg-type]  # the verb refuses others
        metric,  # type: ignore[arg-type]  # the rules refuse what is none
    )  # fmt: skip
    found = selectors.design(plan, values.snapshot(), lift=lift)
    if as_json:
        _print(asdict(found))
        return
    typer.echo(f"{found.units:,} {'customers' if plan.by_people else 'stretches'}, "
               f"read on {plan.read_on}")  # fmt: skip
    for figure in (found.smallest, found.smallest_lift, found.smallest_gain):
        typer.echo(f"{figure.name}: {in_a_line(figure)}")
    if found.needed:
        typer.echo(f"a lift of {lift:.0%} needs {found.needed:,} customers, {found.weeks} weeks")


@trials_app.command("draw")
def draw(
    practice: Annotated[str, typer.Argument(help="Its key: joren practices list.")],
    unit: Unit,
    since: Since,
    until: Until,
    horizon: HorizonDays = 90,
    period: PeriodDays = 7,
    washout: Washout = 1,
    metric: Metric = "money",
    as_json: AsJson = False,
) -> None:
    """Deal the orders, customers or stretches of a practice by lot."""
    plan = TrialPlan(
        practice, unit, since.date(), until.date(), horizon, period, washout,  # type: ignore[arg-type]  # the verb refuses others
        metric,  # type: ignore[arg-type]  # the rules refuse what is none
    )  # fmt: skip
    made = services.draw(plan, by=BY)
    _print(asdict(made)) if as_json else typer.echo(f"trial {made.id} is drawn")


@trials_app.command("periods")
def periods(number: Number, as_json: AsJson = False) -> None:
    """Show the stretches with and without it."""
    found = selectors.schedule(selectors.trial(number))
    if as_json:
        _print([asdict(one) for one in found])
        return
    for one in found:
        arm = "with" if one.treated else "without"
        typer.echo(f"{one.first} – {one.last} {one.store or ''} {arm}")


@trials_app.command("arm")
def arm(
    number: Number,
    order: Annotated[str, typer.Option("--order", help="The order's number.")] = "",
    store: Annotated[str, typer.Option("--store")] = "",
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"])] = None,
    email: Annotated[str, typer.Option("--email", help="By customer: whose it is.")] = "",
    customer: Annotated[str, typer.Option("--customer", help="The same, by number.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say whether an order is to get it."""
    today, day = clock.shop_day(clock.now(), business().time_zone), on.date() if on else None
    one = selectors.trial(number)
    said = services.arm(
        one, store=store, order_number=order, today=today, on=day, email=email,
        customer_number=customer,
    )  # fmt: skip
    if as_json:
        _print(asdict(said))
        return
    typer.echo("with" if said.treated else "without")


@trials_app.command("expose")
def expose(
    number: Number,
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    as_json: AsJson = False,
) -> None:
    """Take in a CSV of the orders or customers that got it."""
    done = services.expose_file(number, file, by=BY)
    if as_json:
        _print(asdict(done))
        return
    typer.echo(f"{done.rows:,} rows: {done.recorded:,} recorded, {done.refused:,} stayed out")
    for one in done.faults:
        typer.echo(f"row {one.row}, {one.column} {one.value}: {one.reason}")


@trials_app.command("result")
def result(number: Number, as_json: AsJson = False) -> None:
    """Show what a trial says."""
    said = selectors.read(selectors.trial(number), values.snapshot())
    if as_json:
        _print(asdict(said))
        return
    typer.echo(TRIAL_EVIDENCE_NAMES[said.evidence])
    for figure in (said.each, said.lift, said.gain, said.net):
        typer.echo(f"{figure.name}: {in_a_line(figure)}")


@trials_app.command("call-off")
def call_off(number: Number, as_json: AsJson = False) -> None:
    """Drop a trial that has not begun."""
    services.call_off(number, by=BY)
    told = json.dumps({"called_off": number})
    typer.echo(told if as_json else f"trial {number} is called off")


def _print(told: Any) -> None:
    typer.echo(json.dumps(told, default=str, ensure_ascii=False))
