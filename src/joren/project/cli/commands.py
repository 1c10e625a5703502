"""Every command by its name. Rooms bring their own; here they are put together."""

from __future__ import annotations

import typer

from joren.accounts.commands import user_app
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
from joren.project import starting
from joren.project.cli.calendars import campaigns_app
from joren.project.cli.customers import customers_app
from joren.project.cli.figures import insights, refresh
from joren.project.cli.first_party import report_first_party
from joren.project.cli.home import home
from joren.project.cli.inventing import simulate_app
from joren.project.cli.parsing import Understood
from joren.project.cli.reviewing import mail as mail_review
from joren.project.cli.reviewing import pdf as review_pdf
from joren.project.cli.running import backup, check, demo, restore, schedule, up
from joren.project.cli.segment_files import export_segment
from joren.protect.consent.commands import consent_app
from joren.protect.erasure.commands import person_app, retention_app
from joren.understand.cohorts.commands import report_cohorts
from joren.understand.economics.commands import (
    economics_rules,
    report_allowed_cac,
    report_economics,
)
from joren.understand.ltv.commands import report_contracts, report_models, report_value
from joren.understand.paths.commands import journey_targets, report_journey_map
from joren.understand.ranks.commands import rank_rules, report_moves, report_ranks
from joren.understand.shifts.commands import report_shifts

NEEDS_TABLES = {
    "home", "customers",
    "import", "imports", "keys", "mapping", "people", "life-stages", "quarantine", "refresh",
    "report", "rules", "segments", "holdouts", "strategies", "reviews", "indicators",
    "practices", "initiatives", "channels", "referrals", "trials", "touches", "team", "effects",
    "messages", "campaigns", "journeys",
    "pressure", "export", "exports", "consent", "person", "retention", "user", "source", "webhooks",
    "products", "registrations", "confirmations", "forms", "deliveries", "schedule",
    "up", "demo",
}  # fmt: skip
NEEDS_FACTS = {
    "home", "customers",
    "import", "people", "person", "retention", "quarantine", "refresh", "report", "segments",
    "holdouts", "strategies", "messages", "campaigns", "journeys", "pressure", "effects",
    "reviews", "forms", "indicators", "practices", "initiatives", "channels", "referrals", "trials",
    "touches", "team", "export", "exports", "webhooks", "up", "demo",
}  # fmt: skip

app = typer.Typer(
    cls=Understood,
    help="Raise the lifetime value of a shop's customers: orders in, value out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
report_app = typer.Typer(help="What the newest snapshot says.", no_args_is_help=True)
rules_app = typer.Typer(help="The bounds and targets that figures are made by.")
export_app = typer.Typer(help="Insights as files.", no_args_is_help=True)

report_app.command("value")(report_value)
report_app.command("models")(report_models)
report_app.command("contracts")(report_contracts)
report_app.command("ranks")(report_ranks)
report_app.command("moves")(report_moves)
report_app.command("cohorts")(report_cohorts)
report_app.command("economics")(report_economics)
report_app.command("allowed-cac")(report_allowed_cac)
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
app.add_typer(customers_app, name="customers")
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
export_app.command("insights")(insights)
app.command("home")(home)
app.command("refresh")(refresh)
app.command("up")(up)
app.command("schedule")(schedule)
app.command("check")(check)
app.command("backup")(backup)
app.command("restore")(restore)
app.command("demo")(demo)


@app.callback()
def before(context: typer.Context) -> None:
    """Raise the lifetime value of a shop's customers: orders in, value out."""
    command = context.invoked_subcommand
    if command in NEEDS_TABLES:
        starting.migrate()
    if command in NEEDS_FACTS:
        starting.finish_promised()


@export_app.callback()
def export_group() -> None:
    """Insights as files."""
