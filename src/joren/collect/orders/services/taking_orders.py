"""Rows of an order file into facts: people found, versions compared, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq

from joren.collect.customers.contracts import Store, contacts
from joren.collect.customers.services import resolve_people
from joren.collect.orders import selectors
from joren.collect.orders.contracts import (
    CARRIED,
    HOW,
    ORDER_LINES,
    ORDER_ROWS,
    ORDERS,
    REFUNDS,
    SHARED,
    SUPERSEDED,
    WHAT,
    Alongside,
    NumbersCollide,
    Taken,
)
from joren.collect.orders.rules import (
    ASKED,
    SOURCES,
    filled,
    known_of,
    reckoned,
    silent,
    spoken,
    to_lines,
    to_orders,
    with_numbers,
    without_tax,
    worded,
)
from joren.collect.orders.services.recovering import name_of, promise_and_keep, writing
from joren.core.tables import TableSpec
from joren.warehouse import Warehouse
from joren.warehouse.engines.duckdb import DuckDBHolding
from joren.warehouse.sums import number_of, total

_ROWS = TableSpec("rows", {"source_row": "int64"})
_WHO = ("store_id", "who")


def take_orders(
    warehouse: Warehouse,
    given: Path,
    stores: Mapping[str, Store],
    *,
    import_id: int,
    zone: str,
    without: Path | None = None,
    alongside: Alongside | None = None,
) -> Taken:
    """Keep the orders of a folder of Parquet files: rows (ORDER_ROWS), who, how, what, carried.

    Counts rows, not orders. ``stores`` says which store each name in ``how`` means. A null
    ``source_row`` is the row's place in the file. A file ``without`` names rows that are not to be
    taken.
    """
    with writing(warehouse), warehouse.embedded.session() as holding:
        folder = warehouse.journal.prepare(name_of(import_id))
        told = _with_sources(warehouse, holding, _read(warehouse, holding, given, stores, without))
        found = to_orders(told.rows, told.how, told.what, zone=zone, unsaid=told.unsaid)
        judged = holding.hold(_judged(warehouse, found))
        _refuse_collisions(warehouse, judged)
        taken = _counted(warehouse, judged)
        news = judged.filter(judged.fate.isin(["new", "changed"]))
        people = _people(warehouse, holding, news, told.who, folder)
        _prepare(warehouse, told, news, people, folder, import_id)
        promise_and_keep(warehouse, folder, "orders", import_id, taken, alongside)
    return taken


@dataclass(frozen=True)
class _Told:
    rows: ir.Table
    who: ir.Table
    how: ir.Table
    what: ir.Table
    unsaid: set[str]

    def worded(self, orders: ir.Table) -> ir.Table:
        """The orders with what many of them say alike."""
        return worded(orders, self.how, self.what, unsaid=self.unsaid)


def _read(
    warehouse: Warehouse,
    holding: DuckDBHolding,
    given: Path,
    stores: Mapping[str, Store],
    without: Path | None,
) -> _Told:
    """The files as tables: each row by the rules of its store."""
    files = warehouse.embedded.files
    rows = files([given / "rows.parquet"], ORDER_ROWS, place="source_row")
    if without:
        rows = rows.anti_join(files([without], _ROWS), "source_row")
    if (carried := given / "carried.parquet").exists():
        rows = rows.left_join(files([carried], CARRIED), "source_row").drop("source_row_right")
    who, how, what = (files([given / f"{name}.parquet"], spec) for name, spec in SHARED.items())
    how = how.mutate(
        store_id=_by_store(how, {name: store.id for name, store in stores.items()}),
        default_tax_rate=_by_store(how, {n: s.default_tax_rate for n, s in stores.items()}),
    )
    how, what = holding.hold(spoken(how)), holding.hold(reckoned(what))
    bare = rows.filter(rows.order_number.isnull()).select("source_row").limit(1)
    if warehouse.embedded.rows(bare):
        rows = holding.hold(with_numbers(rows, _alike(holding, who), how, what))
    return _Told(rows, who, how, what, _unsaid(given))


def _with_sources(warehouse: Warehouse, holding: DuckDBHolding, told: _Told) -> _Told:
    """The same with the sources that earlier versions of the orders name and these rows do not.
    Where there are none, no row is looked at."""
    if not warehouse.lake.files(ORDERS):
        return told
    quiet = silent(told.how).select("how").limit(1)
    orders = selectors.orders(warehouse)
    sourced = orders.filter(ibis.or_(*(orders[name].notnull() for name in SOURCES)))
    for asked in (quiet, sourced.select("order_id").limit(1)):
        if not warehouse.embedded.rows(asked):
            return told
    known = holding.hold(known_of(told.rows, told.how, sourced))
    if not warehouse.embedded.rows(known.select("how").limit(1)):
        return told
    rows, how = filled(told.rows, told.how, known)
    unsaid = told.unsaid - {*SOURCES}
    return replace(told, rows=rows, how=holding.hold(how), unsaid=unsaid)


def _unsaid(given: Path) -> set[str]:
    """The columns of rows, and of how and what they say, that are in none of the files."""
    told = {"rows": ORDER_ROWS, "how": HOW, "what": WHAT}
    return {
        column
        for name, spec in told.items()
        for column in set(spec.columns) - {*pq.read_schema(given / f"{name}.parquet").names}
    }


def _by_store(how: ir.Table, values: Mapping[str, int | None]) -> ir.IntegerValue:
    """What each row's store says; of few stores, so a case for each."""
    said = [ibis.literal(value, type="int64") for value in values.values()]
    if len(set(values.values())) == 1:
        return said[0]
    named = how.store.fill_null("")
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
    older = (t.updated_at < t._updated).fill_null(False) if "updated_at" in t.columns else False
    return t.mutate(
        credit_note=t.goods < 0,
        fate=ibis.cases(
            (known.isnull(), "new"),
            (known == t.content, "same"),
            (older, "stale"),
            else_="changed",
        ),
    ).drop("_content", "_updated", "_credited")


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


def _people(
    warehouse: Warehouse, holding: DuckDBHolding, news: ir.Table, who: ir.Table, folder: Path
) -> ir.Table:
    """The identity of each way in which the orders of a store describe their customers."""
    ways = news.group_by(_WHO).aggregate(
        first=news.head_row.min(), addressed_at=news.ordered_at.max()
    )
    ways = ways.mutate(sighting_id=ibis.row_number().over(order_by=ways["first"])).drop("first")
    ways = holding.hold(ways)
    said = _alike(holding, ways.join(who, "who").drop("who"))
    resolved = resolve_people(holding, said, folder, turn=warehouse.journal.turn)
    return ways.join(resolved.identity_of, "sighting_id").select(*_WHO, "identity_id")


def _alike(holding: DuckDBHolding, rows: ir.Table) -> ir.Table:
    """The rows with their contacts written as they are kept."""
    query = holding.engine.ibis.compile(rows)
    written = ", ".join(f"{sql} AS {name}" for name, sql in contacts.ALIKE.items())
    held = holding.hold_sql(f"SELECT * REPLACE ({written}) FROM ({query})")
    found: ir.Table = holding.engine.ibis.table(held, database=("temp", "main"))
    return found


def _prepare(
    warehouse: Warehouse,
    told: _Told,
    news: ir.Table,
    people: ir.Table,
    folder: Path,
    import_id: int,
) -> None:
    version = ibis.literal(import_id, type="int64")
    known = news.left_join(people, _WHO).mutate(import_id=version)
    write = warehouse.embedded.write
    write(told.worded(known.filter(~known.credit_note)), folder / ORDERS.name, ORDERS)
    orders = news.filter(~news.credit_note)
    far = warehouse.embedded.rows(orders.filter(orders.scattered).select("head_row").limit(1))
    lines = to_lines(told.rows, told.how, told.what, orders, scattered=bool(far))
    lines = lines.mutate(import_id=version)
    write(lines, folder / ORDER_LINES.name, ORDER_LINES)
    back = _credit_notes(told.worded(known.filter(known.credit_note)))
    if warehouse.lake.files(REFUNDS):
        again = _refunds_anew(warehouse, told.worded(known.filter(~known.credit_note)))
        back = back.cast(again.schema()).union(again)
    write(back, folder / REFUNDS.name, REFUNDS)
    old = news.filter(news._version.notnull() & ~news.credit_note)
    write(old.select("order_id", import_id=old._version), folder / SUPERSEDED.name, SUPERSEDED)


def _credit_notes(notes: ir.Table) -> ir.Table:
    found = notes.mutate(
        refund_id=notes.order_id,
        order_id=ibis.ifelse(notes._number.notnull(), notes.order_id, ibis.null()),
        refunded_at=notes.ordered_at,
        refunded_on=notes.ordered_on,
        amount=-notes.revenue,
        paid_back=ibis.null("int64"),
        reason=ibis.literal("credit note"),
    )
    return found.select(*REFUNDS.columns)


def _refunds_anew(warehouse: Warehouse, orders: ir.Table) -> ir.Table:
    """Refunds of these orders that came before them, or before what is said of them now: what each
    takes off follows from the order."""
    kept = selectors.refunds(warehouse)
    kept = kept.rename(_was="amount").drop("import_id", "identity_id")
    said = [name for name in (*ASKED, "tax_included") if name in orders.columns]
    both = kept.inner_join(orders.select("order_id", "import_id", "identity_id", *said), "order_id")
    both = both.mutate(amount=without_tax(both))
    return both.filter(both.amount != both._was).select(*REFUNDS.columns)
