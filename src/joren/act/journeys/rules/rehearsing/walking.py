"""Let all entries walk through a document at once: at each node a few steps on whole columns."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from joren.act.journeys.contracts import (
    WEEKDAYS,
    Await,
    Branch,
    Document,
    Entered,
    Node,
    Split,
    Until,
    Wait,
)
from joren.act.journeys.rules.moments import local_moment
from joren.act.journeys.rules.rehearsing.entering import Arrivals, Ints, fits
from joren.act.journeys.rules.rehearsing.history import NEVER, History
from joren.act.journeys.rules.rehearsing.worlds import World, kept
from joren.act.journeys.rules.walking import LOTS, PRIME, salt, targets, thresholds

_ROUNDS: Final = 4_000
_MINUTE: Final = 60

DONE: Final = -1
"""Where somebody is who came to the end; further down by the goal, and still on the way."""

GOAL: Final = -2
ACTIVE: Final = -3

Group = tuple[Ints, Ints]
"""Rows of entries, and when each of them is there."""


@dataclass(frozen=True)
class Elsewhere:
    """Customers whose own clock is known, by number, and of each the place of their zone."""

    customer: Ints
    place: Ints
    zones: tuple[str, ...]

    def where(self, customers: Ints) -> Ints:
        """Of each of these the place of their zone; -1 where it is not known."""
        if not self.customer.size:
            return np.full(customers.size, -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.customer, customers), self.customer.size - 1)
        return np.where(self.customer[at] == customers, self.place[at], -1)


@dataclass(frozen=True)
class Calendar:
    """The shop's clock: its zone, its first and its last day; and the clocks of those elsewhere,
    where anything goes by them."""

    zone: str
    first: date
    last: date
    elsewhere: Elsewhere | None = None

    def next(self, node: Until, customers: Ints, at: Ints) -> Ints:
        """Of each the first moment from then on at which the clock that counts shows that time."""
        found = self._next(node, self.zone, at)
        if node.clock == "theirs" and self.elsewhere is not None:
            where = self.elsewhere.where(customers)
            for place in np.unique(where[where >= 0]).tolist():
                there = where == place
                found[there] = self._next(node, self.elsewhere.zones[place], at[there])
        return found

    def _next(self, node: Until, zone: str, at: Ints) -> Ints:
        shown = _shown(node.at, node.weekdays, zone, self.first, self.last)
        found: Ints = shown[np.minimum(np.searchsorted(shown, at), shown.size - 1)]
        return found


@lru_cache(maxsize=256)
def _shown(at: str, weekdays: tuple[str, ...], zone: str, first: date, last: date) -> Ints:
    """Every moment at which a clock there shows that time on such a day, also some days after the
    end, and one before: elsewhere it may be yesterday."""
    allowed = {WEEKDAYS.index(one) for one in weekdays} or set(range(7))
    days = [first + timedelta(n) for n in range(-1, (last - first).days + 10)]
    moments = [seconds(local_moment(day, at, zone)) for day in days if day.weekday() in allowed]
    return np.array(moments, dtype=np.int64)


@dataclass(frozen=True)
class Walk:
    """Who reached what: rows of entries, the node's place (or an end), and when. ``whole`` says
    whether everybody was followed to the end."""

    rows: Ints
    node: Ints
    at: Ints
    whole: bool


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def moment_of(number: int) -> datetime:
    return datetime.fromtimestamp(number, UTC)


def walk(
    document: Document, entries: Arrivals, history: History, *,
    world: World, journey: int, until: int, calendar: Calendar,
) -> Walk:  # fmt: skip
    """Every step up to the moment ``until``, in the world that is given."""
    every = np.arange(entries.at.size, dtype=np.int64)
    leaves = np.full(every.size, NEVER, dtype=np.int64)
    for one in document.goal:
        leaves = np.minimum(leaves, history.first_after(one, entries, every, entries.at))
    on = _Steps(document, entries, history, world, journey, calendar)
    places = {node.id: place for place, node in enumerate(document.nodes)}
    waiting: dict[int, list[Group]] = defaultdict(list)
    waiting[places[document.start]].append((every, entries.at))
    seen: list[tuple[Ints, int, Ints]] = []
    for _ in range(_ROUNDS):
        if not waiting:
            break
        place = min(waiting)
        groups = waiting.pop(place)
        rows = np.concatenate([one for one, _ in groups])
        at = np.concatenate([one for _, one in groups])
        seen.append((rows, place, at))
        for way, (theirs, when) in on.passed(document.nodes[place], rows, at).items():
            to = places.get(targets(document.nodes[place])[way])
            gone = (leaves[theirs] <= when) & (leaves[theirs] <= until)
            seen.append((theirs[gone], GOAL, leaves[theirs][gone]))
            theirs, when = theirs[~gone], when[~gone]
            late = when > until
            seen.append((theirs[late], ACTIVE, np.full(int(late.sum()), until, dtype=np.int64)))
            theirs, when = theirs[~late], when[~late]
            if to is None:
                seen.append((theirs, DONE, when))
            elif theirs.size:
                waiting[to].append((theirs, when))
    return Walk(
        np.concatenate([rows for rows, _, _ in seen]),
        np.concatenate([np.full(rows.size, node, dtype=np.int64) for rows, node, _ in seen]),
        np.concatenate([at for _, _, at in seen]),
        not waiting,
    )


@dataclass(frozen=True)
class _Steps:
    """Whither and when those at a node go on."""

    document: Document
    entries: Arrivals
    history: History
    world: World
    journey: int
    calendar: Calendar

    def passed(self, node: Node, rows: Ints, at: Ints) -> dict[int, Group]:
        if isinstance(node, Wait):
            return {0: (rows, at + node.minutes * _MINUTE)}
        if isinstance(node, Until):
            return {0: (rows, self.calendar.next(node, self.entries.customer[rows], at))}
        if isinstance(node, Await):
            return self._awaited(node, rows, at)
        if isinstance(node, Branch):
            return self._branched(node, rows, at)
        if isinstance(node, Split):
            lots = lots_of(self.entries.customer[rows], salt(self.journey, node.id))
            arm = np.searchsorted(np.array(thresholds(node)), lots, side="right")
            return _by_way(arm, rows, at, len(node.arms))
        return {0: (rows, at)}

    def _awaited(self, node: Await, rows: Ints, at: Ints) -> dict[int, Group]:
        ends = at + node.minutes * _MINUTE
        first = np.full(rows.size, NEVER, dtype=np.int64)
        for one in node.of:
            first = np.minimum(first, self.history.first_after(one, self.entries, rows, at))
        happened = first <= ends
        if self.world.get(node.id) == 0:
            # That it happened is all one can say: as if at once, and what is known when it was.
            first = np.where(happened, first, at)
            happened = np.ones(rows.size, dtype=bool)
        return {
            0: (rows[happened], first[happened]),
            1: (rows[~happened], ends[~happened]),
        }

    def _branched(self, node: Branch, rows: Ints, at: Ints) -> dict[int, Group]:
        way = np.full(rows.size, len(node.ways), dtype=np.int64)
        free = np.ones(rows.size, dtype=bool)
        names = frozenset(self.entries.carried)
        for place, one in enumerate(node.ways):
            if not isinstance(one.when, Entered) or not kept(one.when, names):
                here = free & (self.world.get(node.id) == place)
            else:
                here = free & self._entered_by(one.when, rows)
            way[here] = place
            free &= ~here
        return _by_way(way, rows, at, len(node.ways) + 1)

    def _entered_by(self, when: Entered, rows: Ints) -> NDArray[np.bool_]:
        carried = {name: column[rows] for name, column in self.entries.carried.items()}
        found = np.ones(rows.size, dtype=bool)
        for where in when.where:
            found &= fits(carried, where, rows.size)
        return found


def lots_of(customers: Ints, salted: int) -> Ints:
    """``lot_of`` of each of a column."""
    x = (customers + salted) % PRIME
    for _ in range(3):
        x = (x * x + salted) % PRIME
    return x % LOTS


def _by_way(way: NDArray[Any], rows: Ints, at: Ints, ways: int) -> dict[int, Group]:
    return {one: (rows[way == one], at[way == one]) for one in range(ways)}
