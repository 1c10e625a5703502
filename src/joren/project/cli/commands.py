"""Every command by its name. Rooms bring their own; here they are put together."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from joren.accounts.commands import user_app
from joren.accounts.services import change_business
from joren.act.confirmations.commands import confirmations_app
from joren.act.deliveries.commands import deliveries_app
from joren.act.forms.commands import forms_app
from joren.act.journeys.commands import journeys_app
from joren.act.messages.commands import messages_app
from joren.act.pressure.commands import pressure_app
from joren.collect.connectors.commands import (
    import_app,
    imports_app,
    mapping_app,
    quarantine_app,
)
from joren.collect.customers.commands import keys_app, people_app
from joren.collect.inbox.commands import import_events, source_app
from joren.collect.life_stages.commands import life_stages_app
from joren.collect.products.commands import products_app
from joren.collect.quality.commands import report_quality
from joren.collect.registrations.commands import registrations_app
from joren.collect.webhooks.commands import webhooks_app
from joren.core.clock import zone
from joren.core.errors import Refused
from joren.decide.exports.commands import export_labels, exports_app
from joren.decide.holdouts.commands import holdouts_app
from joren.decide.segments.commands import segments_app
from joren.decide.strategies.commands import strategies_app
from joren.measure.channels.commands import channels_app
from joren.measure.experiments.commands import effects_app
from joren.measure.indicators.commands import indicators_app
from joren.measure.initiatives.commands import initiatives_app
from joren.measure.practices.commands import practices_app
from joren.measure.referrals.commands import referrals_app
from joren.measure.reviews.commands import reviews_app
from joren.measure.team.commands import team_app
from joren.measure.touches.commands import touches_app
from joren.measure.trials.commands import trials_app
from joren.project import check as checking
from joren.project import demo as demonstration
from joren.project import keeping, serving, starting
from joren.project.chores import selectors as chores
from joren.project.chores.rules import OFF
from joren.project.cli.calendars import campaigns_app
from joren.project.cli.first_party import report_first_party
from joren.project.cli.reviewing import mail as mail_review
from joren.project.cli.reviewing import pdf as review_pdf
from joren.project.cli.segment_files import export_segment
from joren.project.export import export_insights
from joren.project.refresh import refresh as build_snapshot
from joren.project.simulation import simulate_shop, simulate_world
from joren.protect.consent.commands import consent_app
from joren.protect.erasure.commands import person_app, retention_app
from joren.understand.cohorts.commands import report_cohorts
from joren.understand.economics.commands import economics_rules, report_economics
from joren.understand.ltv.commands import report_contracts, report_models, report_value
from joren.understand.paths.commands import journey_targets, report_journey_map
from joren.understand.ranks.commands import rank_rules, report_ranks
from joren.understand.shifts.commands import report_shifts

NEEDS_TABLES = {
    "import", "imports", "keys", "mapping", "people", "life-stages", "quarantine", "refresh",
    "report", "rules", "segments", "holdouts", "strategies", "reviews", "indicators",
    "practices", "initiatives", "channels", "referrals", "trials", "touches", "team", "effects",
    "messages", "campaigns", "journeys",
    "pressure", "export", "exports", "consent", "person", "retention", "user", "source", "webhooks",
    "products", "registrations", "confirmations", "forms", "deliveries", "schedule",
    "up", "demo",
}  # fmt: skip
NEEDS_FACTS = {
    "import", "people", "person", "retention", "quarantine", "refresh", "report", "segments",
    "holdouts", "strategies", "messages", "campaigns", "journeys", "pressure", "effects",
    "reviews", "forms", "indicators", "practices", "initiatives", "channels", "referrals", "trials",
    "touches", "team", "export", "exports", "webhooks", "up", "demo",
}  # fmt: skip

app = typer.Typer(
    help="Raise the lifetime value of a shop's customers: orders in, value out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
report_app = typer.Typer(help="What the newest snapshot says.", no_args_is_help=True)
rules_app = typer.Typer(help="The bounds and targets that figures are made by.")
export_app = typer.Typer(help="Insights as files.", no_args_is_help=True)
simulate_app = typer.Typer(help="Invented shops with known truth.", no_args_is_help=True)

report_app.command("value")(report_value)
report_app.command("models")(report_models)
report_app.command("contracts")(report_contracts)
report_app.command("ranks")(report_ranks)
report_app.command("cohorts")(report_cohorts)
report_app.command("economics")(report_economics)
report_app.command("shifts")(report_shifts)
report_app.command("journey-map")(report_journey_map)
report_app.command("quality")(report_quality)
report_app.command("first-party")(report_first_party)
rules_app.command("ranks")(rank_rules)
rules_app.command("economics")(economics_rules)
rules_app.command("journey-map")(journey_targets)
import_app.command("events")(import_events)
app.add_typer(import_app, name="import")
app.add_typer(imports_app, name="imports")
app.add_typer(mapping_app, name="mapping")
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(keys_app, name="keys")
app.add_typer(people_app, name="people")
app.add_typer(life_stages_app, name="life-stages")
app.add_typer(report_app, name="report")
app.add_typer(rules_app, name="rules")
app.add_typer(segments_app, name="segments")
app.add_typer(holdouts_app, name="holdouts")
app.add_typer(strategies_app, name="strategies")
app.add_typer(effects_app, name="effects")
app.add_typer(indicators_app, name="indicators")
reviews_app.command("pdf")(review_pdf)
reviews_app.command("mail")(mail_review)
app.add_typer(reviews_app, name="reviews")
app.add_typer(practices_app, name="practices")
app.add_typer(initiatives_app, name="initiatives")
app.add_typer(channels_app, name="channels")
app.add_typer(referrals_app, name="referrals")
app.add_typer(trials_app, name="trials")
app.add_typer(touches_app, name="touches")
app.add_typer(team_app, name="team")
app.add_typer(messages_app, name="messages")
export_app.command("labels")(export_labels)
export_app.command("segment")(export_segment)
app.add_typer(export_app, name="export")
app.add_typer(exports_app, name="exports")
app.add_typer(simulate_app, name="simulate")
app.add_typer(consent_app, name="consent")
app.add_typer(person_app, name="person")
app.add_typer(retention_app, name="retention")
app.add_typer(user_app, name="user")
app.add_typer(source_app, name="source")
app.add_typer(webhooks_app, name="webhooks")
app.add_typer(products_app, name="products")
app.add_typer(registrations_app, name="registrations")
app.add_typer(confirmations_app, name="confirmations")
app.add_typer(forms_app, name="forms")
app.add_typer(campaigns_app, name="campaigns")
app.add_typer(journeys_app, name="journeys")
app.add_typer(pressure_app, name="pressure")
app.add_typer(deliveries_app, name="deliveries")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Day = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="As of that day's end."),
]
Out = Annotated[Path, typer.Option(help="Where to write.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="The tar file.")]


@app.callback()
def before(context: typer.Context) -> None:
    """Raise the lifetime value of a shop's customers: orders in, value out."""
    command = context.invoked_subcommand
    if "--help" in sys.argv:
        return
    if command in NEEDS_TABLES:
        starting.migrate()
    if command in NEEDS_FACTS:
        starting.finish_promised()


@app.command()
def refresh(as_of: Day = None, as_json: AsJson = False) -> None:
    """Build one dated snapshot of every insight from the facts."""
    with _progress() as bar:
        task = bar.add_task("refresh", total=1.0)
        report = build_snapshot(
            as_of=_day(as_of),
            on_progress=lambda step, share: bar.update(task, description=step, completed=share),
        )
    if as_json:
        _print_json(asdict(report))
        return
    typer.echo(
        f"Snapshot {report.snapshot_id} as of {report.as_of} ({report.because}): "
        f"{report.customers:,} customers, {report.orders:,} orders, {report.seconds:.1f} s\n"
        f"{report.model}; {report.model_why}"
    )


@export_app.callback()
def export_group() -> None:
    """Insights as files."""


@export_app.command("insights")
def insights(
    out: Annotated[Path, typer.Option(help="A .parquet or .csv file.")],
    snapshot: Annotated[int | None, typer.Option(help="That one instead of the newest.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write one row per customer, as Parquet or CSV."""
    with _progress() as bar:
        task = bar.add_task("export", total=None)
        done = export_insights(
            out, by="command-line", snapshot=snapshot,
            on_progress=lambda rows: bar.update(task, completed=rows),
        )  # fmt: skip
    if as_json:
        _print_json(asdict(done))
    else:
        said = "; they are simulated" if done.simulated else ""
        typer.echo(f"{done.rows:,} customers as of {done.as_of} in {done.path}{said}")


@simulate_app.callback()
def simulate_group() -> None:
    """Invented shops with known truth."""


@simulate_app.command("shop")
def shop(
    out: Annotated[Path, typer.Option(help="The folder to write to.")],
    customers: Annotated[int, typer.Option(help="How many.")] = 3_000,
    seed: Annotated[int, typer.Option(help="The same seed writes the same files.")] = 1,
    as_of: Day = None,
    as_json: AsJson = False,
) -> None:
    """Write the files of an invented coffee roaster, and the truth beside them."""
    with _progress() as bar:
        task = bar.add_task("simulate", total=customers)
        done = simulate_shop(
            customers=customers,
            seed=seed,
            out=out,
            as_of=_day(as_of),
            on_progress=lambda some, whole: bar.update(task, completed=some, total=whole),
        )
    if as_json:
        _print_json(asdict(done))
    else:
        typer.echo(f"{done.customers:,} customers, {done.orders:,} orders as of {done.as_of}")
        for file in done.files:
            typer.echo(f"  {file}")


@simulate_app.command("world")
def world(
    name: Annotated[str, typer.Argument(help="Such as passing-lift; docs/science/worlds.md.")],
    out: Annotated[Path, typer.Option(help="The folder to write to.")],
    customers: Annotated[int, typer.Option(help="How many.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed writes the same files.")] = 1,
    days: Annotated[int, typer.Option(help="How many have passed since the action.")] = 90,
    as_of: Day = None,
    as_json: AsJson = False,
) -> None:
    """Write the files of a shop in which an action had an effect that is known."""
    with _progress() as bar:
        task = bar.add_task("simulate", total=customers)
        done = simulate_world(
            name, out=out, customers=customers, seed=seed, days=days, as_of=_day(as_of),
            on_progress=lambda some, whole: bar.update(task, completed=some, total=whole),
        )  # fmt: skip
    if as_json:
        _print_json(asdict(done))
        return
    typer.echo(
        f"{done.customers:,} simulated customers, {done.held_out:,} left out, treated on "
        f"{done.treated_on}; {done.orders:,} orders as of {done.as_of}"
    )
    for file in done.files:
        typer.echo(f"  {file}")


@app.command()
def up(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer pages.")] = 1,
) -> None:
    """Serve the pages and the API, and work on what they start."""
    raise typer.Exit(serving.serve(host=host, port=port, workers=workers))


@app.command()
def schedule(
    nightly: Annotated[
        str | None, typer.Option(metavar="TIME", help="Do it every night at 03:30, or off.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what is done by itself, and how it went; --nightly sets when."""
    if nightly is not None:
        change_business(nightly_at=OFF if nightly == "off" else nightly)
    found = chores.schedule()
    if as_json:
        _print_json(asdict(found))
        return
    here = zone(found.time_zone)
    when = found.next_run.astimezone(here).strftime("%Y-%m-%d %H:%M") if found.next_run else "never"
    typer.echo(f"next run {when} ({found.time_zone}), {found.workers} workers alive")
    for one in found.chores:
        last = one.last_run.astimezone(here).strftime("%Y-%m-%d %H:%M") if one.last_run else "never"
        typer.echo(f"  {one.name}: {last} {'' if one.well else 'FAILED '}{one.said} {one.hint}")


@app.command()
def check(as_json: AsJson = False) -> None:
    """Look at configuration, versions, disk, database and warehouse."""
    findings = checking.look()
    healthy = all(one.ok for one in findings)
    if as_json:
        _print_json({"healthy": healthy, "findings": [asdict(one) for one in findings]})
    else:
        table = Table("", "what", "is", "do", box=None, header_style="bold")
        for one in findings:
            table.add_row("ok" if one.ok else "FAULT", one.name, one.said, one.hint)
        Console().print(table, soft_wrap=True)
    raise typer.Exit(0 if healthy else 1)


@app.command()
def backup(file: File, as_json: AsJson = False) -> None:
    """Write everything under the home into one tar file, while joren runs."""
    _say_kept(keeping.backup(file), as_json)


@app.command()
def restore(
    file: File,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put what is there now aside, under the home.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring back what a backup holds; stop joren first."""
    _say_kept(keeping.restore(file, replace=replace), as_json)


@app.command()
def demo(
    customers: Annotated[int, typer.Option(help="How many the shop has.")] = 3_000,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Leave it running.")] = True,
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
) -> None:
    """Build the demo shop, import it, refresh, show its value, and serve it."""
    with _progress() as bar:
        task = bar.add_task("demo", total=1.0)
        made = demonstration.build(
            customers=customers,
            on_progress=lambda said, share: bar.update(task, description=said, completed=share),
        )
    report_value()
    typer.echo(f"\nSign in as {made.email} with the password {made.password}")
    if not serve:
        return
    typer.echo(f"http://127.0.0.1:{port}/  (Ctrl-C stops)")
    if code := serving.serve(host="127.0.0.1", port=port, workers=1):
        raise Refused(
            f"serving on port {port} ended with {code}",
            hint="joren demo --port 8001, if it is taken",
        )


def _progress() -> Progress:
    # On stderr: standard output is for whoever reads the result.
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


def _say_kept(kept: keeping.Kept, as_json: bool) -> None:
    if as_json:
        _print_json(asdict(kept))
        return
    typer.echo(f"{kept.file}: {kept.files:,} files, {kept.size / 2**20:,.1f} MB")
    if kept.note:
        typer.echo(kept.note)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))
