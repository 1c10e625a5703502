"""Who it would have been: each message of a rehearsal, when, and what the gate would say of it now.

Entries are walked a chunk of whole customers after the other, so that only what is asked for is
held. What goes several ways counts in each of them; only what is in all of them is certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import numpy as np
from django.db import connection

from joren.accounts.selectors import business
from joren.act.journeys.contracts import (
    DAYS,
    JourneyMeaningless,
    JourneyNotPublishable,
    RehearsedMessage,
    RehearsedPage,
)
from joren.act.journeys.rules import faults
from joren.act.journeys.rules.rehearsing import entered, moment_of, walk, worlds
from joren.act.journeys.selectors.keeping import journey
from joren.act.journeys.selectors.rehearsing import answering, knowing
from joren.act.journeys.selectors.rehearsing.adding import Frame, Letter, among, chunks, over_caps
from joren.act.journeys.selectors.rehearsing.asking import Past
from joren.act.messages import selectors as messages
from joren.act.messages.contracts import TRANSACTIONAL, Standing
from joren.collect.customers import selectors as people
from joren.core import clock
from joren.decide.holdouts import selectors as holdouts
from joren.plumbing.bulk import given
from joren.plumbing.cursor import decode, encode
from joren.plumbing.warehouse import warehouse

_ENTRIES: Final = 2_000
Ints = answering.Ints
_THOSE_OF: Final = """
    WITH asked(customer_id) AS ({asked})
    SELECT g.customer_id FROM ({left_out}) AS g JOIN asked AS a ON a.customer_id = g.customer_id
"""
_Found = tuple[int, int, int, int, bool, bool]
"""Customer, entry, place of the node, moment, certain, over a cap."""


def rehearsed_page(
    number: int, *, days: int = DAYS, node: str = "", after: str = "", limit: int = 50
) -> RehearsedPage:
    """Some of the messages that the draft of a journey would have asked for, by customer: of each
    customer all, so that a page may hold a few more than asked."""
    part, last = _place(after)
    items: list[RehearsedMessage] = []
    for mine, some, frame in _told(number, days=days, node=node, part=part, last=last):
        wanted = limit - len(items)
        if len(some) >= wanted:
            ends = some[wanted - 1][0]
            items += _judged([one for one in some if one[0] <= ends], frame)
            return RehearsedPage(tuple(items), encode(mine, ends))
        items += _judged(some, frame)
    return RehearsedPage(tuple(items))


def rehearsed_messages(
    number: int, *, days: int = DAYS, node: str = ""
) -> Iterator[RehearsedMessage]:
    """All of them, read as they are used."""
    for _, some, frame in _told(number, days=days, node=node, part=0, last=0):
        yield from _judged(some, frame)


def _place(after: str) -> tuple[int, int]:
    if not after:
        return 0, 0
    part, last = decode(after, size=2)
    if not isinstance(part, int) or not isinstance(last, int):
        raise JourneyMeaningless("there is no such page", hint="begin at the first")
    return part, last


def _told(
    number: int, *, days: int, node: str, part: int, last: int
) -> Iterator[tuple[int, list[_Found], Frame]]:
    """The messages of some customers after ``last``, with the part that they are of."""
    document = journey(number).draft
    if lacks := faults(document, answering.known_for(document)):
        raise JourneyNotPublishable(lacks)
    until = clock.now().replace(microsecond=0)
    house, here = warehouse(), business().time_zone
    with house.engine.session() as holding:
        whose = holding.take(people.person_of(house))
        past = Past(until - timedelta(days), until, here, house, holding, whose)
        on = knowing.ground(document, past)
        frame = answering.frame(document, number, past, messages.policy())
        parts = answering.parts_of(past, on)
        for mine in range(part, parts):
            after = last if mine == part else 0
            for some in _walked(replace(past, parts=parts, part=mine), on, frame, after, node):
                yield mine, some, frame


def _walked(
    past: Past, on: knowing.Ground, frame: Frame, after: int, node: str
) -> Iterator[list[_Found]]:
    """What the entries of some whole customers would have been sent, chunk by chunk."""
    every, _ = knowing.arrivals(past, on)
    entries = entered(every, frame.document)
    entries = entries.of(entries.customer > after)
    history = knowing.history(past, on)
    ways, _ = worlds(frame.document, history, frozenset(entries.carried))
    counted = answering.counted(past, entries.customer) if frame.letters else {}
    wanted = [
        place for place in frame.letters if not node or frame.document.nodes[place].id == node
    ]
    for rows in chunks(entries.customer, _ENTRIES):
        some = entries.of(rows)
        ends = int(some.customer[0]), int(some.customer[-1])
        heard = {one: among(columns, *ends) for one, columns in counted.items()}
        seen: dict[tuple[int, int, int], int] = defaultdict(int)
        over: set[tuple[int, int, int]] = set()
        for world in ways:
            went = walk(
                frame.document, some, history.among(*ends), world=world, journey=frame.journey,
                until=frame.until, calendar=frame.calendar,
            )  # fmt: skip
            sent = np.isin(went.node, list(frame.letters))
            row, place, at = went.rows[sent], went.node[sent], went.at[sent]
            capped = over_caps(frame, place, some.customer[row], at, heard)
            keys = list(zip(row.tolist(), place.tolist(), at.tolist(), strict=True))
            for key in keys:
                seen[key] += 1
            over.update(key for key, is_over in zip(keys, capped.tolist(), strict=True) if is_over)
        found = [
            (int(some.customer[row]), int(some.at[row]), place, at, times >= len(ways),
             (row, place, at) in over)
            for (row, place, at), times in seen.items()
            if place in wanted
        ]  # fmt: skip
        if found:
            yield sorted(found, key=lambda one: (one[0], one[3], one[2]))


def _judged(found: Sequence[_Found], frame: Frame) -> list[RehearsedMessage]:
    """With what the gate would say: consent, suppression and holdout as of today, the cap by what
    was sent then, quiet hours by the clock of that moment."""
    now = clock.now()
    customers = sorted({one[0] for one in found})
    standing = {
        letter: messages.standing_now(
            customers, channel=letter.channel, transactional=letter.kind == TRANSACTIONAL, now=now
        )
        for letter in set(frame.letters.values())
    }
    left_out = _left_out(customers)
    asleep = messages.asleep([(one[0], moment_of(one[3])) for one in found])
    return [
        RehearsedMessage(
            customer, moment_of(entered_at), frame.document.nodes[place].id, moment_of(at), certain,
            _reason(frame.letters[place], customer, standing, left_out, capped, row in asleep),
        )
        for row, (customer, entered_at, place, at, certain, capped) in enumerate(found)
    ]  # fmt: skip


def _reason(
    letter: Letter, customer: int, standing: Mapping[Letter, Mapping[int, Standing]],
    left_out: set[int], capped: bool, asleep: bool,
) -> str:  # fmt: skip
    """The first that would stop it, in the order of the gate; "" where nothing would."""
    if why_not := standing[letter][customer].why_not:
        return why_not
    if letter.kind == TRANSACTIONAL:
        return ""
    if customer in left_out:
        return "left_out"
    return "cap" if capped else "quiet_hours" if asleep else ""


def _left_out(customers: Sequence[int]) -> set[int]:
    """Those whom a global holdout leaves out of everything today."""
    today = clock.shop_day(clock.now(), business().time_zone)
    asked, value = given(customers)
    with connection.cursor() as cursor:
        left_out = holdouts.globally_left_out(today)
        cursor.execute(_THOSE_OF.format(asked=asked, left_out=left_out), [value])
        return {customer for (customer,) in cursor.fetchall()}
