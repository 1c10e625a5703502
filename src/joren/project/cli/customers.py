"""``joren customers``: look for people, and at one of them. Each look is written down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from joren.collect.customers import selectors as people
from joren.collect.customers.contracts import Customer
from joren.collect.quality.contracts import enough_for
from joren.collect.quality.selectors import verdicts_in
from joren.core.errors import BadInput
from joren.core.figures import in_a_line
from joren.core.ids import CustomerId
from joren.core.money import UNKNOWN_CURRENCY, Money
from joren.plumbing.warehouse import warehouse
from joren.project.cli.customer_list import BY, list_customers
from joren.project.cli.happenings import print_timeline
from joren.project.cli.printing import AsJson, print_json
from joren.project.pages import searches
from joren.project.timeline import SOURCES
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import NoSnapshot, NoValue
from joren.understand.ltv.services import worth_of
from joren.understand.ranks import selectors as ranks

customers_app = typer.Typer(help="Look for people, and at one of them.", no_args_is_help=True)
customers_app.command("list")(list_customers)

_MONEY: Final = ("revenue_past", "profit_past", "revenue_365d", "profit_365d")


@customers_app.command("find")
def find(
    text: Annotated[str, typer.Argument(help="Of a name, kana, e-mail, phone or a number.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Find people as the page does; it is written down who was found."""
    words = text.strip()
    if not words:
        raise BadInput("nothing was asked for", hint="joren customers find 山田")
    found = [people.customer(CustomerId(one)) for one in searches.found(words, limit=limit)]
    seen = [one.id for one in found]
    audit.record("customers.searched", actor=BY, subject_kind="customers", customers=seen)
    if as_json:
        for one in found:
            print_json(asdict(one))
        return
    table = Table("number", "name", "e-mail", "phone", "where", box=None, header_style="bold")
    for one in found:
        words_of = (one.name, one.email, one.phone, one.prefecture)
        table.add_row(str(one.id), *map(escape, words_of))
    Console().print(table if found else "nobody", soft_wrap=True)


@customers_app.command("show")
def show(
    number: Annotated[int, typer.Argument(help="A customer's number.")],
    timeline: Annotated[bool, typer.Option("--timeline", help="What happened instead.")] = False,
    kind: Annotated[list[str] | None, typer.Option(help=f"Of it: {', '.join(SOURCES)}.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How much of it.")] = 30,
    after: Annotated[str, typer.Option(help="Go on behind that: `next` of the answer.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show who somebody is, what they are worth and where they stand, or with --timeline what
    happened with them; the look is written down."""
    person = people.customer(CustomerId(number))
    audit.customer_seen(person.id, actor=BY)
    if timeline:
        print_timeline(person.id, kinds=kind or (), after=after, limit=limit, as_json=as_json)
        return
    told = _told(person)
    if as_json:
        print_json(told)
        return
    console = Console()
    table = Table(box=None, show_header=False)
    for name, value in asdict(person).items():
        if value not in ("", None):
            table.add_row(name, escape(str(value)))
    for one in told["known_as"]:
        table.add_row(one["kind"], escape(f"{one['value']} {one['store']}".strip()))
    for name, words in _worth(told["worth"] or {}, told["currency"]):
        table.add_row(name, words)
    for name, value in (told["standing"] or {}).items():
        table.add_row(name, _shown(name, value, told["currency"]))
    console.print(table, soft_wrap=True)
    if told["worth"]:
        console.print(enough_for(told["verdicts"]))


def _told(person: Customer) -> dict[str, Any]:
    """``worth`` is None before the first refresh, and of somebody who has not bought by then."""
    told: dict[str, Any] = {
        **asdict(person),
        "known_as": [asdict(one) for one in people.identities_of(person.id)],
        "currency": UNKNOWN_CURRENCY,
        "worth": None,
        "standing": None,
        "verdicts": (),
    }
    try:
        snapshot = values.snapshot()
        told["worth"] = worth_of(person.id, snapshot)
    except (NoSnapshot, NoValue):
        return told
    standing = ranks.standing_of(person.id, snapshot)
    return told | {
        "currency": str(snapshot.settings.get("currency") or UNKNOWN_CURRENCY),
        "standing": asdict(standing) if standing else None,
        "verdicts": verdicts_in(warehouse(), snapshot, "rfm", "predictions", "profit"),
    }


def _worth(worth: Mapping[str, Any], currency: str) -> Iterator[tuple[str, str]]:
    """In lines; each term between revenue and profit at the end, an unknown one with why."""
    terms = {
        one.name: f"{in_a_line(one)} ({one.why})"
        if one.value is not None and one.why
        else in_a_line(one)
        for one in worth.get("terms", ())
    }
    for name, value in worth.items():
        if name not in ("terms", *terms) and value != "":
            yield name, _shown(name, value, currency)
    yield from terms.items()


def _shown(name: str, value: object, currency: str) -> str:
    if name in _MONEY and isinstance(value, int | float):
        return str(Money(round(value), currency))
    return f"{value:,.2f}" if isinstance(value, float) else escape(str(value))
