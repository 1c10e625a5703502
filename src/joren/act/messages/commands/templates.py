"""``joren messages``: list, show and render templates."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.act.messages import selectors, services
from joren.act.messages.contracts import (
    FAULT_WORDS,
    HINT_WORDS,
    LANGUAGES,
    BrokenTemplate,
    PrintedLetter,
    Template,
)
from joren.collect.customers.selectors import customer
from joren.core.errors import BadInput
from joren.core.ids import CustomerId
from joren.core.numbers import whole_number
from joren.protect.audit import services as audit

messages_app = typer.Typer(help="Templates of messages.", no_args_is_help=True)

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="The template's number, from joren messages list.")]


@messages_app.command("list")
def list_templates(
    as_json: AsJson = False,
    archived: Annotated[bool, typer.Option("--archived", help="Those put away.")] = False,
) -> None:
    """Show every template and whether it can be sent."""
    found = selectors.templates(archived=archived)
    if as_json:
        typer.echo(_json([_plain(one) for one in found]))
        return
    table = Table("number", "template", "content", "languages", "version", "can be sent", box=None)
    for one in found:
        content = one.content
        table.add_row(
            str(one.id), content.name, content.kind, ", ".join(content.texts), str(one.version),
            "no: a draft" if one.sendable is None else f"version {one.sendable}",
        )  # fmt: skip
    Console().print(table, soft_wrap=True)


@messages_app.command("show")
def show(
    number: Number,
    version: Annotated[int | None, typer.Option("--version", help="That one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show one template: its text, and its versions."""
    one = selectors.template(number)
    content = one.content if version is None else selectors.version(number, version).content
    told = selectors.versions(number)
    if as_json:
        typer.echo(
            _json({**_plain(one), **asdict(content), "versions": [asdict(each) for each in told]})
        )
        return
    typer.echo(f"{one.id} {content.name} · {content.kind} · {content.form} · {content.channel}")
    for language, text in content.texts.items():
        typer.echo(f"\n[{language}] {text.subject}\n\n{text.body}")
    for each in told:
        draft = "" if each.sendable else " (draft)"
        typer.echo(f"{each.number}{draft} {each.changed_at:%Y-%m-%d %H:%M} {each.changed_by}")


@messages_app.command("letters")
def letters(
    out: Annotated[Path, typer.Option("--out", help="The file to write (CSV, UTF-8 with BOM).")],
    again: Annotated[
        datetime | None,
        typer.Option("--again", formats=["%Y-%m-%d"], help="Those printed on that day."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the letters that wait for a printer, each once."""
    rows = services.print_letters(by=BY, printed_on=again.date() if again else None)
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(PrintedLetter.__dataclass_fields__)
        table.writerows(asdict(row).values() for row in rows)
    told = json.dumps({"file": str(out), "letters": len(rows)})
    typer.echo(told if as_json else f"{len(rows)} letters in {out}")


@messages_app.command("deliver")
def deliver(
    channel: Annotated[str, typer.Option("--channel", help="email, line, sms, …")] = "email",
    as_json: AsJson = False,
) -> None:
    """Send what is due on a channel now, as joren up does by itself."""
    done = services.deliver_due(channel)
    if as_json:
        typer.echo(_json(asdict(done)))
        return
    said = ", ".join(f"{count} {state}" for state, count in sorted(done.states.items()))
    typer.echo(f"{said or 'nothing was due'}{f', {done.waits} wait' if done.waits else ''}")


@messages_app.command("rates")
def rates(
    days: Annotated[int, typer.Option("--days", min=1, help="Of so many days.")] = 28,
    as_json: AsJson = False,
) -> None:
    """Show what came of the mails of some days: bounces, complaints, opens and clicks."""
    found = asdict(selectors.rates(days))
    if as_json:
        typer.echo(_json(found))
        return
    for name, count in found.items():
        share = f" ({count / found['sent']:.2%})" if found["sent"] and name != "sent" else ""
        typer.echo(f"{name.replace('_', ' ')}: {count}{share}")


@messages_app.command("records")
def records(
    spf: Annotated[str, typer.Option("--spf", help="TXT of the domain, v=spf1 …")] = "",
    dkim: Annotated[str, typer.Option("--dkim", help="TXT of selector._domainkey.")] = "",
    dmarc: Annotated[str, typer.Option("--dmarc", help="TXT of _dmarc, v=DMARC1 …")] = "",
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with the records of a sender's domain; DNS is not asked."""
    found = selectors.records(spf=spf, dkim=dkim, dmarc=dmarc)
    if as_json:
        typer.echo(
            _json([{"record": one.record, "grave": one.grave, "words": one.words} for one in found])
        )
        return
    for one in found:
        typer.echo(f"{one.record}: {'' if one.grave else '(worth a look) '}{one.words}")
    if not found:
        typer.echo("nothing is wrong with them")


@messages_app.command("unknown")
def unknown(as_json: AsJson = False) -> None:
    """Show messages of which nobody knows whether they left."""
    found = selectors.unclear()
    if as_json:
        typer.echo(_json([asdict(one) for one in found]))
        return
    table = Table("number", "customer", "channel", "template", "tried", "why", box=None)
    for one in found:
        at = f"{one.called_at:%Y-%m-%d %H:%M}" if one.called_at else ""
        table.add_row(str(one.id), str(one.customer), one.channel, one.template, at, one.reason)
    Console().print(table, soft_wrap=True)


@messages_app.command("settle")
def settle(
    numbers: Annotated[list[int], typer.Argument(help="From joren messages unknown.")],
    arrived: Annotated[
        bool, typer.Option("--arrived/--again", help="They arrived, or: send them once more.")
    ],
    as_json: AsJson = False,
) -> None:
    """Say of messages that are unknown that they arrived, or have them sent again."""
    verb = services.it_arrived if arrived else services.send_again
    settled = verb(numbers, by=BY)
    said = f"{settled} messages {'arrived' if arrived else 'are sent again'}"
    typer.echo(json.dumps({"settled": settled}) if as_json else said)


@messages_app.command("pace")
def pace(
    scope: Annotated[str, typer.Argument(help="*, email, line, … or email:gmail.com.")] = "",
    per_minute: Annotated[int | None, typer.Option("--per-minute", help="At most so many.")] = None,
    warm_first: Annotated[
        int | None, typer.Option("--warm-up", help="Begin today with so many a day.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Limit how fast messages leave; without a limit it goes, without a scope all are shown."""
    if scope:
        services.set_pace(scope, per_minute=per_minute, warm_first=warm_first, by=BY)
    found = selectors.paces()
    if as_json:
        typer.echo(_json({name: asdict(one) for name, one in found.items()}))
        return
    for name, one in found.items():
        typer.echo(
            f"{name}: {one.per_minute or 'any number'} a minute"
            + (f", {one.warm_first} on {one.warm_since}" if one.warm_since else "")
        )


@messages_app.command("render")
def render(
    number: Number,
    to: Annotated[
        str, typer.Option("--for", help="example, nobody, or a customer's number.")
    ] = "example",
    language: Annotated[
        str, typer.Option("--language", help="ja or en; without it, as they would get it.")
    ] = "",
    html: Annotated[bool, typer.Option("--html", help="The HTML instead of the text.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show how a template looks for somebody; nothing is sent."""
    if language not in ("", *LANGUAGES):
        raise BadInput(f"no language {language!r}", hint=f"known: {', '.join(LANGUAGES)}")
    content = selectors.template(number).content
    found, hints = services.preview(content, language=language, whom=_whom(to))
    if as_json:
        told = {**asdict(found), "size": found.size, "hints": [asdict(one) for one in hints]}
        typer.echo(_json(told))
        return
    if not found.whole:
        raise BrokenTemplate(found.faults)
    typer.echo(f"{found.subject}\n")
    typer.echo(found.html if html and found.html else found.text)
    for fault in found.faults:
        typer.echo(f"! {FAULT_WORDS[fault.say].format(fault.what)}", err=True)
    for hint in hints:
        typer.echo(f"! {HINT_WORDS[hint.say].format(hint.what)}", err=True)


def _whom(text: str) -> Any:
    if text in ("example", "nobody"):
        return text
    if (number := whole_number(text)) is None:
        raise BadInput(f"nobody is {text[:60]!r}", hint="example, nobody, or a customer's number")
    person = customer(CustomerId(number))
    audit.customer_seen(person.id, actor=BY)
    return int(person.id)


def _plain(one: Template) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.content.name, "kind": one.content.kind,
        "form": one.content.form, "channel": one.content.channel,
        "languages": list(one.content.texts), "version": one.version,
        "sendable": one.sendable, "changed_at": one.changed_at, "archived": one.archived,
    }  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
