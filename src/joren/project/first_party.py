"""What still works without third-party cookies, from what this shop's own sources sent.

An order or an event is linked where its source identity belongs to a customer now: by a number, a
user id, an e-mail, or a device that one customer alone uses. All of these are the shop's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final, TypeAlias

import ibis.expr.types as ir

from joren.accounts.selectors import business
from joren.collect.customers import selectors as people
from joren.collect.inbox import selectors as inbox
from joren.collect.inbox.contracts import EVENTS
from joren.collect.orders import selectors as orders
from joren.collect.orders.contracts import ORDERS, SUPERSEDED
from joren.core import clock
from joren.warehouse import Warehouse

Rows: TypeAlias = list[dict[str, Any]]
_Counted: TypeAlias = tuple[Rows, Rows]
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
    files = tuple(warehouse.lake.files(spec) for spec in (EVENTS, ORDERS, SUPERSEDED))
    events, every = _counted(warehouse, files, today)
    return FirstParty(today, _of_sources(events), _of_stores(every))


@lru_cache(maxsize=2)
def _counted(warehouse: Warehouse, _files: tuple[tuple[str, ...], ...], today: date) -> _Counted:
    """Rows by source and by store. Everybody's identities are read for it, so that it is counted
    anew only where facts came in: whose they are comes with them."""
    with warehouse.engine.session() as holding:
        known = holding.take(people.person_of(warehouse))
        return _events(warehouse, known, today), _orders(warehouse, known)


def _events(warehouse: Warehouse, known: ir.Table, today: date) -> Rows:
    if not warehouse.lake.files(EVENTS):
        return []
    t = warehouse.facts(EVENTS)
    t = t.filter(t.occurred_on > today - timedelta(days=EVENT_DAYS))
    t = t.left_join(known, "identity_id")
    return warehouse.engine.rows(
        t.group_by("source_id").agg(
            n=t.count(),
            named=_many(t.identity_id.notnull() & ~t.identity_id.identical_to(t.device_id)),
            devices=_many(t.device_id.notnull()),
            linked=_many(t.customer_id.notnull()),
            customers=t.customer_id.nunique(),
            first=t.occurred_on.min(),
            last=t.occurred_on.max(),
        )
    )


def _of_sources(rows: Rows) -> tuple[OfSource, ...]:
    known = {one.id: one for one in inbox.sources()}
    found = []
    for row in rows:
        source = known.get(row["source_id"])
        if source is not None:
            counts = {name: value for name, value in row.items() if name != "source_id"}
            found.append(OfSource(source.id, source.name, source.kind, **counts))
    return tuple(sorted(found, key=lambda one: -one.n))


def _orders(warehouse: Warehouse, known: ir.Table) -> Rows:
    if not warehouse.lake.files(ORDERS):
        return []
    t = orders.orders(warehouse)
    (newest,) = warehouse.engine.rows(t.agg(day=t.ordered_on.max()))
    if newest["day"] is None:
        return []
    t = t.filter(t.ordered_on > newest["day"] - timedelta(days=ORDER_DAYS))
    t = t.left_join(known, "identity_id")
    return warehouse.engine.rows(
        t.group_by("store_id").agg(
            n=t.count(),
            linked=_many(t.customer_id.notnull()),
            sourced=_many(t.source.notnull()),
            first=t.ordered_on.min(),
            last=t.ordered_on.max(),
        )
    )


def _of_stores(rows: Rows) -> tuple[OfStore, ...]:
    names = {int(store.id): store.name for store in people.stores()}
    found = []
    for row in rows:
        store = row["store_id"]
        counts = {name: value for name, value in row.items() if name != "store_id"}
        found.append(OfStore(store, names.get(store, ""), **counts))
    return tuple(sorted(found, key=lambda one: -one.n))


def _many(condition: Any) -> Any:
    return condition.cast("int64").sum().cast("int64")
