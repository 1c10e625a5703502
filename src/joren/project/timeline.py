"""All that happened with one customer as one list, newest first, in slices.

Each kind of moment answers for itself from a place on; the page takes the newest of them all. The
order is strict (when, which kind, which of it), so that no slice repeats or misses any.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any, Final

from joren.accounts.selectors import business
from joren.act.messages import selectors as ledger
from joren.collect.customers import selectors as people
from joren.collect.inbox import selectors as inbox
from joren.collect.orders import selectors as facts
from joren.core import clock
from joren.core.errors import BadInput
from joren.core.ids import CustomerId
from joren.core.registry import Registry
from joren.plumbing.cursor import Slice, decode, encode, micros, moment_at, number_at
from joren.plumbing.warehouse import warehouse
from joren.project import selection
from joren.protect.consent import selectors as consent

_FIRST: Final = -(2**63)
_LAST: Final = 2**63 - 1


@dataclass(frozen=True)
class Place:
    """Whatever is older than ``at``, or as old and numbered after ``last``, comes next.

    Without a time it is the newest.
    """

    at: datetime | None
    last: int

    @property
    def before(self) -> tuple[datetime, int] | None:
        return None if self.at is None else (self.at, self.last)


@dataclass(frozen=True)
class Moment:
    """One of them: when, which, and what its kind knows of it."""

    at: datetime
    kind: str
    number: int
    what: Any


Source = Callable[[CustomerId, Place, int], Sequence[Moment]]
"""So many moments of a customer from a place on, the newest first."""

SOURCES: Final[Registry[Source]] = Registry("kind of moment")
"""By kind, in the order in which moments of one time stand; rooms to come enter theirs."""


def timeline_of(
    customer: CustomerId, *, kinds: Sequence[str] = (), after: str = "", limit: int = 30
) -> Slice[Moment]:
    """What happened, of these kinds (of all, where none is named)."""
    wanted = [kind for kind in SOURCES if not kinds or kind in kinds]
    if unknown := set(kinds) - set(SOURCES):
        raise BadInput(f"no kind {sorted(unknown)[0]!r}", hint=f"known: {', '.join(SOURCES)}")
    at, rank, last = _place(after)
    found: list[Moment] = []
    for place, kind in enumerate(SOURCES):
        if kind in wanted:
            begin = last if place == rank else _FIRST if place > rank else _LAST
            found += SOURCES[kind](customer, Place(at, begin), limit + 1)
    ranks = {kind: place for place, kind in enumerate(SOURCES)}
    found.sort(key=lambda one: (-micros(one.at), ranks[one.kind], one.number))
    shown = found[:limit]
    if len(found) <= limit:
        return Slice(tuple(shown))
    end = shown[-1]
    return Slice(tuple(shown), encode(micros(end.at), ranks[end.kind], end.number))


def _place(after: str) -> tuple[datetime | None, int, int]:
    if not after:
        return None, -1, _FIRST
    at, rank, last = decode(after, size=3)
    return moment_at(after, at), number_at(after, rank), number_at(after, last)


def _from(found: Sequence[Moment], place: Place, limit: int) -> list[Moment]:
    """Of a few that were read whole, those from the place on."""
    at = place.at
    rest = [one for one in found if at is None or one.at < at
            or (one.at == at and one.number > place.last)]  # fmt: skip
    return sorted(rest, key=lambda one: (-micros(one.at), one.number))[:limit]


def _orders(customer: CustomerId, place: Place, limit: int) -> list[Moment]:
    identities = people.identity_ids_of(customer)
    after = encode(place.at.isoformat(), place.last) if place.at else ""
    listed = facts.orders_under(warehouse(), identities, after=after, limit=limit)
    return [Moment(one["ordered_at"], "orders", one["order_id"], one) for one in listed.items]


def _credits(customer: CustomerId, place: Place, limit: int) -> list[Moment]:
    listed = facts.credits_under(warehouse(), people.identity_ids_of(customer))
    every = [Moment(one["refunded_at"], "refunds", one["refund_id"], one) for one in listed]
    return _from(every, place, limit)


def _events(customer: CustomerId, place: Place, limit: int) -> list[Moment]:
    if not inbox.sources():
        return []
    found = inbox.events_of(warehouse(), customer, limit=limit, before=place.before)
    return [Moment(one.at, "events", one.id, one) for one in found]


def _messages(customer: CustomerId, place: Place, limit: int) -> list[Moment]:
    before = (place.at, min(-place.last, _LAST)) if place.at else None
    found = ledger.of_customer(customer, limit=limit, before=before)
    return [Moment(one.asked_at, "messages", -one.id, one) for one in found]


def _consents(customer: CustomerId, place: Place, limit: int) -> list[Moment]:
    every = [Moment(one.at, "consents", -one.id, one) for one in consent.entries_of(customer)]
    return _from(every, place, limit)


def _moves(customer: CustomerId, place: Place, limit: int) -> list[Moment]:
    """From one stage to another, between two days whose figures are kept."""
    stood = selection.history_of(customer)
    every = [
        Moment(
            _end_of(now["as_of"]), "moves", -int(now["snapshot_id"]),
            {"before": then["stage"], "now": now["stage"], "since": then["as_of"],
             "as_of": now["as_of"]},
        )
        for now, then in pairwise(stood)
        if now["stage"] != then["stage"]
    ]  # fmt: skip
    return _from(every, place, limit)


def _end_of(day: date) -> datetime:
    zone = clock.zone(business().time_zone)
    return datetime.combine(day, time(23, 59, 59), zone).astimezone(UTC)


for _kind, _source in (
    ("orders", _orders), ("refunds", _credits), ("events", _events), ("messages", _messages),
    ("consents", _consents), ("moves", _moves),
):  # fmt: skip
    SOURCES.enter(_kind, _source)


def plain(one: Moment) -> dict[str, Any]:
    """A moment as programs read it."""
    what = one.what if isinstance(one.what, dict) else asdict(one.what)
    return {"at": one.at, "kind": one.kind, "number": one.number, "what": what}
