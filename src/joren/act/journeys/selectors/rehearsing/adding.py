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
    between,
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
    monthly_low: Ints = field(init=False)
    monthly_high: Ints = field(init=False)
    allowed: dict[int, Between] = field(default_factory=dict)
    capped: dict[int, Between] = field(default_factory=dict)
    near: dict[int, Between] = field(default_factory=dict)
    times: dict[int, tuple[int, int]] = field(default_factory=dict)
    whole: bool = True

    def __post_init__(self) -> None:
        nodes, months = len(self.frame.document.nodes) + _ENDS, self.frame.months.size
        self.low, self.high = np.zeros((2, nodes), dtype=np.int64)
        self.monthly_low, self.monthly_high = np.zeros((2, nodes, months), dtype=np.int64)

    def add(
        self, entries: Arrivals, history: History, worlds: list[World], *,
        willing: Mapping[str, Ints], counted: Mapping[Letter, tuple[Ints, Ints]],
        others: Mapping[int, tuple[Ints, Ints]],
    ) -> None:  # fmt: skip
        """A part of the entries, in the order of their customers."""
        cells = self.monthly_low.size
        for rows in chunks(entries.customer, max(_FEWEST, _CELLS // max(1, cells))):
            some = entries.of(rows)
            ends = int(some.customer[0]), int(some.customer[-1])
            past = history.among(*ends)
            walks = [
                walk(
                    self.frame.document, some, past, world=world, journey=self.frame.journey,
                    until=self.frame.until, calendar=self.frame.calendar,
                )
                for world in worlds
            ]  # fmt: skip
            self.whole &= all(one.whole for one in walks)
            self._counted(some, walks, willing)
            heard = {one: among(columns, *ends) for one, columns in counted.items()}
            self._compared(some, walks, willing, heard, others)

    def _counted(self, some: Arrivals, walks: list[Walk], willing: Mapping[str, Ints]) -> None:
        """The fewest and the most of each entry: in all, and in each month."""
        nodes, months = self.monthly_low.shape
        low = high = monthly_low = monthly_high = None
        for one in walks:
            month = np.searchsorted(self.frame.months, one.at, side="right") - 1
            cell = (one.rows * nodes + one.node % nodes) * months + month
            monthly = np.bincount(cell, minlength=some.at.size * nodes * months)
            monthly = monthly.reshape(-1, nodes, months)
            whole = monthly.sum(axis=2)
            low = whole if low is None else np.minimum(low, whole)
            high = whole if high is None else np.maximum(high, whole)
            monthly_low = monthly if monthly_low is None else np.minimum(monthly_low, monthly)
            monthly_high = monthly if monthly_high is None else np.maximum(monthly_high, monthly)
            self._timed(one)
        if low is None or high is None or monthly_low is None or monthly_high is None:
            return
        self.low += low.sum(axis=0)
        self.high += high.sum(axis=0)
        self.monthly_low += monthly_low.sum(axis=0)
        self.monthly_high += monthly_high.sum(axis=0)
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
            over = over_caps(self.frame, node, customer, at, counted)
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

    def of_node(self, place: int) -> Between:
        return Between(int(self.low[place]), int(self.high[place]))

    def of_month(self, month: int, places: list[int]) -> Between:
        low, high = self.monthly_low[places, month], self.monthly_high[places, month]
        return Between(int(low.sum()), int(high.sum()))


def over_caps(
    frame: Frame, node: Ints, customer: Ints, at: Ints,
    counted: Mapping[Letter, tuple[Ints, Ints]],
) -> NDArray[np.bool_]:  # fmt: skip
    """Which of these messages would meet a cap, with each other and with what was really sent."""
    over = np.zeros(node.size, dtype=bool)
    for cap in frame.caps:
        places = [
            place for place, one in frame.letters.items() if bound_by(cap, one.channel, one.kind)
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


def chunks(customers: Ints, size: int) -> Iterator[Ints]:
    """Rows of so many entries and a few more: no customer is in two of them."""
    begin = 0
    while begin < customers.size:
        last = customers[min(begin + size, customers.size) - 1]
        end = int(np.searchsorted(customers, last, side="right"))
        yield np.arange(begin, end, dtype=np.int64)
        begin = end


def among(columns: tuple[Ints, Ints], first: int, last: int) -> tuple[Ints, Ints]:
    """(customer, moment), by customer, of those from one number to another."""
    here = between(columns[0], first, last)
    return columns[0][here], columns[1][here]


def _between(found: list[int]) -> Between:
    return Between(min(found), max(found)) if found else Between(0, 0)


def _together(columns: list[Any]) -> Ints:
    return np.concatenate(columns) if columns else np.empty(0, dtype=np.int64)
