"""``joren reviews``: the monthly review, from its criterion to what came of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.measure.indicators.contracts import PARTS
from joren.measure.reviews import selectors, services
from joren.measure.reviews.contracts import (
    DECISIONS,
    VERDICTS,
    MonthlyReview,
    ReviewPlan,
    ReviewStanding,
)

reviews_app = typer.Typer(help="The monthly review: criterion, data, decisions, results.",
                          no_args_is_help=True)  # fmt: skip

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="The review's number, from joren reviews list.")]
Day = Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The day.")]
Decider = Annotated[int | None, typer.Option("--decider", help="A member's number.")]
Criterion = Annotated[str, typer.Option("--criterion", help="What will decide.")]


@reviews_app.command("list")
def list_reviews(as_json: AsJson = False) -> None:
    """Show every review, newest first, and whether the next one is late."""
    found, stands = selectors.reviews(), selectors.standing()
    if as_json:
        _print({"reviews": [asdict(one) for one in found], "standing": asdict(stands)})
        return
    table = Table("number", "day", "state", "decider", "tunings", "actions", box=None)
    for one in found:
        table.add_row(
            str(one.id), str(one.held_on), one.state, one.decider_name or "–",
            str(len(one.tunings)), str(len(one.actions)),
        )  # fmt: skip
    Console().print(table, soft_wrap=True)
    if stands.overdue:
        typer.echo(_due(stands))
    share = stands.won_share
    if share.value is not None:
        typer.echo(f"{stands.won} of {stands.judged} judged tunings won ({share.value:.0%}, "
                   f"{share.low:.0%} to {share.high:.0%})")  # fmt: skip


@reviews_app.command("show")
def show(number: Number, as_json: AsJson = False) -> None:
    """Show one review: criterion, agenda, decisions, actions."""
    one = selectors.review(number)
    if as_json:
        _print(asdict(one))
        return
    typer.echo(f"{one.held_on} {one.state}, decided by {one.decider_name or 'nobody yet'}")
    typer.echo(f"criterion: {one.criterion or '–'}")
    for point in one.agenda or ():
        value = point.figure.value if point.figure else None
        figure = f"{value:,.0f} {point.figure.unit}" if point.figure and value is not None else ""
        typer.echo(f"  {point.kind}: {point.name} {figure} {point.said}".rstrip())
    for tuning in one.tunings:
        came = f" → {tuning.verdict}" if tuning.verdict else ""
        typer.echo(f"{tuning.id}. {tuning.part}: {tuning.about}: {tuning.decision}{came}")
    for action in one.actions:
        done = "done" if action.done_at else f"until {action.due_on}"
        typer.echo(f"{action.id}. {action.what} ({action.owner_name or 'nobody'}, {done})")
    if one.notes:
        typer.echo(one.notes)


@reviews_app.command("plan")
def plan(
    day: Day, decider: Decider = None, criterion: Criterion = "", as_json: AsJson = False
) -> None:
    """Set a review down for a day."""
    _told(services.plan(ReviewPlan(day.date(), decider, criterion), by=BY), as_json)


@reviews_app.command("replan")
def replan(
    number: Number,
    day: Day,
    decider: Decider = None,
    criterion: Criterion = "",
    as_json: AsJson = False,
) -> None:
    """Change its day, decider or criterion, before its data are open."""
    _told(services.replan(number, ReviewPlan(day.date(), decider, criterion), by=BY), as_json)


@reviews_app.command("open")
def open_data(number: Number, as_json: AsJson = False) -> None:
    """Fill its agenda from the newest figures."""
    _told(services.open_data(number, by=BY), as_json)


@reviews_app.command("decide")
def decide(
    number: Number,
    part: Annotated[str, typer.Option("--part", help=" or ".join(PARTS))],
    decision: Annotated[str, typer.Option("--decision", help=" or ".join(DECISIONS))],
    about: Annotated[str, typer.Option("--about", help="What is tuned.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    expected: Annotated[str, typer.Option("--expected", help="What should come of it.")] = "",
    holdout: Annotated[int | None, typer.Option("--holdout", help="Which will say it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a decision down."""
    made = services.decide(
        number, part=part, decision=decision,  # type: ignore[arg-type]  # the verb refuses others
        about=about, reason=reason, expected=expected, holdout=holdout, by=BY,
    )  # fmt: skip
    _print(asdict(made)) if as_json else typer.echo(f"decision {made.id} is kept")


@reviews_app.command("act")
def act(
    number: Number,
    what: Annotated[str, typer.Option("--what", help="What will be done.")],
    day: Day,
    owner: Annotated[int | None, typer.Option("--owner", help="A member's number.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what somebody will do until a day."""
    made = services.add_action(number, what=what, due_on=day.date(), owner=owner, by=BY)
    _print(asdict(made)) if as_json else typer.echo(f"action {made.id} is kept")


@reviews_app.command("note")
def note(
    number: Number,
    text: Annotated[str, typer.Option("--text", help="The minutes.")],
    as_json: AsJson = False,
) -> None:
    """Keep the minutes."""
    _told(services.note(number, text, by=BY), as_json)


@reviews_app.command("close")
def close(number: Number, as_json: AsJson = False) -> None:
    """End it: what was decided stands."""
    _told(services.close(number, by=BY), as_json)


@reviews_app.command("judge")
def judge(
    tuning: Annotated[int, typer.Argument(help="The decision's number.")],
    verdict: Annotated[str, typer.Option("--verdict", help=" or ".join(VERDICTS))],
    outcome: Annotated[str, typer.Option("--outcome", help="What came of it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say what came of a decision."""
    made = services.judge(
        tuning, verdict=verdict,  # type: ignore[arg-type]  # the verb refuses others
        outcome=outcome, by=BY,
    )  # fmt: skip
    _print(asdict(made)) if as_json else typer.echo(f"decision {made.id}: {made.verdict}")


@reviews_app.command("done")
def done(
    action: Annotated[int, typer.Argument(help="The action's number.")],
    reopen: Annotated[bool, typer.Option("--reopen", help="It is not done after all.")] = False,
    as_json: AsJson = False,
) -> None:
    """An action is done."""
    made = services.finish(action, done=not reopen, by=BY)
    state = "done" if made.done_at else "open"
    _print(asdict(made)) if as_json else typer.echo(f"action {made.id} is {state}")


def _told(one: MonthlyReview, as_json: bool) -> None:
    _print(asdict(one)) if as_json else typer.echo(f"review {one.id} on {one.held_on}: {one.state}")


def _print(told: Any) -> None:
    typer.echo(json.dumps(told, default=str, ensure_ascii=False))


def _due(stands: ReviewStanding) -> str:
    if stands.missed is not None:
        return (
            f"the review of {stands.missed_on} was not closed: joren reviews show {stands.missed}"
        )
    if stands.last_held is None:
        return f"figures have been there for {stands.days_since} days: it is time for the first one"
    return f"{stands.days_since} days since the last one: it is time for the next"
