"""What people order because a shop wrote to them: the truth behind a measured effect.

Who was written to is known only once the shop has drawn its lot, so that these orders come after
the files of the shop, in a file of their own.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from joren.project.simulation.own_shop_file import COLUMNS
from joren.project.simulation.text import UTF8

Row = dict[str, str]
Order = list[Row]

_STREAM: Final = 3
_MOMENT: Final = "%Y-%m-%d %H:%M:%S"
_FIRST_SERIAL: Final = 90_000_000


@dataclass(frozen=True)
class Answer:
    """What a mail does: orders that would not have come without it, for each who was mailed.

    They come ``after_days`` later on average, at moments of an exponential distribution.
    """

    extra_orders: float
    after_days: float = 12.0


@dataclass(frozen=True)
class Answered:
    """How many orders a mail brought until the as-of day, and from how many mailed customers."""

    mailed: int
    orders: int
    total: int


def simulate_answers(
    answer: Answer,
    mailed: Collection[str],
    *,
    campaign: str,
    sent: datetime,
    as_of: date,
    seed: int,
    orders: Path,
    out: Path,
) -> Answered:
    """Write the orders that a mail brought, and beside them, in ``out`` with .json, what is true.

    Each is one of the customer's own earlier single orders over again, so that it reconciles; who
    has none answers nothing. ``sent`` is in the shop's own time.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_STREAM, sent.toordinal())))
    known = _single_orders(orders, set(mailed), before=sent.strftime(_MOMENT))
    answered = sorted(set(mailed) & known.keys())
    counts = rng.poisson(answer.extra_orders, len(answered))
    rows: list[Row] = []
    written = total = 0
    for customer, count in zip(answered, counts.tolist(), strict=True):
        for _ in range(count):
            moment = sent + timedelta(days=float(rng.exponential(answer.after_days)))
            one = known[customer][int(rng.integers(len(known[customer])))]
            if moment.date() > as_of:
                continue
            serial = _FIRST_SERIAL + sent.timetuple().tm_yday * 10_000 + written
            rows.extend(_again(one, serial, moment, campaign))
            written, total = written + 1, total + int(one[0]["total"])
    _write(out, rows)
    told = Answered(len(set(mailed)), written, total)
    truth = {"simulated": True, "campaign": campaign, **asdict(answer), **asdict(told)}
    out.with_suffix(".json").write_text(json.dumps(truth, indent=2) + "\n", encoding=UTF8)
    return told


def _single_orders(
    orders: Path, customers: Collection[str], *, before: str
) -> Mapping[str, list[Order]]:
    """The paid orders of these customers that were no delivery of a subscription."""
    found: dict[str, list[Order]] = {}
    for order in _orders(orders):
        head = order[0]
        told = head["customer_number"] in customers and not head["subscription_id"]
        if told and head["status"] != "cancelled" and head["ordered_at"] < before:
            found.setdefault(head["customer_number"], []).append(order)
    return found


def _orders(path: Path) -> Iterator[Order]:
    """Each order's lines, which stand together; a line that is repeated is one line."""
    with path.open(encoding=UTF8, newline="") as file:
        held: Order = []
        for row in csv.DictReader(file):
            if held and row["order_number"] != held[0]["order_number"]:
                yield held
                held = []
            if row not in held:
                held.append(row)
        if held:
            yield held


def _again(order: Order, serial: int, moment: datetime, campaign: str) -> Iterator[Row]:
    for row in order:
        yield row | {
            "order_number": f"J{moment:%Y%m%d}-{serial}",
            "ordered_at": moment.strftime(_MOMENT),
            "status": "completed",
            "source": "newsletter",
            "medium": "email",
            "campaign": campaign,
        }


def _write(out: Path, rows: list[Row]) -> None:
    with out.open("w", encoding=UTF8, newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
