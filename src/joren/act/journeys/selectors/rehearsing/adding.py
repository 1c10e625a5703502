"""Sums of a rehearsal, a chunk of entries after the other: fewest and most over the worlds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from joren.act.journeys.contracts import NEAR_DAYS, Between, Document, Send
from joren.act.journeys.rules.rehearsing import (
    Arrivals,
    Calendar,
    History,
    Walk,
    World,
    bound_by,
    near,
    over_cap,
    walk,
)
from joren.act.messages.contracts import TRANSACTIONAL, Cap

_CELLS: Final = 2_000_000
_FEWEST: Final = 500
_ENDS: Final = 3
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Letter:
    """What a send sends: its channel and kind."""

    channel: str
    kind: str


@dataclass(frozen=True)
class Frame:
    """What is the same for every chunk. ``months`` are the moments at which each begins."""

    document: Document
    journey: int
    until: int
    calendar: Calendar
    months: Ints
    letters: Mapping[int, Letter]  # by the node's place
    caps: tuple[Cap, ...]


@dataclass
class Sums:
    """Fewest and most of each node and end by month; of sends also those that may be written to."""

    frame: Frame
    low: Ints = field(init=False)
    high: Ints = field(init=False)
    allowed: dict[int, Between] = field(default_factory=dict)
    capped: dict[int, Between] = field(default_factory=dict)
    near: dict[int, Between] = field(default_factory=dict)
    times: dict[int, tuple[int, int]] = field(default_factory=dict)
    whole: bool = True

    def __post_init__(self) -> None:
        shape = (len(self.frame.document.nodes) + _ENDS, self.frame.months.size)
        self.low = np.zeros(shape, dtype=np.int64)
        self.high = np.zeros(shape, dtype=np.int64)

    def add(
        self, entries: Arrivals, history: History, worlds: list[World], *,
        willing: Mapping[str, Ints], counted: Mapping[Letter, tuple[Ints, Ints]],
        others: Mapping[int, tuple[Ints, Ints]],
    ) -> None:  # fmt: skip
        """A part of the entries, in the order of their customers."""
        cells = self.low.size
        for rows in _chunks(entries.customer, max(_FEWEST, _CELLS // max(1, cells))):
            some = entries.of(rows)
            walks = [
                walk(
                    self.frame.document, some, history, world=world, journey=self.frame.journey,
                    until=self.frame.until, calendar=self.frame.calendar,
                )
                for world in worlds
            ]  # fmt: skip
            self.whole &= all(one.whole for one in walks)
            self._counted(some, walks, willing)
            self._compared(some, walks, willing, counted, others)

    def _counted(self, some: Arrivals, walks: list[Walk], willing: Mapping[str, Ints]) -> None:
        nodes, months = self.low.shape
        low = high = None
        for one in walks:
            month = np.searchsorted(self.frame.months, one.at, side="right") - 1
            cell = (one.rows * nodes + one.node % nodes) * months + month
            visits = np.bincount(cell, minlength=some.at.size * nodes * months)
            low = visits if low is None else np.minimum(low, visits)
            high = visits if high is None else np.maximum(high, visits)
            self._timed(one)
        if low is None or high is None:
            return
        low, high = (one.reshape(-1, nodes, months) for one in (low, high))
        self.low += low.sum(axis=0)
        self.high += high.sum(axis=0)
        for place, letter in self.frame.letters.items():
            may = _may(some.customer, letter, willing)
            found = Between(int(low[may, place].sum()), int(high[may, place].sum()))
            self.allowed[place] = self.allowed.get(place, Between(0, 0)) + found

    def _timed(self, one: Walk) -> None:
        for place in np.unique(one.node[one.node >= 0]).tolist():
            at = one.at[one.node == place]
            first, last = self.times.get(place, (int(at[0]), int(at[0])))
            self.times[place] = (min(first, int(at.min())), max(last, int(at.max())))

    def _compared(
        self, some: Arrivals, walks: list[Walk], willing: Mapping[str, Ints],
        counted: Mapping[Letter, tuple[Ints, Ints]], others: Mapping[int, tuple[Ints, Ints]],
    ) -> None:  # fmt: skip
        """Messages that meet a cap, and messages near another journey's, in each world."""
        capped: dict[int, list[int]] = {place: [] for place in self.frame.letters}
        close: dict[int, list[int]] = {number: [] for number in others}
        for one in walks:
            sent = np.isin(one.node, list(self.frame.letters))
            node, at = one.node[sent], one.at[sent]
            customer = some.customer[one.rows[sent]]
            may = self._may(node, customer, willing)
            node, at, customer = node[may], at[may], customer[may]
            over = self._over(node, customer, at, counted)
            for place, found in capped.items():
                found.append(int((over & (node == place)).sum()))
            for number, theirs in others.items():
                close[number].append(int(near((customer, at), theirs, NEAR_DAYS).sum()))
        for place, found in capped.items():
            self.capped[place] = self.capped.get(place, Between(0, 0)) + _between(found)
        for number, found in close.items():
            self.near[number] = self.near.get(number, Between(0, 0)) + _between(found)

    def _may(self, node: Ints, customer: Ints, willing: Mapping[str, Ints]) -> NDArray[np.bool_]:
        found = np.zeros(node.size, dtype=bool)
        for place, letter in self.frame.letters.items():
            here = node == place
            found[here] = _may(customer[here], letter, willing)
        return found

    def _over(
        self, node: Ints, customer: Ints, at: Ints, counted: Mapping[Letter, tuple[Ints, Ints]]
    ) -> NDArray[np.bool_]:
        over = np.zeros(node.size, dtype=bool)
        for cap in self.frame.caps:
            places = [
                place
                for place, one in self.frame.letters.items()
                if bound_by(cap, one.channel, one.kind)
            ]
            mine = np.isin(node, places)
            theirs = [rows for one, rows in counted.items() if bound_by(cap, one.channel, one.kind)]
            if mine.any():
                others = (
                    _together([one for one, _ in theirs]),
                    _together([at for _, at in theirs]),
                )
                over[mine] |= over_cap((customer[mine], at[mine]), others, cap)
        return over

    def of_node(self, place: int) -> Between:
        return Between(int(self.low[place].sum()), int(self.high[place].sum()))

    def of_month(self, month: int, places: list[int]) -> Between:
        return Between(int(self.low[places, month].sum()), int(self.high[places, month].sum()))


def letters_of(document: Document, known: Mapping[int, Letter]) -> dict[int, Letter]:
    return {
        place: known[node.template]
        for place, node in enumerate(document.nodes)
        if isinstance(node, Send)
    }


def _may(customers: Ints, letter: Letter, willing: Mapping[str, Ints]) -> NDArray[np.bool_]:
    if letter.kind == TRANSACTIONAL:
        return np.ones(customers.size, dtype=bool)
    return np.isin(customers, willing[letter.channel])


def _chunks(customers: Ints, size: int) -> Iterator[Ints]:
    """Rows of so many entries and a few more: no customer is in two of them."""
    begin = 0
    while begin < customers.size:
        last = customers[min(begin + size, customers.size) - 1]
        end = int(np.searchsorted(customers, last, side="right"))
        yield np.arange(begin, end, dtype=np.int64)
        begin = end


def _between(found: list[int]) -> Between:
    return Between(min(found), max(found)) if found else Between(0, 0)


def _together(columns: list[Any]) -> Ints:
    return np.concatenate(columns) if columns else np.empty(0, dtype=np.int64)
