"""``joren forms``: forms by which visitors sign up, in the terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from joren.act.forms import rules, selectors, services
from joren.act.forms.contracts import Answers, Content, Form, Shown
from joren.core.errors import BadInput

BY = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Slug = Annotated[str, typer.Argument(help="The address: /f/SLUG/")]
File = Annotated[Path, typer.Option("--file", help="A JSON document, as joren forms show prints.")]
Store = Annotated[str, typer.Option(help="The store that its people come from.")]

forms_app = typer.Typer(help="Forms by which visitors sign up.", no_args_is_help=True)


@forms_app.command("list")
def list_forms(
    archived: Annotated[bool, typer.Option("--archived", help="Those put away.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show all forms, with how many signed up and confirmed."""
    found = selectors.forms(archived=archived)
    counts = selectors.counted([one.id for one in found])
    _say(
        [
            {
                "slug": one.slug, "name": one.name, "state": one.state, "version": one.version,
                "live": one.live, "visitors": counts[one.id].visitors,
                "signed_up": counts[one.id].signed_up, "confirmed": counts[one.id].confirmed,
            }
            for one in found
        ],
        as_json,
    )  # fmt: skip


@forms_app.command("show")
def show(slug: Slug) -> None:
    """Print a form's newest version as a JSON document."""
    said = rules.plain(selectors.form(slug).content)
    typer.echo(json.dumps(said, ensure_ascii=False, indent=2))


@forms_app.command("create")
def create(
    slug: Slug,
    name: Annotated[str, typer.Option(help="What it is called here.")],
    store: Store,
    file: File,
    as_json: AsJson = False,
) -> None:
    """Keep a new form as a draft."""
    _told(services.create(slug, name, _content(file), store=store, by=BY), as_json)


@forms_app.command("ready-made")
def ready_made(
    key: Annotated[str, typer.Argument(help="story or value.")],
    slug: Slug,
    store: Store,
    language: Annotated[str, typer.Option(help="ja or en.")] = "ja",
    as_json: AsJson = False,
) -> None:
    """Begin with a form that joren brings: the founder's story against the product, and others."""
    made = services.begin_ready_made(key, slug=slug, store=store, language=language, by=BY)
    _told(made, as_json)


@forms_app.command("revise")
def revise(
    slug: Slug,
    file: File,
    why: Annotated[str, typer.Option(help="Kept with the version.")] = "",
    as_json: AsJson = False,
) -> None:
    """Keep a new version, which visitors see once it is published."""
    _told(services.revise(slug, _content(file), by=BY, why=why), as_json)


@forms_app.command("publish")
def publish(slug: Slug, as_json: AsJson = False) -> None:
    """Show the newest version to visitors from now on."""
    _told(services.publish(slug, by=BY), as_json)


@forms_app.command("pause")
def pause(slug: Slug, as_json: AsJson = False) -> None:
    """Take no sign-ups for now."""
    _told(services.pause(slug, by=BY), as_json)


@forms_app.command("archive")
def archive(slug: Slug, as_json: AsJson = False) -> None:
    """Put a form away; its results stay."""
    _told(services.archive(slug, by=BY), as_json)


@forms_app.command("results")
def results(
    slug: Slug,
    round_number: Annotated[int | None, typer.Option("--round", help="An earlier one.")] = None,
    as_json: AsJson = False,
) -> None:
    """What each variant brought: sign-ups, confirmations, first orders, with intervals."""
    found = rules.plainly(selectors.results(selectors.form(slug).id, round_number=round_number))
    if as_json:
        typer.echo(json.dumps(found, default=str, ensure_ascii=False))
        return
    if found["broken"]:
        typer.echo(f"the arms have not the planned sizes (p = {found['p']:.2g}): read no effect")
    _say(
        [
            {
                "variant": arm["variant"], "name": arm["name"], "figure": one["figure"],
                "hits": one["of"]["hits"], "of": one["of"]["n"],
                "share": _percent(one["of"]["share"]),
                "95%": _range(one["of"]["low"], one["of"]["high"]),
                "beside control": "control" if arm["control"] else _beside(one["beside_control"]),
            }
            for arm in found["arms"]
            for one in arm["figures"]
        ],
        False,
    )  # fmt: skip


@forms_app.command("sign-up")
def sign_up(
    slug: Slug,
    email: Annotated[str, typer.Argument(help="Whose owner gets the mail to confirm by.")],
    name: Annotated[str, typer.Option(help="Where the form asks for it.")] = "",
    language: Annotated[str, typer.Option(help="ja or en.")] = "ja",
    as_json: AsJson = False,
) -> None:
    """Write down that somebody agreed, on paper or over the counter; they confirm it by mail."""
    live = selectors.form(slug).live or 0
    spoken = language if language in ("ja", "en") else "ja"
    done = services.sign_up(slug, Answers(email, name, agrees=True), Shown(live, "", spoken))
    _say([{"new": done}], as_json)


def _content(file: Path) -> Content:
    try:
        said = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise BadInput(f"{file} cannot be read: {problem}", hint="a JSON document") from None
    if not isinstance(said, dict):
        raise BadInput(f"{file} is no object", hint="see joren forms show")
    return rules.read(said)


def _told(one: Form, as_json: bool) -> None:
    _say(
        [
            {
                "slug": one.slug, "state": one.state, "version": one.version, "live": one.live,
                "round": one.round, "address": selectors.address_of(one.slug),
            }
        ],
        as_json,
    )  # fmt: skip


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f}%"


def _range(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{_percent(low)} to {_percent(high)}"


def _beside(effect: Mapping[str, Any] | None) -> str:
    if effect is None or effect["estimate"] is None:
        return "not yet known"
    return f"{100 * effect['estimate']:+.2f} points ({_range(effect['low'], effect['high'])})"


def _say(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, default=str, ensure_ascii=False))
        return
    table = Table(*(rows[0] if rows else ["none yet"]), box=None, header_style="bold")
    for row in rows:
        table.add_row(*("–" if value is None else str(value) for value in row.values()))
    Console().print(table, soft_wrap=True)
