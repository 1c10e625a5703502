"""``joren simulate``: invented shops with known truth."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from joren.project.cli.printing import AsJson, Day, Out, day_of, print_json, progress
from joren.project.simulation import simulate_shop, simulate_world

simulate_app = typer.Typer(help="Invented shops with known truth.", no_args_is_help=True)


@simulate_app.callback()
def simulate_group() -> None:
    """Invented shops with known truth."""


@simulate_app.command("shop")
def shop(
    out: Out,
    customers: Annotated[int, typer.Option(help="How many.")] = 3_000,
    seed: Annotated[int, typer.Option(help="The same seed writes the same files.")] = 1,
    as_of: Day = None,
    as_json: AsJson = False,
) -> None:
    """Write the files of an invented coffee roaster, and the truth beside them."""
    with progress() as bar:
        task = bar.add_task("simulate", total=customers)
        done = simulate_shop(
            customers=customers,
            seed=seed,
            out=out,
            as_of=day_of(as_of),
            on_progress=lambda some, whole: bar.update(task, completed=some, total=whole),
        )
    if as_json:
        print_json(asdict(done))
    else:
        typer.echo(f"{done.customers:,} customers, {done.orders:,} orders as of {done.as_of}")
        for file in done.files:
            typer.echo(f"  {file}")


@simulate_app.command("world")
def world(
    name: Annotated[str, typer.Argument(help="Such as passing-lift; docs/science/worlds.md.")],
    out: Out,
    customers: Annotated[int, typer.Option(help="How many.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed writes the same files.")] = 1,
    days: Annotated[int, typer.Option(help="How many have passed since the action.")] = 90,
    as_of: Day = None,
    as_json: AsJson = False,
) -> None:
    """Write the files of a shop in which an action had an effect that is known."""
    with progress() as bar:
        task = bar.add_task("simulate", total=customers)
        done = simulate_world(
            name, out=out, customers=customers, seed=seed, days=days, as_of=day_of(as_of),
            on_progress=lambda some, whole: bar.update(task, completed=some, total=whole),
        )  # fmt: skip
    if as_json:
        print_json(asdict(done))
        return
    typer.echo(
        f"{done.customers:,} simulated customers, {done.held_out:,} left out, treated on "
        f"{done.treated_on}; {done.orders:,} orders as of {done.as_of}"
    )
    for file in done.files:
        typer.echo(f"  {file}")
