"""What a rehearsal can know of a document, and what it cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from joren.act.journeys.contracts import (
    ORDER,
    Await,
    Belongs,
    Branch,
    Document,
    Entered,
    Event,
    Every,
    Kept,
    Moves,
    NotKnown,
    Occasion,
    OnDate,
    Send,
    Trigger,
)
from joren.act.journeys.rules.rehearsing import Arrivals, History, joined, signal
from joren.act.journeys.selectors.rehearsing import asking
from joren.act.journeys.selectors.rehearsing.asking import Past
from joren.decide.segments import selectors as segments

_REACTIONS: Final = ("Email ", "Unsubscribed", "Message ")
"""What names begin with of events that answer a message."""


@dataclass(frozen=True)
class Ground:
    """What a document asks of the facts. ``known`` are names of signals that can be looked up;
    ``since`` is the first day of which it is known who moved, by segment."""

    document: Document
    wanted: tuple[str, ...]
    known: frozenset[str]
    since: dict[int, date]

    @property
    def carried(self) -> frozenset[str]:
        """Properties that are known of whoever enters."""
        found = frozenset(self.wanted)
        for trigger in self.document.triggers:
            if isinstance(trigger, Event):
                found &= asking.kept_of(trigger.event, self.wanted)
        return found


def ground(document: Document, past: Past) -> Ground:
    """Look once what is there."""
    wanted = tuple(sorted({*_properties(document)}))
    occasions = [*_heard(document)]
    since: dict[int, date] = {}
    for one in occasions:
        if isinstance(one, Moves) and (day := asking.moves_since(one.segment)) is not None:
            since[one.segment] = day
    known = {
        signal(one)
        for one in occasions
        if (one.segment in since if isinstance(one, Moves) else _recorded(one.event, past))
    }
    return Ground(document, wanted, frozenset(known), since)


def _recorded(name: str, past: Past) -> bool:
    if name.startswith(_REACTIONS):
        return False
    table = asking.events(past, name, ())
    if table is None:
        return False
    (found,) = past.house.engine.rows(table.limit(1).agg(n=table.limit(1).count()))
    return name == ORDER or bool(found["n"])


def table_of(past: Past, trigger: Trigger | Occasion, on: Ground) -> Any:
    """(customer_id, at, properties) of a trigger or an occasion; None where it is not known."""
    if isinstance(trigger, OnDate | Every):
        return asking.by_clock(past, trigger)
    if signal(trigger) not in on.known:
        return None
    if isinstance(trigger, Moves):
        return asking.moves(past, trigger.segment, entered=trigger.move == "enters")
    return asking.events(past, trigger.event, on.wanted)


def arrivals_by(past: Past, trigger: Trigger, on: Ground) -> Arrivals | None:
    """Whom one trigger would have brought; None where it is not known."""
    table = table_of(past, trigger, on)
    if table is None:
        return None
    wheres = trigger.where if isinstance(trigger, Event) else ()
    return asking.arrivals(past, table, on.wanted).fitting(wheres)


def arrivals(past: Past, on: Ground) -> tuple[Arrivals, list[int | None]]:
    """Whom all triggers would have brought together, and how many each."""
    found = [arrivals_by(past, one, on) for one in on.document.triggers]
    counts = [None if one is None else int(one.at.size) for one in found]
    return joined([one for one in found if one is not None], on.carried), counts


def history(past: Past, on: Ground) -> History:
    """What the goal and the waits ask for, as far as it is known."""
    by_name = {}
    for one in _asked(on.document):
        table = table_of(past, one, on)
        if table is not None and signal(one) not in by_name:
            by_name[signal(one)] = asking.happened(past, table, on.wanted)
    return History(by_name)


def not_known(on: Ground, past: Past) -> Iterator[NotKnown]:
    """Everything that the figures cannot say, each with its place."""
    document = on.document
    for trigger in document.triggers:
        if isinstance(trigger, Every):
            yield NotKnown("members_now", what=_name(trigger.segment))
        elif isinstance(trigger, Event | Moves):
            yield from _unheard(trigger, on, past, "")
            if isinstance(trigger, Event):
                kept = asking.kept_of(trigger.event, on.wanted)
                lacking = [one.property for one in trigger.where if one.property not in kept]
                yield from (NotKnown("property", what=one) for one in lacking)
    for goal in document.goal:
        yield from _unheard(goal, on, past, "")
    for node in document.nodes:
        if isinstance(node, Await):
            for one in node.of:
                yield from _unheard(one, on, past, node.id)
        if isinstance(node, Branch):
            yield from _undecided(node, on)
    yield from _always(document)


def _undecided(node: Branch, on: Ground) -> Iterator[NotKnown]:
    for way in node.ways:
        if isinstance(way.when, Belongs):
            yield NotKnown("membership", node.id, _name(way.when.segment))
        elif isinstance(way.when, Kept):
            yield NotKnown("word", node.id, way.when.attribute)
        else:
            yield from (
                NotKnown("property", node.id, where.property)
                for where in way.when.where
                if where.property not in on.carried
            )


def _always(document: Document) -> Iterator[NotKnown]:
    sends = any(isinstance(node, Send) for node in document.nodes)
    if sends:
        yield NotKnown("effect")
        yield NotKnown("consent_now")
    yield NotKnown("first_year")
    if document.holdout:
        yield NotKnown("left_out")
    yield NotKnown("nobody_written")


def _unheard(one: Occasion, on: Ground, past: Past, node: str) -> Iterator[NotKnown]:
    if isinstance(one, Moves):
        day = on.since.get(one.segment)
        if day is None:
            yield NotKnown("membership", node, _name(one.segment))
        elif day > past.first_day:
            yield NotKnown("since", node, _name(one.segment), day)
    elif signal(one) not in on.known:
        reaction = one.event.startswith(_REACTIONS)
        yield NotKnown("reactions" if reaction else "never_recorded", node, one.event)


def _name(segment: int) -> str:
    return segments.segment(segment).name


def _asked(document: Document) -> list[Occasion]:
    found = list(document.goal)
    for node in document.nodes:
        if isinstance(node, Await):
            found += node.of
    return found


def _heard(document: Document) -> list[Occasion]:
    return [*(one for one in document.triggers if isinstance(one, Event | Moves)),
            *_asked(document)]  # fmt: skip


def _properties(document: Document) -> Iterable[str]:
    """Every property that a condition names."""
    for one in _heard(document):
        if isinstance(one, Event):
            yield from (where.property for where in one.where)
            yield from one.same
    for node in document.nodes:
        if isinstance(node, Branch):
            for way in node.ways:
                if isinstance(way.when, Entered):
                    yield from (where.property for where in way.when.where)
