"""The customers that a filter finds as one CSV, made while it is read, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from joren.collect.customers import selectors as people
from joren.core.money import UNKNOWN_CURRENCY, decimals
from joren.plumbing.warehouse import warehouse
from joren.project import selection
from joren.warehouse import Snapshot

BATCH: Final = 10_000
PERSONAL: Final = (
    "name",
    "name_kana",
    "email",
    "phone",
    "postal_code",
    "prefecture",
    "city",
    "street",
    "building",
)
MONEY: Final = ("revenue_past", "profit_past", "revenue_365d", "profit_365d")
_MARK: Final = "\ufeff".encode()  # Excel in Japan reads UTF-8 only with it
_FORMULA: Final = r"^[=+\-@\t\r]"  # a spreadsheet runs text that begins so


@dataclass(frozen=True)
class Wording:
    """Codes in the reader's words: stages, CPM groups, and the heads of the columns."""

    heads: dict[str, str]
    stages: dict[str, str]
    cpm: dict[str, str]


def columns(*, personal: bool, simulated: bool) -> tuple[str, ...]:
    """Which columns the file has, in their order."""
    first, *rest = (name for name in selection.COLUMNS if name != "first_store_id")
    names = (first, *(PERSONAL if personal else ()), "store", *rest)
    return (*names, "simulated") if simulated else names


def parts(
    snapshot: Snapshot, chosen: ir.Table, wording: Wording, *, personal: bool, simulated: bool
) -> Iterator[tuple[bytes, int]]:
    """The file of the chosen rows (``selection``), some thousand people at a time."""
    names = columns(personal=personal, simulated=simulated)
    head = pa.table({wording.heads.get(name, name): pa.array([], pa.string()) for name in names})
    yield _MARK + _written(head, include_header=True), 0
    for batch in _batches(_rows(snapshot, chosen, wording)):
        table = pa.table(batch)
        if personal:
            table = _named(table)
        if simulated:
            table = table.append_column("simulated", pa.array([True] * len(table)))
        yield _written(_harmless(table.select(names)), include_header=False), len(table)


def _rows(snapshot: Snapshot, rows: ir.Table, wording: Wording) -> ir.Table:
    unit = 10 ** decimals(str(snapshot.settings.get("currency") or UNKNOWN_CURRENCY))
    stores = {store.id: store.name for store in people.stores()}
    return rows.mutate(
        stage=rows.stage.substitute(wording.stages),
        cpm=rows.cpm.substitute(wording.cpm),
        store=rows.first_store_id.cast("string").substitute(
            {str(number): name for number, name in stores.items()} or {"": ""}
        ),
        **{name: rows[name].cast("float64") / unit for name in MONEY},
    ).order_by("customer_id")


def _batches(rows: ir.Table) -> Iterator[Any]:
    engine = warehouse().embedded
    # A cursor of its own: other answers of this thread may be asked for while the file is read.
    cursor = engine.raw.cursor()
    try:
        yield from cursor.sql(engine.ibis.compile(rows)).to_arrow_reader(BATCH)
    finally:
        cursor.close()


def _named(table: pa.Table) -> pa.Table:
    contacts = people.contacts_of(table["customer_id"].to_pylist())
    both = table.join(contacts, "customer_id", join_type="left outer")
    return both.sort_by("customer_id")


def _harmless(table: pa.Table) -> pa.Table:
    """Texts of strangers, so that no spreadsheet takes them for a formula."""
    for place, field in enumerate(table.schema):
        if not pa.types.is_string(field.type):
            continue
        column = table.column(place)
        quoted = pc.binary_join_element_wise("'", column, "")
        runs = pc.match_substring_regex(column, _FORMULA)
        table = table.set_column(place, field.name, pc.if_else(runs, quoted, column))
    return table


def _written(table: pa.Table, *, include_header: bool) -> bytes:
    out = BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=include_header, quoting_style="needed")
    pyarrow.csv.write_csv(table, out, options)
    return out.getvalue()
