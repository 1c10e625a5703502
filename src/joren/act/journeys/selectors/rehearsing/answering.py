"""The whole answer, made of parts of the customers so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from joren.accounts.selectors import business
from joren.act.journeys.contracts import (
    DAYS,
    NONE,
    Between,
    Document,
    Give,
    JourneyNotPublishable,
    Meeting,
    NotKnown,
    Rehearsal,
    RehearsedMonth,
    RehearsedNode,
    RehearsedTrigger,
    Send,
    Until,
    Version,
)
from joren.act.journeys.rules import Known, faults, local_moment
from joren.act.journeys.rules.rehearsing import (
    Calendar,
    Elsewhere,
    entered,
    moment_of,
    walk,
    worlds,
)
from joren.act.journeys.selectors.keeping import journey, journeys, versions_in
from joren.act.journeys.selectors.rehearsing import knowing
from joren.act.journeys.selectors.rehearsing.adding import Frame, Letter, Sums, letters_of
from joren.act.journeys.selectors.rehearsing.asking import Past
from joren.act.messages import selectors as messages
from joren.act.messages.contracts import LONGEST_WINDOW, TRANSACTIONAL, Policy
from joren.collect.customers import selectors as people
from joren.core import clock
from joren.core.clock import zone
from joren.decide.segments import selectors as segments
from joren.plumbing.warehouse import warehouse
from joren.protect.consent.selectors import willing

_AT_ONCE: Final = 1_000_000
"""Arrivals that are held in memory together."""

_OTHERS: Final = 20
_DONE, _GOAL, _ACTIVE = -1, -2, -3
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Other:
    """Another running journey, as it would have run."""

    version: Version
    on: knowing.Ground
    sends: list[int]
    calendar: Calendar


def rehearse_one(number: int, *, days: int = DAYS) -> Rehearsal:
    """The draft of a journey, as if it had run for so many days up to now."""
    kept = journey(number)
    return rehearse(kept.draft, journey_id=number, days=days)


def rehearse(document: Document, *, journey_id: int = 0, days: int = DAYS) -> Rehearsal:
    """The same of a document that nobody keeps. Nothing is sent or written down."""
    if found := faults(document, known_for(document)):
        raise JourneyNotPublishable(found)
    until = clock.now().replace(microsecond=0)
    house, here = warehouse(), business().time_zone
    with house.engine.session() as holding:
        whose = holding.take(people.person_of(house))
        past = Past(until - timedelta(days), until, here, house, holding, whose)
        return _answered(document, journey_id, past)


def known_for(document: Document) -> Known:
    """What is a draft still, and what nothing gives yet, may be rehearsed all the same."""
    every = [*messages.templates(), *messages.templates(archived=True)]
    return Known(
        templates={one.id: True for one in every},
        segments=frozenset(one.id for one in segments.segments()),
        givers=frozenset(node.giver for node in document.nodes if isinstance(node, Give)),
    )


def _answered(document: Document, journey_id: int, past: Past) -> Rehearsal:
    on, policy = knowing.ground(document, past), messages.policy()
    shown, others = frame(document, journey_id, past, policy), _others(journey_id, past)
    may = {
        one.channel: np.sort(willing(one.channel, "marketing").to_numpy(zero_copy_only=False))
        for one in shown.letters.values()
        if one.kind != TRANSACTIONAL
    }
    sums, seen = Sums(shown), _Seen(months=np.zeros(shown.months.size, dtype=np.int64))
    for part in range(parts := parts_of(past, on)):
        here = replace(past, parts=parts, part=part)
        every, counts = knowing.arrivals(here, on)
        entries = entered(every, document)
        seen.count(counts, every.at.size, entries.customer, entries.at, shown.months)
        history = knowing.history(here, on)
        every_world, whole = worlds(document, history, frozenset(entries.carried))
        seen.whole &= whole
        theirs = {one.version.journey: _letters(here, one, entries.customer) for one in others}
        for number, (customers, _) in theirs.items():
            seen.both[number] = seen.both.get(number, 0) + customers.size
        sums.add(
            entries, history, every_world, willing=may,
            counted=counted(here, entries.customer) if shown.letters else {},
            others={number: sent for number, (_, sent) in theirs.items()},
        )  # fmt: skip
    return _told(document, past, on, sums, seen, others, policy)


@dataclass
class _Seen:
    """What is counted of entries, over all parts."""

    months: Ints
    triggers: list[int | None] = field(default_factory=list)
    arrived: int = 0
    entries: int = 0
    customers: int = 0
    both: dict[int, int] = field(default_factory=dict)
    whole: bool = True

    def count(
        self, counts: list[int | None], arrived: int, customers: Ints, at: Ints, months: Ints
    ) -> None:
        before = self.triggers or [0] * len(counts)
        self.triggers = [
            None if one is None or more is None else one + more
            for one, more in zip(before, counts, strict=True)
        ]
        self.arrived += arrived
        self.entries += at.size
        self.customers += np.unique(customers).size
        month = np.searchsorted(months, at, side="right") - 1
        self.months += np.bincount(month, minlength=months.size)


def frame(document: Document, number: int, past: Past, policy: Policy) -> Frame:
    """What is the same for all entries."""
    months = [past.first_day.replace(day=1)]
    while (after := _next_month(months[-1])) <= past.last_day:
        months.append(after)
    starts = [int(local_moment(one, "00:00", past.zone).timestamp()) for one in months]
    letters = {
        one.id: Letter(one.content.channel, one.content.kind)
        for one in [*messages.templates(), *messages.templates(archived=True)]
    }
    return Frame(
        document, number, int(past.until.timestamp()),
        _calendar(document, past),
        np.array(starts, dtype=np.int64), letters_of(document, letters), policy.caps,
    )  # fmt: skip


def _calendar(document: Document, past: Past) -> Calendar:
    """The shop's clock, and where a node goes by the clock of each, theirs as of today."""
    elsewhere = None
    if any(isinstance(node, Until) and node.clock == "theirs" for node in document.nodes):
        known = messages.clocks()
        zones = known["zone"].combine_chunks().dictionary_encode()
        elsewhere = Elsewhere(
            known["customer_id"].to_numpy(),
            zones.indices.to_numpy().astype(np.int64),
            tuple(zones.dictionary.to_pylist()),
        )
    return Calendar(past.zone, past.first_day, past.last_day, elsewhere)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def parts_of(past: Past, on: knowing.Ground) -> int:
    """In how many parts the customers are taken, so that what is asked of one fits memory."""
    found = 0
    for trigger in on.document.triggers:
        table = knowing.table_of(past, trigger, on)
        if table is not None:
            (row,) = past.house.engine.rows(table.agg(n=table.count()))
            found += row["n"]
    return max(1, -(-found // _AT_ONCE))


def _others(number: int, past: Past) -> list[_Other]:
    """The other journeys that run now and send, the first of them."""
    running = [
        one
        for one, newest in versions_in(["running"])
        if newest and one.journey != number
        and any(isinstance(node, Send) for node in one.document.nodes)
    ]  # fmt: skip
    return [
        _Other(
            one,
            knowing.ground(one.document, past),
            _sends(one.document),
            _calendar(one.document, past),
        )
        for one in running[:_OTHERS]
    ]


def _sends(document: Document) -> list[int]:
    return [place for place, node in enumerate(document.nodes) if isinstance(node, Send)]


def _letters(past: Past, one: _Other, ours: Ints) -> tuple[Ints, tuple[Ints, Ints]]:
    """Which of our customers would have entered it, and all messages it may have sent them."""
    every, _ = knowing.arrivals(past, one.on)
    mine = every.of(np.isin(every.customer, ours))
    entries, document = entered(mine, one.version.document), one.version.document
    history = knowing.history(past, one.on)
    customers, moments = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for world in worlds(document, history, frozenset(entries.carried))[0]:
        went = walk(
            document, entries, history, world=world, journey=one.version.journey,
            until=int(past.until.timestamp()), calendar=one.calendar,
        )  # fmt: skip
        sent = np.isin(went.node, one.sends)
        customers.append(entries.customer[went.rows[sent]])
        moments.append(went.at[sent])
    return np.unique(entries.customer), (np.concatenate(customers), np.concatenate(moments))


def counted(past: Past, customers: Ints) -> Mapping[Letter, tuple[Ints, Ints]]:
    """Messages that really counted in caps then, by channel and kind."""
    who, wanted = np.unique(customers), past.since - timedelta(LONGEST_WINDOW)
    found: dict[Letter, tuple[Ints, Ints]] = {}
    for (channel, kind), rows in messages.counted(
        wanted, past.until, parts=past.parts, part=past.part
    ).items():
        customer = rows["customer_id"].to_numpy()
        here = np.flatnonzero(np.isin(customer, who))
        here = here[np.argsort(customer[here], kind="stable")]
        seconds = rows["counted_at"].cast(pa.timestamp("s", "UTC"), safe=False)
        at = seconds.cast("int64").to_numpy()
        found[Letter(channel, kind)] = (customer[here], at[here])
    return found


def _told(
    document: Document, past: Past, on: knowing.Ground, sums: Sums, seen: _Seen,
    others: list[_Other], policy: Policy,
) -> Rehearsal:  # fmt: skip
    sends = _sends(document)
    notes = [*knowing.not_known(on, past)]
    if not seen.whole:
        notes.insert(0, NotKnown("worlds"))
    if not sums.whole:
        notes.insert(0, NotKnown("rings"))
    names = {one.id: one.name for one in journeys()}
    return Rehearsal(
        since=past.since, until=past.until, entries=seen.entries, customers=seen.customers,
        refused=seen.arrived - seen.entries,
        left_out=round(seen.entries * document.holdout), holdout=document.holdout,
        triggers=tuple(RehearsedTrigger(place, n) for place, n in enumerate(seen.triggers)),
        months=tuple(
            RehearsedMonth(
                moment_of(int(start)).astimezone(zone(past.zone)).date(),
                int(seen.months[place]), sums.of_month(place, sends),
            )
            for place, start in enumerate(sums.frame.months.tolist())
        ),
        nodes=tuple(
            _node(document, place, sums, policy) for place in range(len(document.nodes))
        ),
        goal=sums.of_node(_GOAL), done=sums.of_node(_DONE), active=sums.of_node(_ACTIVE),
        meetings=tuple(
            Meeting(
                one.version.journey, names.get(one.version.journey, one.version.document.name),
                seen.both.get(one.version.journey, 0), sums.near.get(one.version.journey, NONE),
            )
            for one in others
        ),
        not_known=tuple(dict.fromkeys(notes)),
        currency=business().currency or "JPY",
    )  # fmt: skip


def _node(document: Document, place: int, sums: Sums, policy: Policy) -> RehearsedNode:
    node, times = document.nodes[place], sums.times.get(place)
    found = RehearsedNode(
        node.id, node.do, sums.of_node(place),
        moment_of(times[0]) if times else None, moment_of(times[1]) if times else None,
    )  # fmt: skip
    letter = sums.frame.letters.get(place)
    if letter is None:
        return found
    allowed, price = sums.allowed.get(place, NONE), policy.costs.get(letter.channel)
    treated = 1 - document.holdout if letter.kind != TRANSACTIONAL else 1
    return replace(
        found, channel=letter.channel, allowed=allowed, capped=sums.capped.get(place, NONE),
        cost=None if price is None else Between(
            round(allowed.low * price * treated), round(allowed.high * price * treated)
        ),
    )  # fmt: skip
