"""Simulate a coffee roaster with a shop of its own and one in a mall, down to the files it exports.

Customers are drawn in parts of a fixed size, each with its own stream of chance, and written at
once: memory does not grow with the shop, and the same seed gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import add
from pathlib import Path

import numpy as np

from joren.project.simulation.baskets import draw_lines
from joren.project.simulation.export import (
    CONSENTS,
    CUSTOMERS,
    MALL,
    OWN_SHOP,
    REFUNDS,
    OrderExport,
    Part,
    ShopExport,
)
from joren.project.simulation.identities import draw_identities
from joren.project.simulation.money import settle
from joren.project.simulation.population import Places, draw_population
from joren.project.simulation.purchases import draw_purchases
from joren.project.simulation.scenario import (
    COFFEE_ROASTER,
    DEFAULT_AS_OF,
    Scenario,
    checked_size,
    only_own_shop,
)
from joren.project.simulation.season import Season, build_season
from joren.project.simulation.small_files import write_ad_spend, write_products
from joren.project.simulation.tally import Tally, tally
from joren.project.simulation.truth import truth
from joren.project.simulation.tuning import tuned

PRODUCTS, AD_SPEND, TRUTH = "products.csv", "ad_spend.csv", "truth.json"
_PART = 8192
_CALENDAR_STREAM, _ADVERTISING_STREAM, _PEOPLE_STREAM = range(3)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Simulated:
    """What was written; `repeated_rows` are rows of the own shop's file that stand there twice."""

    out: Path
    files: tuple[Path, ...]
    as_of: date
    seed: int
    customers: int
    orders: int
    lines: int
    refunds: int
    repeated_rows: int


@dataclass(frozen=True)
class Task:
    """Which shop to simulate, how many customers of it, and where to."""

    scenario: Scenario
    season: Season
    customers: int
    seed: int
    out: Path


def simulate_shop(
    *,
    customers: int,
    seed: int,
    out: Path,
    as_of: date | None = None,
    orders_per_customer: float | None = None,
    lines_per_order: float | None = None,
    on_progress: Progress | None = None,
) -> Simulated:
    """Write the exports of both stores, what the shop keeps beside them, and the truth.

    `truth.json` comes last: a folder without it was not finished.
    """
    checked_size(customers, seed)
    season = _calendar(COFFEE_ROASTER, as_of, seed)
    scenario = tuned(
        COFFEE_ROASTER,
        season,
        orders_per_customer=orders_per_customer,
        lines_per_order=lines_per_order,
    )
    task = Task(scenario, season, customers, seed, out)
    _prepare(out)
    with ShopExport(out, scenario, season) as export:
        sums = reduce(add, _written_parts(task, export, on_progress))
    write_products(out / PRODUCTS)
    rng = _stream(seed, _ADVERTISING_STREAM)
    write_ad_spend(out / AD_SPEND, scenario, season, sums.of("acquired_by_source"), rng)
    names = (OWN_SHOP, MALL, CUSTOMERS, CONSENTS, PRODUCTS, AD_SPEND, REFUNDS, TRUTH)
    return _concluded(task, names, sums, export.repeated_rows)


def simulate_orders(
    *,
    customers: int,
    seed: int,
    out: Path,
    as_of: date | None = None,
    orders_per_customer: float = 5.0,
    lines_per_order: float = 2.4,
    on_progress: Progress | None = None,
) -> Simulated:
    """Write one order file of the own shop, as large as a benchmark wants it, and the truth."""
    checked_size(customers, seed)
    alone = replace(only_own_shop(COFFEE_ROASTER), refunded=0.0)
    season = _calendar(alone, as_of, seed)
    scenario = tuned(
        alone, season, orders_per_customer=orders_per_customer, lines_per_order=lines_per_order
    )
    task = Task(scenario, season, customers, seed, out)
    _prepare(out)
    with OrderExport(out, scenario, season) as export:
        sums = reduce(add, _written_parts(task, export, on_progress))
    return _concluded(task, (OWN_SHOP, TRUTH), sums, export.repeated_rows)


def _written_parts(
    task: Task, export: OrderExport, on_progress: Progress | None
) -> Iterator[Tally]:
    for place, first in enumerate(range(0, task.customers, _PART)):
        size = min(_PART, task.customers - first)
        rng = _stream(task.seed, _PEOPLE_STREAM, place)
        yield _written_part(rng, task, export, Places(first, size, task.customers))
        if on_progress is not None:
            on_progress(first + size, task.customers)


def _written_part(
    rng: np.random.Generator, task: Task, export: OrderExport, places: Places
) -> Tally:
    scenario, season = task.scenario, task.season
    people = draw_population(rng, scenario, season, places)
    identities = draw_identities(rng, people)
    purchases = draw_purchases(rng, people, scenario, season)
    lines = draw_lines(rng, purchases, people, scenario, season)
    sales = settle(rng, purchases, lines, people, scenario)
    past = sales.orders.moment < season.today
    export.write(rng, Part(people, identities, sales.where(past)))
    return tally(people, sales, scenario, season)


def _calendar(scenario: Scenario, as_of: date | None, seed: int) -> Season:
    rng = _stream(seed, _CALENDAR_STREAM)
    return build_season(scenario, as_of=as_of or DEFAULT_AS_OF, rng=rng)


def _stream(seed: int, *key: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def _prepare(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / TRUTH).unlink(missing_ok=True)


def _concluded(task: Task, names: tuple[str, ...], sums: Tally, repeated_rows: int) -> Simulated:
    facts = truth(task.scenario, task.season, sums, seed=task.seed, repeated_rows=repeated_rows)
    text = json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
    (task.out / TRUTH).write_text(text, encoding="utf-8")
    return Simulated(
        out=task.out,
        files=tuple(task.out / name for name in names),
        as_of=task.season.as_of,
        seed=task.seed,
        customers=sums.whole("customers"),
        orders=sums.whole("orders"),
        lines=sums.whole("lines"),
        refunds=sums.whole("refunds"),
        repeated_rows=repeated_rows,
    )
