"""Questions about journeys: their documents, the words they keep, and why somebody got nothing."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import typer

from joren.act.journeys import selectors, services
from joren.act.journeys.commands.tables import BY, counted, printed
from joren.act.journeys.contracts import PLACE_NAMES
from joren.collect.customers import selectors as customers
from joren.core.errors import BadInput
from joren.core.ids import CustomerId

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="The journey's number, from joren journeys list.")]


def export(
    number: Number,
    form: Annotated[str, typer.Option("--form", help="yaml or json.")] = "yaml",
    version: Annotated[
        int, typer.Option("--version", help="What was published so, and not the draft.")
    ] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="A file instead of the screen.")] = None,
) -> None:
    """Print the document of a journey, which joren journeys draft takes as it is."""
    if form not in get_args(selectors.Form):
        raise BadInput(f"no form {form!r}", hint="yaml or json")
    text = selectors.document_text(number, form=cast("selectors.Form", form), which=version or None)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        typer.echo(str(out))


def attributes(
    customer: Annotated[
        int, typer.Option("--of", help="What is kept about that customer instead.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Show under which names journeys keep words about people."""
    rows: list[dict[str, Any]]
    if customer:
        found = selectors.words_about(customers.customer(CustomerId(customer)).id)
        rows = [asdict(one) for one in found]
    else:
        rows = [
            {"name": name, "journeys": ", ".join(map(str, journeys))}
            for name, journeys in selectors.attribute_names().items()
        ]
    if as_json:
        typer.echo(printed(rows))
        return
    counted([{name: str(value) for name, value in row.items()} for row in rows])


def why(
    customer: Annotated[int, typer.Argument(help="The customer's number.")],
    as_json: AsJson = False,
) -> None:
    """Show where a customer stands in each journey, or why they are not in it."""
    found = selectors.whereabouts(customers.customer(CustomerId(customer)).id)
    if as_json:
        typer.echo(printed([asdict(one) for one in found]))
        return
    for one in found:
        typer.echo(f"{one.name}: {PLACE_NAMES[one.place]}")
        for each in one.causes:
            typer.echo(f"  {each.words}")


def rehearsed(
    number: Number,
    node: Annotated[str, typer.Option("--node", help="Messages of that node alone.")] = "",
    after: Annotated[str, typer.Option("--after", help="Go on from there.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="About so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show whom the draft would have written to, when, and what would have stopped it."""
    found = selectors.rehearsed_page(number, node=node, after=after, limit=limit)
    services.rehearsed_taken(number, found, by=BY)
    if as_json:
        typer.echo(printed(asdict(found)))
        return
    counted([{"customer": str(one.customer), "entered": f"{one.entered_at:%Y-%m-%d %H:%M}",
               "node": one.node, "when": f"{one.at:%Y-%m-%d %H:%M}",
               "certain": "yes" if one.certain else "perhaps", "stopped by": one.reason}
              for one in found.items])  # fmt: skip
    if found.next:
        typer.echo(f"more: --after {found.next}")
