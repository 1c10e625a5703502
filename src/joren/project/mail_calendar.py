"""What campaigns and journeys would send on the days to come, and where they meet in one customer.

Drafts count as if they were let go. Who gets it is who belongs by the newest figures: a journey's
rule of re-entry, consents and the gate let fewer through, so that every number is the most it can
be. Each audience is asked once, however often it is written to, and kept as one bit per customer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from joren.accounts.selectors import business
from joren.act.campaigns import selectors as campaigns
from joren.act.journeys import selectors as journeys
from joren.act.journeys.contracts import Document, Every, OnDate, Send, Wait
from joren.act.messages import selectors as messages
from joren.act.messages.contracts import TRANSACTIONAL, Cap, Template
from joren.core import clock
from joren.core.errors import BadInput, JorenError
from joren.decide.segments import selectors as segments
from joren.plumbing.warehouse import warehouse
from joren.project.mail_meetings import Bound, meetings, packed

DAYS: Final = 28
LONGEST: Final = 92
_MOST: Final = 200
_DAY: Final = 1440

Kind = Literal["campaign", "journey"]


@dataclass(frozen=True)
class Planned:
    """One mailing of one day. ``customers`` are at most who would get it, of whom ``over`` would
    get more than a cap allows, with all else that is planned; None: there are no figures yet, or
    its audience cannot be asked, and ``trouble`` says why."""

    day: date
    kind: Kind
    number: int
    name: str
    state: str
    draft: bool
    channel: str
    customers: int | None = None
    over: int | None = None
    trouble: str = ""


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


_Whom = int | tuple[OnDate, date]
"""The number of a segment, or those whose date it is that day."""

_Bits = NDArray[np.uint8]


@dataclass(frozen=True)
class _Mailing:
    planned: Planned
    whom: _Whom
    kind: str


def mail_calendar(first: date | None = None, days: int = DAYS) -> MailCalendar:
    """Of so many days from the first on (today)."""
    if not 1 <= days <= LONGEST:
        raise BadInput(f"{days} days are no calendar", hint=f"1 to {LONGEST}")
    first = first or clock.shop_day(clock.now(), business().time_zone)
    last = first + timedelta(days - 1)
    known = {one.id: one for one in [*messages.templates(), *messages.templates(archived=True)]}
    found = sorted(
        [*_campaigns(first, last, known), *_journeys(first, last, known)],
        key=lambda one: (one.planned.day, one.planned.kind, one.planned.number),
    )
    some = found[:_MOST]
    planned, clashes = [one.planned for one in some], list[Clash]()
    if some and warehouse().snapshots.latest() is not None:
        planned, clashes = _counted(some)
    return MailCalendar(first, last, tuple(planned), tuple(clashes), len(found) > _MOST)


def _campaigns(first: date, last: date, known: dict[int, Template]) -> Iterator[_Mailing]:
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
        yield _Mailing(planned, one.plan.segment, content.kind)


def _journeys(first: date, last: date, known: dict[int, Template]) -> Iterator[_Mailing]:
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
                due = trigger.segment if isinstance(trigger, Every) else (trigger, day - later)
                yield _Mailing(planned, due, content.kind)


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
    people = segments.everybody()
    audiences, troubles = _asked({one.whom for one in some}, people)
    places = [place for place, one in enumerate(some) if one.whom in audiences]
    known = [some[place] for place in places]
    bits = [audiences[one.whom] for one in known]
    days = [one.planned.day.toordinal() for one in known]
    met = meetings(bits, days, [*_bounds(known)])
    sizes = {
        whom: int(np.bitwise_count(each).sum(dtype=np.int64)) for whom, each in audiences.items()
    }
    planned = [
        replace(one.planned, customers=sizes.get(one.whom), trouble=troubles.get(one.whom, ""))
        for one in some
    ]
    for here, place in enumerate(places):
        planned[place] = replace(planned[place], over=met.over.get(here, 0))
    clashes = [
        Clash(places[one], places[other], customers)
        for (one, other), customers in met.shared.items()
    ]
    return planned, sorted(clashes, key=lambda one: -one.customers)


def _asked(
    wanted: set[_Whom], people: NDArray[np.int64]
) -> tuple[Mapping[_Whom, _Bits], Mapping[_Whom, str]]:
    """Each audience once, or why it cannot be asked: one that fails leaves the others known."""
    found: dict[_Whom, _Bits] = {}
    troubles: dict[_Whom, str] = {}
    for whom in wanted:
        try:
            found[whom] = packed(people, _ids(whom))
        except JorenError as wrong:
            troubles[whom] = wrong.message
    return found, troubles


def _ids(whom: _Whom) -> NDArray[np.int64]:
    if isinstance(whom, int):
        return segments.ids_of(segments.rule_of(segments.segment(whom)))
    return np.array(journeys.due_on(*whom), dtype=np.int64)


def _bounds(some: Sequence[_Mailing]) -> Iterator[Bound]:
    """The caps that so many mailings can meet."""
    for cap in messages.policy().caps:
        places = tuple(place for place, one in enumerate(some) if _binds(cap, one))
        if len(places) > cap.most:
            yield Bound(places, cap.most, cap.days)


def _binds(cap: Cap, one: _Mailing) -> bool:
    if one.kind == TRANSACTIONAL:
        return False
    return cap.channel in ("", one.planned.channel) and cap.kind in ("", one.kind)
