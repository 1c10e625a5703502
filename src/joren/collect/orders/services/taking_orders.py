"""Rows of an order file into facts: people found, versions compared, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from joren.collect.customers.contracts import SIGHTING, Store, contacts
from joren.collect.customers.services import resolve_people
from joren.collect.orders import selectors
from joren.collect.orders.contracts import (
    ORDER_LINE,
    ORDER_LINES,
    ORDERS,
    REFUNDS,
    SUPERSEDED,
    Alongside,
    NumbersCollide,
    Taken,
)
from joren.collect.orders.rules import slim, to_lines, to_orders, ways_of, with_numbers
from joren.collect.orders.services.recovering import name_of, promise_and_keep, recover
from joren.core.tables import TableSpec
from joren.warehouse import Warehouse
from joren.warehouse.engines.duckdb import DuckDBHolding
from joren.warehouse.sums import number_of, total

_ROWS = TableSpec("rows", {"source_row": "int64"})
_WHO = [name for name in SIGHTING.columns if name != "sighting_id"]


def take_orders(
    warehouse: Warehouse,
    file: Path,
    stores: Mapping[str, Store],
    *,
    import_id: int,
    zone: str,
    without: Path | None = None,
    alongside: Alongside | None = None,
) -> Taken:
    """Keep the orders of a Parquet file of ORDER_LINE rows; counts rows, not orders.

    ``stores`` says which store each name in the file means. A null ``source_row`` is the row's
    place in the file. A file ``without`` names rows that are not to be taken.
    """
    with warehouse.journal.lock(), warehouse.embedded.session() as holding:
        recover(warehouse)
        folder = warehouse.journal.prepare(name_of(import_id))
        rows, found = _read(warehouse, holding, file, stores, zone, without)
        judged = holding.hold(_judged(warehouse, found))
        _refuse_collisions(warehouse, judged)
        taken = _counted(warehouse, judged)
        news = judged.filter(judged.fate.isin(["new", "changed"]))
        people = _people(holding, news, folder)
        _prepare(warehouse, rows, news, people, folder, import_id)
        promise_and_keep(warehouse, folder, "orders", import_id, taken, alongside)
    return taken


def _read(
    warehouse: Warehouse,
    holding: DuckDBHolding,
    file: Path,
    stores: Mapping[str, Store],
    zone: str,
    without: Path | None,
) -> tuple[ir.Table, ir.Table]:
    """Lines under their orders' ids, and the orders: each by the rules of its store."""
    rows = warehouse.embedded.files([file], ORDER_LINE, place="source_row")
    if without:
        rows = rows.anti_join(warehouse.embedded.files([without], _ROWS), "source_row")
    rows = rows.mutate(
        store_id=_by_store(rows, {name: store.id for name, store in stores.items()}),
        default_tax_rate=_by_store(rows, {n: s.default_tax_rate for n, s in stores.items()}),
    )
    bare = rows.filter(rows.order_number.isnull()).select("source_row").limit(1)
    if warehouse.embedded.rows(bare):
        rows = holding.hold(with_numbers(_alike(holding, rows)))
    # Read again where they are asked: held, the lines of a large file would crowd out the orders.
    lines = slim(rows)
    return lines, to_orders(lines, holding.hold(ways_of(lines)), rows, zone=zone)


def _by_store(rows: ir.Table, values: Mapping[str, int | None]) -> ir.IntegerValue:
    """What each row's store says; of few stores, so a case for each."""
    said = [ibis.literal(value, type="int64") for value in values.values()]
    if len(set(values.values())) == 1:
        return said[0]
    named = rows.store.fill_null("")
    return ibis.cases(*((named == name, value) for name, value in zip(values, said, strict=True)))


def _judged(warehouse: Warehouse, found: ir.Table) -> ir.Table:
    """Each order with its fate: new, same, stale (older than what is kept) or changed."""
    orders = selectors.orders(warehouse)
    notes = selectors.refunds(warehouse)
    kept = orders.select(
        "order_id", _number=orders.order_number, _content=orders.content, _version=orders.import_id,
        _updated=orders.updated_at,
    )  # fmt: skip
    credited = notes.select(refund_id=notes.refund_id, _credited=notes.content)
    t = found.left_join(kept, "order_id").drop("order_id_right")
    t = t.left_join(credited, t.order_id == credited.refund_id).drop("refund_id")
    # A credit note under the number of its order leaves the order as it is.
    known = ibis.ifelse(t.goods < 0, t._credited, ibis.coalesce(t._content, t._credited))
    return t.mutate(
        credit_note=t.goods < 0,
        fate=ibis.cases(
            (known.isnull(), "new"),
            (known == t.content, "same"),
            ((t.updated_at < t._updated).fill_null(False), "stale"),
            else_="changed",
        ),
    )


def _refuse_collisions(warehouse: Warehouse, judged: ir.Table) -> None:
    clash = judged.filter(judged._number.notnull() & (judged._number != judged.order_number))
    for row in warehouse.embedded.rows(clash.select("order_number", "_number").limit(1)):
        raise NumbersCollide(
            f"orders {row['order_number']} and {row['_number']} have the same id",
            hint="give one of them another number in the file, and tell the joren project",
        )


def _counted(warehouse: Warehouse, judged: ir.Table) -> Taken:
    counts = {
        row["fate"]: row
        for row in warehouse.embedded.rows(
            judged.group_by("fate").aggregate(
                rows=total(judged.file_rows), missed=number_of(judged.unreconciled != 0)
            )
        )
    }

    def of(*fates: str) -> int:
        return sum(int(counts[fate]["rows"]) for fate in fates if fate in counts)

    missed = sum(int(counts[fate]["missed"]) for fate in ("new", "changed") if fate in counts)
    return Taken(of("new"), of("same", "stale"), of("changed"), missed)


def _people(holding: DuckDBHolding, news: ir.Table, folder: Path) -> ir.Table:
    """The identity of each way in which the orders describe their customers."""
    ways = news.group_by(_WHO).aggregate(
        first=news.head_row.min(), addressed_at=news.ordered_at.max()
    )
    ways = holding.hold(
        ways.mutate(sighting_id=ibis.row_number().over(order_by=ways["first"])).drop("first")
    )
    resolved = resolve_people(holding, _alike(holding, ways), folder)
    return ways.join(resolved.identity_of, "sighting_id").drop("sighting_id")


def _alike(holding: DuckDBHolding, rows: ir.Table) -> ir.Table:
    """The rows with their contacts written as they are kept."""
    query = holding.engine.ibis.compile(rows)
    written = ", ".join(f"{sql} AS {name}" for name, sql in contacts.ALIKE.items())
    held = holding.hold_sql(f"SELECT * REPLACE ({written}) FROM ({query})")  # noqa: S608
    found: ir.Table = holding.engine.ibis.table(held, database=("temp", "main"))
    return found


def _prepare(
    warehouse: Warehouse,
    rows: ir.Table,
    news: ir.Table,
    people: ir.Table,
    folder: Path,
    import_id: int,
) -> None:
    version = ibis.literal(import_id, type="int64")
    same_person: Any = [news[name].identical_to(people[name]) for name in _WHO]
    known = news.left_join(people.select(*_WHO, "identity_id"), same_person)
    known = known.mutate(import_id=version)
    write = warehouse.embedded.write
    write(known.filter(~known.credit_note), folder / ORDERS.name, ORDERS)
    lines = to_lines(rows, news.filter(~news.credit_note)).mutate(import_id=version)
    write(lines, folder / ORDER_LINES.name, ORDER_LINES)
    notes = known.filter(known.credit_note)
    write(
        notes.mutate(
            refund_id=notes.order_id,
            order_id=ibis.ifelse(notes._number.notnull(), notes.order_id, ibis.null()),
            refunded_at=notes.ordered_at,
            refunded_on=notes.ordered_on,
            amount=-notes.revenue,
            reason=ibis.literal("credit note"),
        ),
        folder / REFUNDS.name,
        REFUNDS,
    )
    old = news.filter(news._version.notnull() & ~news.credit_note)
    write(old.select("order_id", import_id=old._version), folder / SUPERSEDED.name, SUPERSEDED)
