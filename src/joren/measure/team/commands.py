"""``joren team``: who does what, what was decided, who did well, who is told of what."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.act.deliveries.contracts import Pause
from joren.measure.team import selectors, services
from joren.measure.team.contracts import (
    DECISION_KINDS,
    TOPICS,
    MeetingText,
    Person,
    TeamAction,
    TrainingText,
)

team_app = typer.Typer(help="Who does what, what was decided, who did well, who is told.",
                       no_args_is_help=True)  # fmt: skip

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Members = Annotated[list[int] | None, typer.Option(help="A member's number; may be repeated.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE")]


@team_app.command("actions")
def list_actions(as_json: AsJson = False) -> None:
    """Show every action and who has which part in it."""
    found = selectors.actions()
    if as_json:
        _print([asdict(one) for one in found])
        return
    table = Table("kind", "key", "name", "owner", "decides", "asked", "told", box=None)
    for one in found:
        table.add_row(one.kind, one.key, one.name, *_names(one))
    Console().print(table, soft_wrap=True)


@team_app.command("share")
def share(
    kind: Annotated[str, typer.Argument(help="campaign, journey, practice …")],
    key: Annotated[str, typer.Argument(help="Its number, or the practice's key.")],
    owner: Members = None,
    decider: Members = None,
    consulted: Members = None,
    informed: Members = None,
    as_json: AsJson = False,
) -> None:
    """Say who has which part in an action; 0 empties a part, what is not named stays."""
    asked = {"owner": owner, "decider": decider, "consulted": consulted, "informed": informed}
    parts = {duty: [one for one in some if one] for duty, some in asked.items() if some}
    made = services.share_out(kind, key, parts, by=BY)
    _print(asdict(made)) if as_json else typer.echo(f"{made.name}: {' | '.join(_names(made))}")


@team_app.command("decisions")
def decisions(
    words: Annotated[str, typer.Option(help="Each of these words somewhere.")] = "",
    kind: Annotated[str, typer.Option(help=", ".join(DECISION_KINDS))] = "",
    since: Day = None,
    until: Day = None,
    as_json: AsJson = False,
) -> None:
    """Show everything that was decided and why, newest first."""
    found = selectors.decisions(
        words=words, kind=kind, since=since.date() if since else None,
        until=until.date() if until else None,
    )  # fmt: skip
    if as_json:
        _print([asdict(one) for one in found])
        return
    table = Table("at", "by", "kind", "decision", "about", "reason", box=None)
    for one in found:
        table.add_row(f"{one.at:%Y-%m-%d %H:%M}", one.by, one.kind, one.what, one.about, one.reason)
    Console().print(table, soft_wrap=True)


@team_app.command("thank")
def thank(
    member: Annotated[int, typer.Argument(help="A member's number.")],
    what: Annotated[str, typer.Option(help="What they did well.")],
    why: Annotated[str, typer.Option(help="What came of it.")] = "",
    on: Day = None,
    as_json: AsJson = False,
) -> None:
    """Write down who did what well."""
    made = services.thank(member, what=what, why=why, on=on.date() if on else None, by=BY)
    _print(asdict(made)) if as_json else typer.echo(f"{made.id}: {made.person.name}, {made.what}")


@team_app.command("praises")
def praises(as_json: AsJson = False) -> None:
    """Show who did what well, and whom results call to thank."""
    said, due = selectors.praises(), selectors.deserved()
    if as_json:
        _print({"praises": [asdict(one) for one in said], "deserved": [asdict(one) for one in due]})
        return
    for one in said:
        typer.echo(f"{one.id}. {one.on} {one.person.name}: {one.what}")
    for each in due:
        typer.echo(f"not thanked yet: {each.person.name}: {each.what} ({each.source} {each.key})")


@team_app.command("take-back")
def take_back(number: int, as_json: AsJson = False) -> None:
    """It was written down by mistake."""
    services.take_back_praise(number, by=BY)
    told = json.dumps({"taken_back": number})
    typer.echo(told if as_json else f"praise {number} is taken back")


@team_app.command("trainings")
def trainings(
    member: Annotated[int | None, typer.Option(help="Of one member.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show who learned what, newest first."""
    found = selectors.trainings(member=member)
    if as_json:
        _print([asdict(one) for one in found])
        return
    for one in found:
        typer.echo(f"{one.id}. {one.text.on} {one.person.name}: {one.text.what} "
                   f"({one.text.minutes} minutes) {one.text.evidence}".rstrip())  # fmt: skip


@team_app.command("train")
def train(
    member: Annotated[int, typer.Argument(help="A member's number.")],
    what: Annotated[str, typer.Option(help="What they learned.")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day.")],
    minutes: Annotated[int, typer.Option(help="How long it took.")],
    evidence: Annotated[str, typer.Option(help="What shows it: a link, a score.")] = "",
    practice: Annotated[str, typer.Option(help="The practice that it is for, by key.")] = "",
    as_json: AsJson = False,
) -> None:
    """Write down what somebody learned."""
    text = TrainingText(member, what, on.date(), minutes, evidence, practice)
    made = services.train(text, by=BY)
    _print(asdict(made)) if as_json else typer.echo(f"training {made.id} is kept")


@team_app.command("take-back-training")
def take_back_training(number: int, as_json: AsJson = False) -> None:
    """It was written down by mistake."""
    services.take_back_training(number, by=BY)
    told = json.dumps({"taken_back": number})
    typer.echo(told if as_json else f"training {number} is taken back")


@team_app.command("meetings")
def meetings(as_json: AsJson = False) -> None:
    """Show what was said in meetings, newest first."""
    found = selectors.meetings()
    if as_json:
        _print([asdict(one) for one in found])
        return
    for one in found:
        there = ", ".join(each.name for each in one.present)
        typer.echo(f"{one.id}. {one.text.held_on} {one.text.title} ({there or '–'})")


@team_app.command("meet")
def meet(
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day.")],
    title: Annotated[str, typer.Option(help="Which meeting.")],
    notes: Annotated[str, typer.Option(help="What was said.")],
    present: Members = None,
    number: Annotated[int | None, typer.Option(help="Say this one anew.")] = None,
    as_json: AsJson = False,
) -> None:
    """Keep what was said in a meeting."""
    text = MeetingText(on.date(), title, notes, tuple(present or ()))
    made = services.keep_meeting(text, number=number, by=BY)
    _print(asdict(made)) if as_json else typer.echo(f"meeting {made.id} is kept")


@team_app.command("forget-meeting")
def forget_meeting(number: int, as_json: AsJson = False) -> None:
    """Take a meeting's notes away."""
    services.forget_meeting(number, by=BY)
    told = json.dumps({"forgotten": number})
    typer.echo(told if as_json else f"meeting {number} is forgotten")


@team_app.command("notices")
def notices(as_json: AsJson = False) -> None:
    """Show what people were told of, newest first."""
    found = selectors.notices()
    if as_json:
        _print([asdict(one) for one in found])
        return
    table = Table("at", "topic", "about", "mails", "waiting", "failed", box=None)
    for one in found:
        table.add_row(f"{one.made_at:%Y-%m-%d %H:%M}", one.topic, one.about, str(one.mailed),
                      str(one.waiting), str(one.failed))  # fmt: skip
    Console().print(table, soft_wrap=True)


@team_app.command("pause-notices")
def pause_notices(
    why: Annotated[str, typer.Option("--why", help="Kept with the pause.")],
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Its last day.")
    ] = None,
    then: Annotated[str, typer.Option(help="What waits then: digest or drop.")] = "digest",
    as_json: AsJson = False,
) -> None:
    """Tell nobody anything by mail or in chat rooms; what there is to tell is kept."""
    made = services.pause_notices(why, until=until.date() if until else None, then=then, by=BY)
    _print(asdict(made)) if as_json else typer.echo("notices are paused: " + _ends(made))


@team_app.command("resume-notices")
def resume_notices(
    pending: Annotated[str, typer.Option(help="What waits: digest (one message each) or drop.")],
    as_json: AsJson = False,
) -> None:
    """Tell people again, and what waited in one message to each or not at all."""
    made = services.resume_notices(pending, by=BY)
    said = f"{made.mails:,} mails and {made.chats:,} chat messages waited: {made.ended_how}"
    _print(asdict(made)) if as_json else typer.echo(said)


@team_app.command("pauses")
def pauses(as_json: AsJson = False) -> None:
    """Show when nobody was told anything, and why, newest first."""
    found = selectors.pauses()
    if as_json:
        _print([asdict(one) for one in found])
        return
    for one in found:
        typer.echo(f"{one.begun_at:%Y-%m-%d %H:%M} by {one.begun_by}: {one.why}; {_ends(one)}")
    if not found:
        typer.echo("notices were never paused")


def _ends(one: Pause) -> str:
    kept = f"{one.mails:,} mails and {one.chats:,} chat messages"
    if one.ended_at:
        return f"until {one.ended_at:%Y-%m-%d %H:%M} by {one.ended_by}, {one.ended_how} of {kept}"
    end = f"until {one.until}, then {one.then}" if one.until else "until somebody ends it"
    return f"{end}; {kept} wait"


@team_app.command("choose")
def choose(
    member: Annotated[int, typer.Argument(help="A member's number.")],
    topic: Annotated[list[str] | None, typer.Option(help=", ".join(TOPICS))] = None,
    language: Annotated[str, typer.Option(help="ja or en.")] = "ja",
    as_json: AsJson = False,
) -> None:
    """Say of what a member is told by mail; without a topic, of nothing."""
    made = services.choose(member, topics=topic or [], language=language, by=BY)
    _print(asdict(made)) if as_json else typer.echo(", ".join(made.topics) or "nothing")


@team_app.command("tell")
def tell(as_json: AsJson = False) -> None:
    """Look what is late or changed, and mail it; joren up does so by itself."""
    told = {"notices": services.look(), "mails": services.mail_due()}
    _print(told) if as_json else typer.echo(f"{told['notices']} notices, {told['mails']} mails")


def _names(one: TeamAction) -> Sequence[str]:
    alone = [each.name if each else "–" for each in (one.owner, one.decider)]
    return [*alone, *(_all(some) for some in (one.consulted, one.informed))]


def _all(some: Sequence[Person]) -> str:
    return ", ".join(each.name for each in some) or "–"


def _print(told: Any) -> None:
    typer.echo(json.dumps(told, default=str, ensure_ascii=False))
