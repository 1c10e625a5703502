"""What campaigns and journeys would send on the days to come, and where they meet in one customer.

Drafts count as if they were let go. Who gets it is who belongs by the newest figures: a journey's
rule of re-entry, consents and the gate let fewer through, so that every number is the most it can
be. What is asked of the audiences is one table of the engine, whatever number of people they have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from typing import Final, Literal

import ibis
import ibis.expr.types as ir

from joren.accounts.selectors import business
from joren.act.campaigns import selectors as campaigns
from joren.act.journeys import selectors as journeys
from joren.act.journeys.contracts import Document, Every, OnDate, Send, Wait
from joren.act.messages import selectors as messages
from joren.act.messages.contracts import TRANSACTIONAL, Cap, Template
from joren.core import clock
from joren.core.errors import BadInput
from joren.decide.segments import selectors as segments
from joren.plumbing.warehouse import warehouse

DAYS: Final = 28
LONGEST: Final = 92
_MOST: Final = 200
_DAY: Final = 1440

Kind = Literal["campaign", "journey"]


@dataclass(frozen=True)
class Planned:
    """One mailing of one day. ``customers`` are at most who would get it, of whom ``over`` would
    get more than a cap allows, with all else that is planned; None: there are no figures yet."""

    day: date
    kind: Kind
    number: int
    name: str
    state: str
    draft: bool
    channel: str
    customers: int | None = None
    over: int | None = None


@dataclass(frozen=True)
class Clash:
    """Two mailings of one day that share so many customers; places in ``planned``."""

    one: int
    other: int
    customers: int


@dataclass(frozen=True)
class MailCalendar:
    """``planned`` by day. ``more``: there is more than is looked at."""

    first: date
    last: date
    planned: tuple[Planned, ...]
    clashes: tuple[Clash, ...]
    more: bool


@dataclass(frozen=True)
class _Mailing:
    planned: Planned
    audience: ir.Table | None
    kind: str


def mail_calendar(first: date | None = None, days: int = DAYS) -> MailCalendar:
    """Of so many days from the first on (today)."""
    if not 1 <= days <= LONGEST:
        raise BadInput(f"{days} days are no calendar", hint=f"1 to {LONGEST}")
    first = first or clock.shop_day(clock.now(), business().time_zone)
    last = first + timedelta(days - 1)
    known = {one.id: one for one in [*messages.templates(), *messages.templates(archived=True)]}
    has_figures = warehouse().snapshots.latest() is not None
    found = sorted(
        [*_campaigns(first, last, known, has_figures), *_journeys(first, last, known, has_figures)],
        key=lambda one: (one.planned.day, one.planned.kind, one.planned.number),
    )
    some = found[:_MOST]
    planned, clashes = _counted(some) if has_figures and some else ([], [])
    told = planned or [one.planned for one in some]
    return MailCalendar(first, last, tuple(told), tuple(clashes), len(found) > _MOST)


def _campaigns(
    first: date, last: date, known: dict[int, Template], has_figures: bool
) -> Iterator[_Mailing]:
    for one in campaigns.campaigns():
        if one.plan.send_at is None or one.state == "cancelled":
            continue
        day = clock.shop_day(one.plan.send_at, business().time_zone)
        if not first <= day <= last:
            continue
        content = known[one.plan.variants[0].template].content
        planned = Planned(
            day, "campaign", one.id, one.plan.name, one.state, one.state == "draft", content.channel
        )
        rule = segments.rule_of(segments.segment(one.plan.segment))
        audience = segments.members_table(rule) if has_figures else None
        yield _Mailing(planned, audience, content.kind)


def _journeys(
    first: date, last: date, known: dict[int, Template], has_figures: bool
) -> Iterator[_Mailing]:
    """By their triggers that have a day; what starts by an event or a segment has none."""
    running = {one.journey: one.document for one, newest in journeys.versions_in(["running"])
               if newest}  # fmt: skip
    for one in journeys.journeys():
        document = running.get(one.id, one.draft)
        sent = _first_letter(document)
        if sent is None or sent[0].template not in known:
            continue
        send, minutes = sent
        content = known[send.template].content
        later = timedelta(minutes // _DAY)
        for trigger in document.triggers:
            if not isinstance(trigger, OnDate | Every):
                continue
            for number in range((last - first).days + 1):
                day = first + timedelta(number)
                if not journeys.falls_on(trigger, day - later):
                    continue
                planned = Planned(
                    day, "journey", one.id, one.name, one.state, one.id not in running,
                    content.channel,
                )  # fmt: skip
                audience = journeys.due_table(trigger, day - later) if has_figures else None
                yield _Mailing(planned, audience, content.kind)


def _first_letter(document: Document) -> tuple[Send, int] | None:
    """The first message on its shortest way, and after how many minutes of waits it comes."""
    nodes = {node.id: node for node in document.nodes}
    waiting, seen = [(0, document.start)], set()
    while waiting:
        minutes, name = min(waiting)
        waiting.remove((minutes, name))
        node = nodes.get(name)
        if node is None or name in seen:
            continue
        if isinstance(node, Send):
            return node, minutes
        seen.add(name)
        more = node.minutes if isinstance(node, Wait) else 0
        waiting += [(minutes + more, to) for to in journeys.targets(node)]
    return None


def _counted(some: Sequence[_Mailing]) -> tuple[list[Planned], list[Clash]]:
    house = warehouse()
    audiences = [
        one.audience.select(
            "customer_id",
            entry=ibis.literal(place, "int64"),
            day=ibis.literal(one.planned.day.toordinal(), "int64"),
        )
        for place, one in enumerate(some)
        if one.audience is not None
    ]
    with house.engine.session() as holding:
        every = holding.hold(reduce(ir.Table.union, audiences))
        sizes = every.group_by("entry").agg(n=every.count())
        customers = {row["entry"]: row["n"] for row in house.engine.rows(sizes)}
        over = _over(every, some)
        clashes = sorted(_clashes(every), key=lambda one: -one.customers)
    planned = [
        replace(one.planned, customers=customers.get(place, 0), over=over.get(place, 0))
        for place, one in enumerate(some)
    ]
    return planned, clashes


def _clashes(every: ir.Table) -> Iterator[Clash]:
    one = every.rename(one="entry")
    other = every.view().rename(other="entry")
    both = one.inner_join(other, ["customer_id", "day"])
    both = both.filter(both.one < both.other)
    pairs = both.group_by("one", "other").agg(n=both.count())
    for row in warehouse().engine.rows(pairs):
        yield Clash(row["one"], row["other"], row["n"])


def _over(every: ir.Table, some: Sequence[_Mailing]) -> dict[int, int]:
    """Of each entry how many customers would have had enough by then, by the strictest cap."""
    found: dict[int, int] = {}
    for cap in messages.policy().caps:
        bound = [place for place, one in enumerate(some) if _binds(cap, one)]
        if len(bound) <= cap.most:
            continue
        mine = every.filter(every.entry.isin(bound))
        earlier = mine.view().rename(before="entry", then="day")
        met = mine.inner_join(earlier, "customer_id")
        met = met.filter((met.then <= met.day) & (met.then > met.day - cap.days))
        each = met.group_by("entry", "customer_id").agg(n=met.count())
        much = each.filter(each.n > cap.most)
        for row in warehouse().engine.rows(much.group_by("entry").agg(n=much.count())):
            found[row["entry"]] = max(found.get(row["entry"], 0), row["n"])
    return found


def _binds(cap: Cap, one: _Mailing) -> bool:
    if one.kind == TRANSACTIONAL or one.audience is None:
        return False
    return cap.channel in ("", one.planned.channel) and cap.kind in ("", one.kind)
