"""``joren messages weeks`` and ``suppressions``: do mails arrive, and where is nothing sent?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from joren.act.messages import selectors, services

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def weeks(
    count: Annotated[int, typer.Option("--weeks", min=1, max=53)] = 12, as_json: AsJson = False
) -> None:
    """Show mails, bounces and complaints week by week; Gmail turns mail away at 0.3 %."""
    found = selectors.weeks_of_mail(count)
    if as_json:
        typer.echo(_json([asdict(one) for one in found]))
        return
    for one in found:
        share = "" if one.complained is None else f" ({one.complained:.2%}, at most {one.high:.2%})"
        typer.echo(
            f"{one.since}: {one.sent} sent, {one.hard_bounces} hard and {one.soft_bounces} soft "
            f"bounces, {one.complaints} complaints{share}"
        )


def mailboxes(
    days: Annotated[int, typer.Option("--days", min=1, max=365)] = 28, as_json: AsJson = False
) -> None:
    """Show mails, bounces and complaints by the mailboxes they went to."""
    found = selectors.mailbox_shares(days)
    if as_json:
        typer.echo(_json([asdict(one) for one in found]))
        return
    for one in found:
        typer.echo(
            f"{one.mailbox}: {one.sent} sent, {one.hard_bounces} hard and {one.soft_bounces} soft "
            f"bounces, {one.complaints} complaints (at most {one.high or 0:.2%})"
        )


def look_up(
    selector: Annotated[str, typer.Option("--selector", help="Of DKIM; else JOREN_DKIM's.")] = "",
    as_json: AsJson = False,
) -> None:
    """Ask DNS for SPF, DKIM and DMARC of the sender's domain, and say what is wrong with them."""
    found = services.look_up_records(selector=selector)
    said = selectors.records(spf=found.spf, dkim=found.dkim, dmarc=found.dmarc)
    if as_json:
        typer.echo(_json({**asdict(found), "findings": [asdict(one) for one in said]}))
        return
    for name in ("spf", "dkim", "dmarc"):
        typer.echo(f"{name}: {getattr(found, name) or found.trouble.get(name, 'none')}")
    for one in said:
        typer.echo(f"{one.record}: {one.words}")


def suppressions(
    customer: Annotated[int | None, typer.Option("--customer", help="Their number.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="hard_bounce, complaint, …")] = "",
    after: Annotated[str, typer.Option("--after", help="The cursor of the slice before.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Show where nothing is sent now, and why."""
    part = selectors.suppressed(customer=customer, reason=reason, after=after, limit=limit)
    if as_json:
        typer.echo(_json({"items": [asdict(one) for one in part.items], "next": part.next}))
        return
    for one in part.items:
        typer.echo(f"{one.id}: customer {one.customer}, {one.channel}, {one.reason}")
    if part.next:
        typer.echo(f"more: --after {part.next}")


def release(
    number: Annotated[int, typer.Argument(help="From joren messages suppressions.")],
    why: Annotated[str, typer.Option("--why", help="It is written down.")],
    as_json: AsJson = False,
) -> None:
    """Send there again; a complaint is lifted by nobody but who complained."""
    services.release(number, why=why, by="command-line")
    typer.echo(_json({"lifted": number}) if as_json else f"{number} is lifted")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
