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
from joren.understand.ltv.contracts import YearAhead
from joren.understand.ltv.services import years_ahead
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
BOUNDED: Final = {
    "revenue_365d": ("revenue_365d_low", "revenue_365d_high"),
    "profit_365d": ("profit_365d_low", "profit_365d_high", "level", "interval_why"),
}
"""What stands behind a prediction: its interval, or why there is none."""
MONEY: Final = ("revenue_past", "profit_past", "revenue_365d", "profit_365d")
_MARK: Final = "\ufeff".encode()  # Excel in Japan reads UTF-8 only with it
_FORMULA: Final = r"^[=+\-@\t\r]"  # a spreadsheet runs text that begins so


@dataclass(frozen=True)
class Wording:
    """Codes in the reader's words: stages, CPM groups, reasons, and the heads of the columns."""

    heads: dict[str, str]
    stages: dict[str, str]
    cpm: dict[str, str]
    reasons: dict[str, str]


def columns(*, personal: bool, simulated: bool) -> tuple[str, ...]:
    """Which columns the file has, in their order."""
    first, *rest = (name for name in selection.COLUMNS if name != "first_store_id")
    told = (one for name in rest for one in (name, *BOUNDED.get(name, ())))
    names = (first, *(PERSONAL if personal else ()), "store", *told)
    return (*names, "simulated") if simulated else names


def parts(
    snapshot: Snapshot, chosen: ir.Table, wording: Wording, *, personal: bool, simulated: bool
) -> Iterator[tuple[bytes, int]]:
    """The file of the chosen rows (``selection``), some thousand people at a time."""
    names = columns(personal=personal, simulated=simulated)
    head = pa.table({wording.heads.get(name, name): pa.array([], pa.string()) for name in names})
    yield _MARK + _written(head, include_header=True), 0
    for batch in _batches(_rows(snapshot, chosen, wording)):
        table = _bounded(pa.table(batch), snapshot, wording)
        if personal:
            table = _named(table)
        if simulated:
            table = table.append_column("simulated", pa.array([True] * len(table)))
        yield _written(_harmless(table.select(names)), include_header=False), len(table)


def _rows(snapshot: Snapshot, rows: ir.Table, wording: Wording) -> ir.Table:
    unit = _unit(snapshot)
    stores = {store.id: store.name for store in people.stores()}
    return rows.mutate(
        stage=rows.stage.substitute(wording.stages),
        cpm=rows.cpm.substitute(wording.cpm),
        store=rows.first_store_id.cast("string").substitute(
            {str(number): name for number, name in stores.items()} or {"": ""}
        ),
        **{name: rows[name].cast("float64") / unit for name in MONEY},
    ).order_by("customer_id")


def _unit(snapshot: Snapshot) -> int:
    return int(10 ** decimals(str(snapshot.settings.get("currency") or UNKNOWN_CURRENCY)))


def _bounded(table: pa.Table, snapshot: Snapshot, wording: Wording) -> pa.Table:
    """With the interval of each prediction."""
    unit, nothing = _unit(snapshot), YearAhead()
    ids = table["customer_id"].to_pylist()
    found = years_ahead(ids, snapshot)
    years = [found.get(number, nothing) for number in ids]
    for name in (one for names in BOUNDED.values() for one in names):
        values = [getattr(year, name) for year in years]
        if name == "interval_why":
            column = pa.array([wording.reasons.get(why, why) or None for why in values], "string")
        else:
            share = unit if name != "level" else 1
            column = pa.array([None if one is None else one / share for one in values], "float64")
        table = table.append_column(name, column)
    return table


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
