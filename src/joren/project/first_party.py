"""What still works without third-party cookies, from what this shop's own sources sent.

An order or an event is linked where its source identity belongs to a customer now: by a number, a
user id, an e-mail, or a device that one customer alone uses. All of these are the shop's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from joren.accounts.selectors import business
from joren.collect.customers import selectors as people
from joren.collect.inbox import selectors as inbox
from joren.collect.inbox.contracts import EVENTS
from joren.collect.orders import selectors as orders
from joren.collect.orders.contracts import ORDERS
from joren.core import clock
from joren.warehouse import Warehouse

EVENT_DAYS: Final = 30
ORDER_DAYS: Final = 365
FEW: Final = 0.5
"""Less of the events linked than this, and there is something to do about the source."""


@dataclass(frozen=True)
class OfSource:
    """What one source sent: ``named`` by a user id or an e-mail, ``devices`` by a first-party id.

    ``linked``: it belongs to a customer who is known.
    """

    source: int
    name: str
    kind: str
    n: int
    named: int
    devices: int
    linked: int
    customers: int
    first: date
    last: date

    @property
    def share(self) -> float:
        return self.linked / self.n


@dataclass(frozen=True)
class OfStore:
    """The orders of one store, and how many of them are somebody's."""

    store: int
    name: str
    n: int
    linked: int
    sourced: int  # it is known where they came from
    first: date
    last: date

    @property
    def share(self) -> float:
        return self.linked / self.n


@dataclass(frozen=True)
class FirstParty:
    """``as_of`` is the day up to which events were asked for; orders count to the newest one."""

    as_of: date
    events: tuple[OfSource, ...]
    orders: tuple[OfStore, ...]

    @property
    def event_count(self) -> int:
        return sum(one.n for one in self.events)

    @property
    def events_linked(self) -> int:
        return sum(one.linked for one in self.events)

    @property
    def order_count(self) -> int:
        return sum(one.n for one in self.orders)

    @property
    def orders_linked(self) -> int:
        return sum(one.linked for one in self.orders)


def first_party(warehouse: Warehouse) -> FirstParty:
    """Counted now, in a few questions over the facts."""
    today = clock.shop_day(clock.now(), business().time_zone)
    return FirstParty(today, _events(warehouse, today), _orders(warehouse))


def _events(warehouse: Warehouse, today: date) -> tuple[OfSource, ...]:
    if not warehouse.lake.files(EVENTS):
        return ()
    with warehouse.engine.session() as holding:
        known = holding.take(people.person_of(warehouse))
        t = warehouse.facts(EVENTS)
        t = t.filter(t.occurred_on > today - timedelta(days=EVENT_DAYS))
        t = t.left_join(known, "identity_id")
        counted = t.group_by("source_id").agg(
            n=t.count(),
            named=_many(t.identity_id.notnull() & ~t.identity_id.identical_to(t.device_id)),
            devices=_many(t.device_id.notnull()),
            linked=_many(t.customer_id.notnull()),
            customers=t.customer_id.nunique(),
            first=t.occurred_on.min(),
            last=t.occurred_on.max(),
        )
        rows = warehouse.engine.rows(counted)
    known_sources = {one.id: one for one in inbox.sources()}
    found = []
    for row in rows:
        source = known_sources.get(row.pop("source_id"))
        if source is not None:
            found.append(OfSource(source.id, source.name, source.kind, **row))
    return tuple(sorted(found, key=lambda one: -one.n))


def _orders(warehouse: Warehouse) -> tuple[OfStore, ...]:
    if not warehouse.lake.files(ORDERS):
        return ()
    with warehouse.engine.session() as holding:
        known = holding.take(people.person_of(warehouse))
        t = orders.orders(warehouse)
        (newest,) = warehouse.engine.rows(t.agg(day=t.ordered_on.max()))
        if newest["day"] is None:
            return ()
        t = t.filter(t.ordered_on > newest["day"] - timedelta(days=ORDER_DAYS))
        t = t.left_join(known, "identity_id")
        counted = t.group_by("store_id").agg(
            n=t.count(),
            linked=_many(t.customer_id.notnull()),
            sourced=_many(t.source.notnull()),
            first=t.ordered_on.min(),
            last=t.ordered_on.max(),
        )
        rows = warehouse.engine.rows(counted)
    names = {int(store.id): store.name for store in people.stores()}
    found = [OfStore(store := row.pop("store_id"), names.get(store, ""), **row) for row in rows]
    return tuple(sorted(found, key=lambda one: -one.n))


def _many(condition: Any) -> Any:
    return condition.cast("int64").sum().cast("int64")
