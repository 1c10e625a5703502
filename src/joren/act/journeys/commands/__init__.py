"""``joren journeys``: write a journey, publish it, see who stands where, pause and resume it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from joren.accounts.selectors import business
from joren.act.journeys import selectors, services
from joren.act.journeys.commands.asking import attributes, export, rehearsed, why
from joren.act.journeys.commands.tables import BY, counted, printed
from joren.act.journeys.contracts import (
    DAYS,
    OVERDUE,
    SOURCE,
    Between,
    Journey,
    in_english,
)
from joren.act.messages import selectors as messages
from joren.core import clock
from joren.core.errors import BadInput

journeys_app = typer.Typer(help="What happens to people after something happened.",
                           no_args_is_help=True)  # fmt: skip

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="The journey's number, from joren journeys list.")]

journeys_app.command("export")(export)
journeys_app.command("attributes")(attributes)
journeys_app.command("why")(why)
journeys_app.command("rehearsed")(rehearsed)


@journeys_app.command("list")
def list_journeys(
    ended: Annotated[bool, typer.Option("--ended", help="Those that were ended.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the journeys, with how many are on them."""
    found = selectors.overviews(ended=ended)
    if as_json:
        typer.echo(printed([_plain(one.journey) | {
            "active": one.active, "entered": one.entered, "held_out": one.held_out,
            "done": one.done, "goal": one.goal, "left": one.left, "sent": one.sent,
        } for one in found]))  # fmt: skip
        return
    table = Table(
        "number", "journey", "state", "version", "inside", "entered", "finished", "sent",
        "held out", "holdout", box=None,
    )  # fmt: skip
    for one in found:
        kept = one.journey
        table.add_row(
            str(kept.id), kept.name, kept.state, str(kept.version), f"{one.active:,}",
            f"{one.entered:,}", f"{one.done + one.goal:,}", f"{one.sent:,}", f"{one.held_out:,}",
            str(kept.holdout or "–"),
        )  # fmt: skip
    Console().print(table, soft_wrap=True)


@journeys_app.command("show")
def show(number: Number, as_json: AsJson = False) -> None:
    """Show one: its draft and what that lacks, who stands where, what became of its messages."""
    kept = selectors.journey(number)
    lacks = services.check(kept.draft)
    touched = selectors.before(number, clock.now())
    versions = selectors.versions(number)
    nodes = selectors.at_nodes(versions[0]) if versions else []
    told = [
        {"node": step.rpartition("/")[0], "state": state, "reason": reason, "messages": n}
        for (step, state, reason), n in messages.counts_of(SOURCE, number).items()
    ]
    if as_json:
        typer.echo(printed(_plain(kept) | {
            "document": selectors.written(kept.draft), "faults": [one.words for one in lacks],
            "before": asdict(touched), "nodes": [asdict(one) for one in nodes], "messages": told,
        }))  # fmt: skip
        return
    _told(kept, as_json=False)
    typer.echo(
        f"{touched.active:,} on the way, {touched.overdue:,} overdue, "
        f"{touched.messages:,} messages that have not left"
    )
    for one in lacks:
        typer.echo(f"! {one.words} ({one.hint})")
    counted([{"node": at.node, "treated": at.treated, "held out": at.held_out,
               "passed": sum(at.passed)} for at in nodes])  # fmt: skip
    counted(told)


@journeys_app.command("draft")
def draft(
    file: Annotated[Path, typer.Argument(help="The document, as JSON or YAML.", exists=True)],
    number: Annotated[int, typer.Option("--number", help="In place of that journey's draft.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Keep a document as a new journey, or as another draft of one."""
    try:
        document = selectors.read(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput(f"{file.name} is not in UTF-8", hint="save it as UTF-8") from None
    kept = services.change(number, document, by=BY) if number else services.create(document, by=BY)
    _told(kept, as_json)
    if not as_json:
        for one in services.check(kept.draft):
            typer.echo(f"! {one.words} ({one.hint})")


@journeys_app.command("rehearse")
def rehearse(
    number: Number,
    days: Annotated[int, typer.Option("--days", min=1, max=DAYS, help="How far back.")] = DAYS,
    as_json: AsJson = False,
) -> None:
    """If the draft had run for so long: who, how many messages, what cost. Nothing is sent."""
    found = selectors.rehearse_one(number, days=days)
    if as_json:
        told = asdict(found) | {"messages": asdict(found.messages)}
        typer.echo(printed(told | {"cost": found.cost and asdict(found.cost)}))
        return
    cost = found.cost
    typer.echo(
        f"{found.entries:,} entries of {found.customers:,} customers, {found.left_out:,} of them "
        f"left out; {_range(found.messages)} messages, cost "
        + (f"{_range(cost)} in minor units of {found.currency}" if cost else "not known")
    )
    counted([{"month": f"{one.month:%Y-%m}", "entries": f"{one.entered:,}",
               "messages": _range(one.messages)} for one in found.months])  # fmt: skip
    counted([
        {
            "node": one.node, "reached": _range(one.reached),
            "may be written to": _range(one.allowed) if one.do == "send" else "",
            "over a cap": _range(one.capped) if one.do == "send" else "",
        }
        for one in found.nodes
    ])  # fmt: skip
    counted([{"journey": one.name, "customers in both": f"{one.customers:,}",
               "messages near": _range(one.messages)} for one in found.meetings])  # fmt: skip
    for each in found.not_known:
        typer.echo(f"? {each.node + ': ' if each.node else ''}{in_english(each)}")


@journeys_app.command("publish")
def publish(
    number: Number,
    why: Annotated[str, typer.Option("--why", help="For the history.")] = "",
    move: Annotated[
        list[str] | None,
        typer.Option("--move", help="VERSION:NODE=NODE: lead those there to a node of the new."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make the draft what people enter by. Who is on the way finishes what they began."""
    moves = dict(_move(one) for one in move or [])
    _told(services.publish(number, by=BY, why=why, moves=moves), as_json)


@journeys_app.command("pause")
def pause(number: Number, as_json: AsJson = False) -> None:
    """Stop all steps, and cancel what has not left."""
    _told(services.pause(number, by=BY), as_json)


@journeys_app.command("resume")
def resume(
    number: Number,
    overdue: Annotated[str, typer.Option("--overdue", help="send, skip or shift what is late.")],
    as_json: AsJson = False,
) -> None:
    """Go on: do all that is late at once, skip it, or move all times by as long as it lasted."""
    chosen = next((one for one in OVERDUE if one == overdue), None)
    if chosen is None:
        raise BadInput(f"{overdue!r} is no policy", hint=f"one of {', '.join(OVERDUE)}")
    _told(services.resume(number, overdue=chosen, by=BY), as_json)


@journeys_app.command("end")
def end(number: Number, as_json: AsJson = False) -> None:
    """Everybody leaves, and nobody enters any more."""
    _told(services.end(number, by=BY), as_json)


@journeys_app.command("people")
def people(
    number: Number,
    node: Annotated[str, typer.Argument(help="The node's name.")],
    after: Annotated[int, typer.Option("--after", help="The last entry of the page before.")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Who stands at a node, and what became of their messages."""
    selectors.journey(number)
    found = selectors.people_at(number, node, after=after, limit=limit)
    told = selectors.became(number, found)
    rows = [asdict(one) | {"messages": [asdict(each) for each in told.get(one.id, [])]}
            for one in found]  # fmt: skip
    if as_json:
        typer.echo(printed(rows))
        return
    counted([
        {
            "entry": one.id, "customer": one.customer, "version": one.version,
            "until": _local(one.due_at), "held out": "yes" if one.held_out else "",
            "became": ", ".join(
                " ".join(filter(None, (each.node, each.state, each.reason)))
                for each in told.get(one.id, [])
            ),
        }
        for one in found
    ])  # fmt: skip


@journeys_app.command("tasks")
def tasks(
    done: Annotated[bool, typer.Option("--done", help="Those that are done.")] = False,
    journey: Annotated[int | None, typer.Option("--journey", help="Of one journey.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show what journeys ask somebody of the shop to do, the oldest first."""
    found = selectors.duties(done=done, journey=journey, limit=limit).items
    if as_json:
        typer.echo(printed([asdict(one) for one in found]))
        return
    counted([
        {
            "task": str(one.id), "customer": str(one.customer), "what": one.title,
            "who": one.owner, "journey": one.journey_name, "since": _local(one.made_at),
            "done": f"{_local(one.done_at)} {one.done_by}".strip() if one.done_at else "",
        }
        for one in found
    ])  # fmt: skip


@journeys_app.command("finish-task")
def finish_task(
    number: Annotated[int, typer.Argument(help="The task's number, from joren journeys tasks.")],
    as_json: AsJson = False,
) -> None:
    """Say that a task is done."""
    one = services.finish_duty(number, by=BY)
    said = f"{one.id} {one.title}: done {_local(one.done_at)} by {one.done_by}"
    typer.echo(printed(asdict(one)) if as_json else said)


@journeys_app.command("ready")
def ready(
    as_json: AsJson = False,
) -> None:
    """Show the ready-made journeys that were not begun yet, and what the stages lack."""
    left, gaps = selectors.ready_left(), selectors.gaps()
    if as_json:
        typer.echo(printed({
            "ready": [{"place": place, "ja": one.ja, "en": one.en, "stage": one.stage,
                       "why": one.en_why} for place, one in left],
            "gaps": [asdict(one) for one in gaps],
        }))  # fmt: skip
        return
    counted([{"place": str(place), "journey": one.en, "ja": one.ja, "stage": one.stage or "",
               "why": one.en_why} for place, one in left])  # fmt: skip
    for gap in gaps:
        typer.echo(f"{gap.stage or 'no stage named'} lacks {', '.join(gap.lacks)}")


@journeys_app.command("begin")
def begin(
    place: Annotated[int, typer.Argument(help="Its place, from joren journeys ready.")],
    language: Annotated[str, typer.Option("--language", help="ja or en.")] = "ja",
    as_json: AsJson = False,
) -> None:
    """Keep a ready-made journey and its messages as drafts."""
    if language not in ("ja", "en"):
        raise BadInput(f"no language {language!r}", hint="ja or en")
    _told(services.begin_ready(place, language=language, by=BY), as_json)


def _move(text: str) -> tuple[tuple[int, str], str]:
    place, _, to = text.partition("=")
    version, _, node = place.partition(":")
    if not (version.isascii() and version.isdigit() and len(version) < 10 and node and to):
        raise BadInput(f"{text!r} is no move", hint="--move 1:wait=wait")
    return (int(version), node), to


def _range(one: Between) -> str:
    return f"{one.low:,}" if one.sure else f"{one.low:,} to {one.high:,}"


def _told(kept: Journey, as_json: bool) -> None:
    if as_json:
        typer.echo(printed(_plain(kept)))
    else:
        typer.echo(f"{kept.id} {kept.name}: {kept.state}, version {kept.version}")


def _plain(kept: Journey) -> dict[str, Any]:
    told = asdict(kept)
    del told["draft"]
    return told


def _local(moment: datetime | None) -> str:
    return clock.shop_minute(moment, business().time_zone) if moment else "–"
