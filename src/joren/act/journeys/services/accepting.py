"""From orders that an import, a webhook or a live event brought to signals: one for each order.

An order is heard of once, whoever tells it first. Of an old one nobody is reminded: a shop that
brings its history in writes to none of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import connection, transaction

from joren.act.journeys import models, selectors
from joren.act.journeys.contracts import (
    CARRIED,
    MOST_ORDER_DAYS,
    ORDER,
    ORDER_NUMBER,
    Await,
    Event,
)
from joren.collect.customers.selectors import owners_of
from joren.collect.orders.contracts import LOST_STATUSES, ORDERS
from joren.core import clock
from joren.core.people import moved
from joren.core.texts import without_nul

_AT_ONCE: Final = 2_000
_LONGEST: Final = 200
Row = dict[str, Any]
Order = tuple[int, str]


def accept(folder: Path, import_id: int) -> None:
    """The last step of an import: signals of the orders that it brought, once for the import."""
    files = sorted((folder / ORDERS.name).glob("*.parquet"))
    days = listened_for()
    mark, now = f"orders:{import_id}", clock.now()
    if not files or not days or models.Mark.objects.filter(pk=mark).exists():
        return
    found = _accepted(files, now - timedelta(days))
    known = owners([row["identity_id"] for row in found])
    rows = [
        (models.Signal(
            name=ORDER,
            customer_id=known[row["identity_id"]],
            at=row["ordered_at"],
            properties={name: row[column] for name, column in CARRIED.items()
                        if row[column] is not None},
        ), row["store_id"])
        for row in found
        if row["identity_id"] in known
    ]  # fmt: skip
    with transaction.atomic():
        _, fresh = models.Mark.objects.get_or_create(pk=mark, defaults={"at": now, "done": True})
        if fresh:
            keep_signals(rows, by=mark, now=now)


def listened_for() -> int:
    """Days up to which an order is a signal to some journey now; 0: to none."""
    days = 0
    for version, newest in selectors.versions_in(["running", "paused"]):
        document = version.document
        asked = [*document.goal]
        for node in document.nodes:
            asked += node.of if isinstance(node, Await) else ()
        if any(isinstance(one, Event) and one.event == ORDER for one in asked):
            return MOST_ORDER_DAYS
        if newest and any(isinstance(t, Event) and t.event == ORDER for t in document.triggers):
            days = max(days, document.order_days)
    return days


def keep_signals(rows: Sequence[tuple[models.Signal, int]], *, by: str, now: datetime) -> None:
    """Keep them, each with its store, but for orders that were heard of before; in the caller's
    transaction."""
    for row, _ in rows:  # a file may have such a character in an order's number
        row.name, row.properties = without_nul(row.name), without_nul(row.properties)
    orders = {order: row.customer_id for row, store in rows if (order := _order_of(row, store))}
    ours = _fresh(orders, by, now)
    models.Signal.objects.bulk_create(
        (
            row
            for row, store in rows
            if not (order := _order_of(row, store)) or ours.pop(order, False)
        ),
        batch_size=_AT_ONCE,
    )


def owners(identities: Sequence[int]) -> dict[int, int]:
    ids = sorted({*identities})
    return {
        identity: int(owner)
        for start in range(0, len(ids), _AT_ONCE)
        for identity, owner in owners_of(ids[start : start + _AT_ONCE]).items()
    }


def sweep_orders(before: datetime) -> None:
    """Forget which orders were heard of when they are too old to be one again."""
    models.Heard.objects.filter(at__lt=before - timedelta(MOST_ORDER_DAYS)).delete()


def _order_of(row: models.Signal, store: int) -> Order | None:
    number = row.properties.get(ORDER_NUMBER)
    return (store, str(number)[:_LONGEST]) if row.name == ORDER and number else None


def _fresh(orders: Mapping[Order, int], by: str, now: datetime) -> dict[Order, bool]:
    """The orders among them, with their customers, that nobody had told of before."""
    old = _heard_without_store()
    models.Heard.objects.bulk_create(
        (
            models.Heard(
                store_id=store, order_number=number, customer_id=customer, told_by=by, at=now
            )
            for (store, number), customer in sorted(orders.items())
            if (customer, number) not in old
        ),
        batch_size=_AT_ONCE,
        ignore_conflicts=True,
    )
    told = models.Heard.objects.filter(told_by=by, store_id__isnull=False)
    return {
        (int(s or 0), number): True for s, number in told.values_list("store_id", "order_number")
    }


def _heard_without_store() -> set[tuple[int, str]]:
    """What was heard before stores were kept: by whom its customer is now; none after a month."""
    rows = models.Heard.objects.filter(store_id=None).values_list("customer_id", "order_number")
    if not (found := list(rows)):
        return set()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT m.customer_id, m.person_id FROM ({moved()}) AS m")
        now = dict(cursor.fetchall())
    return {(now.get(customer, customer), number) for customer, number in found}


def _accepted(files: Sequence[Path], since: datetime) -> list[Row]:
    """Orders from then on that somebody known placed, oldest first."""
    columns = sorted(
        {"identity_id", "ordered_at", "status", "free", "order_id", "store_id", *CARRIED.values()}
    )
    parts = [
        pq.read_table(path, columns=columns, filters=[("ordered_at", ">=", since)])
        for path in files
    ]
    every = pa.concat_tables(parts)
    lost = pc.is_in(every["status"], value_set=pa.array(LOST_STATUSES, pa.string()))
    kept = pc.and_(
        pc.and_(pc.is_valid(every["identity_id"]), pc.invert(lost)),
        pc.invert(pc.fill_null(every["free"], False)),
    )
    found = every.filter(kept).sort_by([("ordered_at", "ascending"), ("order_id", "ascending")])
    rows: list[Row] = found.to_pylist()
    return rows
