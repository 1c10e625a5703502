"""``joren report ranks`` and the bounds that ranks are made by."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from joren.collect.quality.contracts import enough_for
from joren.core.errors import BadInput
from joren.core.figures import Figure
from joren.core.money import Money
from joren.core.numbers import whole_number
from joren.understand.ltv import selectors as values
from joren.understand.ranks import selectors, services
from joren.understand.ranks.contracts import (
    CPM_GROUPS,
    STAGES,
    WAYS,
    ParetoPoint,
    RankGroup,
    RankMovement,
    RankReport,
    RankRules,
    RfmCell,
    Survival,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int | None, typer.Option("--snapshot", help="Its number; else the newest.")]
_FIFTHS = (1, 2, 3, 4, 5)
_BEST = (10, 20)  # per cent of the customers
Change = Annotated[
    list[str] | None, typer.Option("--set", help="NAME=VALUE, such as active_days=180; repeat it.")
]


def report_ranks(as_json: AsJson = False, snapshot: Number = None) -> None:
    """Show where customers stand: stages, RFM, CPM, deciles, Pareto, F2 rate, VIP."""
    chosen = values.snapshot(snapshot)
    found = selectors.rank_report(chosen)
    if as_json:
        typer.echo(_json(RankReport, found))
        return
    console = Console()
    console.print(f"[bold]Ranks[/] as of {found.as_of} · {found.customers:,} customers")
    console.print(enough_for(found.verdicts))
    stages: dict[str, str] = {code: f"{ja} {en}" for code, (ja, en) in STAGES.items()}
    cpm = {code: f"{code} {english}" for code, english in CPM_GROUPS.items()}
    console.print(_groups("Stage", found.stages, stages), soft_wrap=True)
    console.print(_grid(found.rfm), soft_wrap=True)
    console.print(_groups("CPM", found.cpm, cpm), soft_wrap=True)
    console.print(_groups("Decile", found.deciles, {}), soft_wrap=True)
    for line in _pareto(found.pareto):
        console.print(line, highlight=False, soft_wrap=True)
    console.print(_survival(found.survival), soft_wrap=True)
    console.print(
        f"VIP {found.vip.customers:,} · share of the year's sales "
        f"{_shown(found.vip.share_of_sales)}{''.join(f' · {one}' for one in found.vip.alarms)}"
    )


def report_moves(
    before: Annotated[
        datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="BEFORE", help="The earlier day.")
    ],
    after: Annotated[
        datetime | None,
        typer.Argument(formats=["%Y-%m-%d"], metavar="AFTER", help="The later; else the newest."),
    ] = None,
    way: Annotated[str, typer.Option(help=f"One of {', '.join(WAYS)}.")] = "stage",
    as_json: AsJson = False,
) -> None:
    """Show who went from which group to which between two days; of each the newest figures."""
    chosen = next((one for one in WAYS if one == way), None)
    if chosen is None:
        raise BadInput(f"no way {way!r}", hint=f"one of {', '.join(WAYS)}")
    later = values.snapshot() if after is None else values.snapshot_by(after.date())
    found = selectors.movement(values.snapshot_by(before.date()), later)
    if as_json:
        typer.echo(_json(RankMovement, found))
        return
    console = Console()
    console.print(f"[bold]Moves[/] from {found.before} to {found.after} by {way}")
    console.print(enough_for(found.verdicts))
    table = Table("before", "after", "customers", box=None, header_style="bold")
    for one in found.moves[chosen]:
        table.add_row(one.before or "–", one.after or "–", f"{one.customers:,}")
    console.print(table, soft_wrap=True)


def rank_rules(change: Change = None, as_json: AsJson = False) -> None:
    """Show the bounds that ranks are made by, or set some of them."""
    held = services.change_rules(**_changes(change)) if change else selectors.rank_rules()
    if as_json:
        typer.echo(_json(RankRules, held))
        return
    table = Table("bound", "value", box=None, header_style="bold")
    for name, value in TypeAdapter(RankRules).dump_python(held).items():
        table.add_row(name, "–" if value is None else str(value))
    Console().print(table, soft_wrap=True)


def _changes(pairs: list[str]) -> dict[str, Any]:
    """``active_days=180`` and ``purchases=2,3,5,10`` as the verb wants them."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise BadInput(f"{pair!r} sets nothing", hint="NAME=VALUE, such as active_days=180")
        numbers = [whole_number(part.strip()) for part in text.split(",")]
        if all(number is not None for number in numbers):
            found[name] = numbers[0] if len(numbers) == 1 else numbers
        else:
            found[name] = None if text == "" else text
    return found


def _groups(title: str, groups: tuple[RankGroup, ...], names: dict[str, str]) -> Table:
    table = Table(
        title,
        "customers",
        "of customers",
        "of revenue",
        "mean revenue",
        box=None,
        header_style="bold",
    )
    for group in groups:
        table.add_row(
            names.get(group.code, group.code),
            f"{group.customers:,}",
            _shown(group.customer_share),
            _shown(group.revenue_share),
            _shown(group.mean_revenue),
        )
    return table


def _grid(cells: tuple[RfmCell, ...]) -> Table:
    """R downwards, F to the right, of every M."""
    people: Counter[tuple[int, int]] = Counter()
    for one in cells:
        people[one.r, one.f] += one.customers
    table = Table("RFM", *(f"F {f}" for f in _FIFTHS), box=None, header_style="bold")
    for r in reversed(_FIFTHS):
        table.add_row(f"R {r}", *(f"{people[r, f]:,}" for f in _FIFTHS))
    return table


def _pareto(curve: tuple[ParetoPoint, ...]) -> list[str]:
    """What the best tenth and the best fifth bring, as far as whole customers make them up."""
    everyone = curve[-1].customers if curve else 0
    lines = []
    for per_cent in _BEST:
        upto = [one for one in curve if one.customers * 100 <= per_cent * everyone]
        if upto and (best := upto[-1]).share is not None:
            lines.append(
                f"The best {per_cent}% of customers ({best.customers:,}) bring {best.share:.1%} "
                "of revenue"
            )
    return lines


def _survival(survivals: tuple[Survival, ...]) -> Table:
    table = Table("onward within", box=None, header_style="bold")
    for step in survivals[0].steps[:5]:
        table.add_column(f"F{step.k}→F{step.k + 1}", justify="right")
    for one in survivals:
        table.add_row(f"{one.window} days", *(_shown(step.onward) for step in one.steps[:5]))
    return table


def _shown(figure: Figure) -> str:
    if figure.value is None:
        return "–"
    if figure.unit == "share":
        return f"{figure.value:.1%}"
    return str(Money(round(figure.value), figure.unit))


def _json(kind: Any, value: Any) -> str:
    return json.dumps(TypeAdapter(kind).dump_python(value, mode="json"), ensure_ascii=False)
