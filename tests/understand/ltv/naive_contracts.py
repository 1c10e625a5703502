"""Contracts by plain Python, one after the other: what the columnar statement is held to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

Key = tuple[int, str]


@dataclass(frozen=True)
class Order:
    """An order of a contract that counts."""

    contract: Key
    on: date
    number: int | None
    customer: int = 1
    revenue: int = 100


@dataclass
class Run:
    """Deliveries one after the other: (day, running number)."""

    contract: Key
    run: int
    interval: int
    deliveries: list[tuple[date, int]] = field(default_factory=list)
    customer: int = 0
    revenue: int = 0
    status: str = ""
    ended_on: date | None = None


@dataclass
class Naive:
    """All runs; by running number who renewed and who did not."""

    usual: int
    runs: list[Run]
    renewed: Counter[int] = field(default_factory=Counter)
    lost: Counter[int] = field(default_factory=Counter)


def contracts(orders: Sequence[Order], said: Mapping[Key, tuple[str, date]], as_of: date) -> Naive:
    """As docs/science/contracts.md says it."""
    days: dict[Key, dict[date, list[Order]]] = {}
    for one in orders:
        days.setdefault(one.contract, {}).setdefault(one.on, []).append(one)
    own = {key: _middle(_gaps(theirs)) for key, theirs in days.items() if len(theirs) > 1}
    found = Naive(_middle(list(own.values())) if own else 30, [])
    for key, theirs in days.items():
        runs = _runs(key, theirs, own.get(key, found.usual))
        _decide(found, runs, as_of)
        for place, one in enumerate(runs):
            word, on = said.get(key, ("", date.min))
            holds = place == len(runs) - 1 and on >= one.deliveries[-1][0]
            _stand(one, word if holds else "", on, place < len(runs) - 1, as_of)
        found.runs += runs
    return found


def _runs(key: Key, theirs: Mapping[date, list[Order]], interval: int) -> list[Run]:
    runs: list[Run] = []
    before: tuple[date, int | None] | None = None
    for day in sorted(theirs):
        known = [one.number for one in theirs[day] if one.number is not None]
        said = max(known, default=None)
        fallen = before is not None and said == 1 and (before[1] or 0) > 1
        if before is None or 2 * (day - before[0]).days > 5 * interval or fallen:
            runs.append(Run(key, len(runs) + 1, interval))
        now = runs[-1]
        place = len(now.deliveries) + 1
        now.deliveries.append((day, max(said if said is not None else place, 1)))
        now.customer = max(one.customer for one in theirs[day])
        now.revenue += sum(one.revenue for one in theirs[day])
        before = (day, said)
    return runs


def _decide(found: Naive, runs: Sequence[Run], as_of: date) -> None:
    for one in runs:
        followed = [True] * (len(one.deliveries) - 1) + [False]
        for (day, number), renewed in zip(one.deliveries, followed, strict=True):
            if 2 * (as_of - day).days > 5 * one.interval:
                (found.renewed if renewed else found.lost)[number] += 1


def _stand(one: Run, word: str, on: date, begun_anew: bool, as_of: date) -> None:
    last = one.deliveries[-1][0]
    silent = (as_of - last).days
    one.ended_on = last + timedelta(days=one.interval)
    if begun_anew:
        one.status = "ended"
    elif word == "Subscription Ended":
        one.status, one.ended_on = "ended", on
    elif word == "Subscription Paused":
        one.status = "paused"
    elif 2 * silent > 5 * one.interval:
        one.status = "ended"
    else:
        one.status = "late" if 2 * silent > 3 * one.interval else "active"
    if one.status != "ended":
        one.ended_on = None


def _gaps(theirs: Mapping[date, list[Order]]) -> list[int]:
    return [(later - day).days for day, later in pairwise(sorted(theirs))]


def _middle(numbers: Sequence[int]) -> int:
    return sorted(numbers)[(len(numbers) - 1) // 2]
