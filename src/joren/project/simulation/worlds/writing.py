"""A world as files that the ordinary import takes, and the truth beside them.

Customers are drawn in parts, each with a stream of chance of its own, and written at once: memory
does not grow with the shop, and the same seed writes the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joren.core.errors import BadInput
from joren.project.simulation.population import Flags, Floats, Ints
from joren.project.simulation.scenario import DEFAULT_AS_OF, checked_size
from joren.project.simulation.text import digits, joined, picked, words, write_rows
from joren.project.simulation.worlds import calibration
from joren.project.simulation.worlds.living import Lives, lived, profits
from joren.project.simulation.worlds.people import HISTORY, People, draw_people
from joren.project.simulation.worlds.world import YEAR, World, world_of

ORDERS, CUSTOMERS, CONSENTS, PRODUCTS, ARMS, TRUTH = (
    "orders.csv", "customers.csv", "consents.csv", "products.csv", "arms.csv", "truth.json",
)  # fmt: skip
HEADERS: Final = {
    ORDERS: "order_number,ordered_at,status,store,channel,currency,customer_number,sku,"
    "product_name,quantity,unit_price,line_discount,tax_rate,unit_cost,tax_included,"
    "shipping_borne,payment_fee,total",
    CUSTOMERS: "customer_number,email,acquisition_source,registered_at",
    CONSENTS: "store,customer_number,channel,purpose,state,at,proof",
    PRODUCTS: "sku,name,category,price,cost,tax_rate",
    ARMS: "customer_number,arm,treated_on",
}
HORIZONS: Final = (30, 90, 180, YEAR)
_PART, _SKU, _STATUS = 8192, "WORLD-1", "completed,world,web,JPY"


@dataclass(frozen=True)
class SimulatedWorld:
    """What was written; ``treated_on`` is the day of the action, ``as_of`` the last day."""

    out: Path
    files: tuple[Path, ...]
    world: str
    treated_on: date
    as_of: date
    seed: int
    customers: int
    held_out: int
    orders: int


@dataclass(frozen=True, eq=False)
class _Part:
    first: int
    people: People
    lives: Lives
    treated: Flags


def simulate_world(
    name: str,
    *,
    out: Path,
    customers: int = 10_000,
    seed: int = 1,
    days: int = 90,
    as_of: date | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> SimulatedWorld:
    """Write two years of a shop, an action ``days`` days before the end, and what it did.

    `truth.json` comes last: a folder without it was not finished.
    """
    world = world_of(name)
    checked_size(customers, seed)
    if not 1 <= days <= YEAR:
        raise BadInput(f"{days} days since the action", hint=f"from 1 to {YEAR}")
    last = as_of or DEFAULT_AS_OF
    on = last - timedelta(days=days - 1)
    out.mkdir(parents=True, exist_ok=True)
    (out / TRUTH).unlink(missing_ok=True)
    told = _Told()
    with ExitStack() as stack:
        files = {one: stack.enter_context((out / one).open("wb")) for one in HEADERS}
        for file, header in HEADERS.items():
            files[file].write(header.encode() + b"\n")
        files[PRODUCTS].write(f"{_SKU},Simulated product,simulated,4000,2400,0\n".encode())
        for place, first in enumerate(range(0, customers, _PART)):
            size = min(_PART, customers - first)
            part = _drawn(world, np.random.default_rng((seed, place)), on, first, size)
            told.orders += _written(part, files, on, days)
            told.add(world, part)
            if on_progress is not None:
                on_progress(first + size, customers)
    facts = _truth(world, told, seed=seed, on=on, last=last)
    (out / TRUTH).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    paths = tuple(out / one for one in (*HEADERS, TRUTH))
    return SimulatedWorld(
        out, paths, world.name, on, last, seed, customers, told.held_out, told.orders
    )


class _Told:
    """What the parts add up to."""

    def __init__(self) -> None:
        self.customers = self.held_out = self.orders = self.gone = 0
        self.nobody, self.everybody = np.zeros(len(HORIZONS)), np.zeros(len(HORIZONS))
        self.treated, self.control = np.zeros(len(HORIZONS)), np.zeros(len(HORIZONS))

    def add(self, world: World, part: _Part) -> None:
        people, size = part.people, part.people.size
        everybody = lived(people, world, np.ones(size, dtype=np.bool_))
        nobody = lived(people, world, np.zeros(size, dtype=np.bool_))
        self.everybody += profits(everybody, size, HORIZONS).sum(axis=0)
        self.nobody += profits(nobody, size, HORIZONS).sum(axis=0)
        came = profits(part.lives, size, HORIZONS)
        self.treated += came[part.treated].sum(axis=0)
        self.control += came[~part.treated].sum(axis=0)
        self.customers += size
        self.held_out += int(np.count_nonzero(~part.treated))
        self.gone += int(np.count_nonzero(part.lives.gone))


def _drawn(world: World, rng: np.random.Generator, on: date, first: int, size: int) -> _Part:
    people = draw_people(rng, size, on=on, rare=world.rare, spread=world.spread)
    treated = people.treated(world.held_out)
    return _Part(first, people, lived(people, world, treated), treated)


def _written(part: _Part, files: Mapping[str, BinaryIO], on: date, days: int) -> int:
    people, lives = part.people, part.lives
    every = np.arange(people.size)
    numbers = joined("W", digits(every + part.first + 1, 8), by="")
    joins, told = _moments(people.arrived, on), numbers
    mails = joined(numbers, "@example.com", by="")
    write_rows(joined(joined(told, mails, "simulated", joins), "\n", by=""), files[CUSTOMERS])
    agreed = joined("world", numbers, "email,marketing,granted", joins, "simulated")
    write_rows(_lines(agreed, people.mailed), files[CONSENTS])
    left = joined("world", numbers, "email,marketing,withdrawn",
                  _moments(np.full(people.size, 1.5), on), "simulated")  # fmt: skip
    write_rows(_lines(left, people.mailed & lives.gone & (days > 1)), files[CONSENTS])
    arms = picked(words(["held_out", "treated"]), part.treated.astype(np.int64))
    write_rows(joined(joined(numbers, arms, on.isoformat()), "\n", by=""), files[ARMS])
    inside = lives.moment < days
    customer = np.concatenate((people.before.customer, lives.customer[inside]))
    moment = np.concatenate((people.before.moment, lives.moment[inside]))
    value = np.concatenate((people.before.value, lives.value[inside]))
    off = np.rint(np.concatenate((np.zeros(people.before.value.size), lives.discounted[inside])))
    order = np.lexsort((moment, customer))
    rows = _orders(numbers.take(pa.array(customer[order])), customer[order] + part.first,
                   _moments(moment[order], on), value[order], off[order])  # fmt: skip
    write_rows(rows, files[ORDERS])
    return int(order.size)


def _orders(
    numbers: pa.Array, customer: Ints, moments: pa.Array, value: Floats, off: Floats
) -> pa.Array:
    """A number of its own for each: the customer's, and which of theirs it is."""
    starts = np.flatnonzero(np.diff(customer, prepend=-1))
    rank = np.arange(customer.size) - np.repeat(starts, np.diff(np.r_[starts, customer.size]))
    cells = joined(
        joined(numbers, digits(rank + 1), by="-"), moments, _STATUS, numbers,
        f"{_SKU},Simulated product,1", _yen(value), _yen(off), "0",
        _yen(np.rint(value * (1 - calibration.MARGIN))), "false", "0", "0", _yen(value - off),
    )  # fmt: skip
    return joined(cells, "\n", by="")


def _lines(rows: pa.Array, which: Flags) -> pa.Array:
    return joined(rows.filter(pa.array(which)), "\n", by="")


def _yen(amounts: Floats) -> pa.Array:
    return digits(amounts.astype(np.int64))


def _moments(moments: Floats, on: date) -> pa.Array:
    """The shop's day and second, as text."""
    begin = (on - date(1970, 1, 1)).days * 86_400
    seconds = pa.array(begin + np.floor(moments * 86_400).astype(np.int64)).cast(pa.timestamp("s"))
    return pc.strftime(seconds, format="%Y-%m-%d %H:%M:%S").cast(pa.binary())


def _truth(world: World, told: _Told, *, seed: int, on: date, last: date) -> dict[str, Any]:
    n, held = told.customers, told.held_out
    effect = (told.everybody - told.nobody) / n - world.cost
    return {
        "simulated": True, "world": world.name, "about": world.about, "seed": seed,
        "time_zone": "Asia/Tokyo", "currency": "JPY",
        "first_day": (on - timedelta(days=HISTORY)).isoformat(),
        "treated_on": on.isoformat(), "as_of": last.isoformat(),
        "customers": n, "treated": n - held, "held_out": held, "withdrew_consent": told.gone,
        "parameters": asdict(world),
        "calibrated": {
            "buying_and_leaving_per_week": dict(
                zip(("r", "alpha", "s", "beta"), _cdnow(), strict=True)
            ),
            "log_value_within": world.spread, "log_value_between": calibration.BETWEEN,
            "season": calibration.SEASON, "chosen": {
                "order_yen": calibration.ORDER_YEN, "margin": calibration.MARGIN,
                "mailed": calibration.MAILED,
            },
        },
        "per_customer": [
            {
                "days": days,
                "profit_if_nobody_is_treated": round(float(told.nobody[i]) / n, 2),
                "profit_if_everybody_is_treated": round(float(told.everybody[i]) / n, 2),
                "effect_less_cost": round(float(effect[i]), 2),
                "came_in_arms": _apart(told, i, world),
            }
            for i, days in enumerate(HORIZONS)
        ],
    }  # fmt: skip


def _apart(told: _Told, i: int, world: World) -> float | None:
    """Of the two arms alone, as a test of this shop would come out when everything is known."""
    treated = told.customers - told.held_out
    if not (treated and told.held_out):
        return None
    return round(
        float(told.treated[i]) / treated - float(told.control[i]) / told.held_out - world.cost, 2
    )


def _cdnow() -> tuple[float, float, float, float]:
    found = calibration.CDNOW
    return found.r, found.alpha, found.s, found.beta
