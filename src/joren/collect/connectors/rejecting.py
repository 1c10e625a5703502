"""Rows that stay out: wrong cells, the rest of their orders, and rows that say nothing new."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from joren.collect.connectors import typing
from joren.collect.connectors.contracts import Kind
from joren.collect.connectors.fields import TYPES, type_of
from joren.collect.connectors.files import Staged
from joren.collect.connectors.files.lines import LINE, Places, lines_of
from joren.collect.connectors.files.staging import named, quoted
from joren.collect.connectors.formats.shape import Canonical
from joren.collect.connectors.typed import Typed
from joren.warehouse import DuckDB

_BATCH = 2_000


@dataclass(frozen=True)
class Rejected:
    """A row that waits: its first wrong cell, or the row of its order that is wrong.

    ``line`` is the line of the text where the row begins; ``raw`` is the row as it stood.
    """

    row: int
    line: int | None
    order_number: str
    column: str
    value: str
    expected: str
    reason: str
    raw: Mapping[str, Any]


@dataclass(frozen=True)
class Rejections:
    """How many rows of the file wait, and the Parquet file that says why."""

    count: int = 0
    path: Path | None = None

    def stays(self, row: str) -> str:
        """The condition that a row is none of them."""
        if self.path is None:
            return "true"
        return f"{row} NOT IN (SELECT row FROM read_parquet({quoted(self.path)}))"


def faults(
    shape: Canonical, kind: Kind, names: Collection[str] | None = None
) -> Iterator[tuple[str, str]]:
    """Field and the condition under which its cell is wrong; ``v_`` columns hold the values.

    Of all fields, or of those named.
    """
    asked = TYPES[kind] if names is None else names
    for name, text in shape.fields.items():
        if name not in asked or name not in TYPES[kind]:
            continue
        needed = name in shape.required
        if typing.may_be_wrong(type_of(name, kind, shape)):
            # The currency's value falls back on the file's, so its text is asked.
            value = f"v_{name}" if name != "currency" else typing.currency(text)
            said = "" if needed else f" AND {text} IS NOT NULL AND trim({text}) <> ''"
            yield name, f"{value} IS NULL{said}"
        elif needed:
            yield name, f"{text} IS NULL OR trim({text}) = ''"
    if kind == "orders" and {"unit_price", "quantity"} <= shape.fields.keys() & {*asked}:
        product = "abs(CAST(v_unit_price AS HUGEINT) * v_quantity)"
        yield "quantity", f"coalesce({product} > {9 * typing.LARGEST}, false)"


def wrong(shape: Canonical, kind: Kind, names: Collection[str] | None = None) -> str:
    """The condition that any cell of the row is wrong."""
    return " OR ".join(f"({test})" for _, test in faults(shape, kind, names)) or "false"


def reject(
    engine: DuckDB, staged: Staged, typed: Typed, shape: Canonical, kind: Kind, valued: str
) -> Rejections:
    """Find the rows with a wrong cell, and those of the same orders: an order is whole or waits."""
    raw = engine.raw
    if not any(bad for (bad,) in raw.execute(typed.flagged()).fetchall()):
        return Rejections()
    target = typed.file("rejected")
    incoming = f"lines_{id(typed)}"
    waiting = _waiting(typed.whole(), kind)
    places = raw.sql(f"SELECT row FROM ({waiting}) ORDER BY row").fetchnumpy()["row"]
    raw.register(incoming, _lines(staged, places))
    try:
        query = _told(waiting, incoming, staged, shape, kind, valued)
        raw.execute(f"COPY ({query}) TO {quoted(target)} (FORMAT parquet)")
    finally:
        raw.unregister(incoming)
    return Rejections(int(places.size), target)


def _waiting(rows: str, kind: Kind) -> str:
    """Rows that wait, with the row that is to blame: itself, or the first bad one of its order."""
    bad = f"SELECT DISTINCT _row AS row, _row AS blamed FROM {rows} WHERE _bad"
    if kind != "orders":
        return bad
    return (
        f"SELECT row, arg_min(blamed, blamed <> row) AS blamed FROM ({bad} UNION ALL "
        "SELECT DISTINCT r._row, first.blamed FROM "
        f"{rows} r JOIN (SELECT order_number, min(_row) AS blamed FROM {rows} "
        "WHERE _bad AND order_number IS NOT NULL GROUP BY 1) first USING (order_number) "
        "WHERE NOT r._bad) GROUP BY 1"
    )


def _lines(staged: Staged, rows: Places) -> pa.Table:
    """The line of each row, where the file has lines."""
    if staged.plain is None:
        lines = pa.nulls(rows.size, pa.int64())
    else:
        lines = pa.array(lines_of(staged.plain, rows, staged.rows))
    return pa.table({"row": rows, "line": lines})


def _told(
    waiting: str, incoming: str, staged: Staged, shape: Canonical, kind: Kind, valued: str
) -> str:
    """Each waiting row with its first wrong cell, what was expected, and all of its cells."""
    cases: dict[str, str] = {"field": "", "cell": "", "expected": ""}
    for name, test in faults(shape, kind):
        expected = typing.EXPECTED.get(type_of(name, kind, shape), "a text")
        cases["field"] += f" WHEN {test} THEN {_literal(shape.columns.get(name, name))}"
        cases["cell"] += f" WHEN {test} THEN coalesce({shape.fields[name]}, '')"
        cases["expected"] += f" WHEN {test} THEN {_literal(expected)}"
    told = ", ".join(f"CASE{cases[name]} ELSE '' END AS {name}" for name in cases)
    number = f"trim(coalesce({shape.fields.get('order_number', 'NULL')}, ''))"
    stored = ", ".join(f"{_literal(c)}: {named(c)}" for c in staged.columns)
    line = f"coalesce(l.line, s.{LINE})" if f'"{LINE}"' in staged.placed else "l.line"
    return (
        f"SELECT w.row, {line} AS line, f.number, f.field, f.cell, f.expected, w.blamed, "
        f"to_json({{{stored}}}) AS raw FROM ({waiting}) w "
        f"JOIN {incoming} l USING (row) JOIN {staged.placed} s ON s._row = w.row "
        f"JOIN (SELECT _row, {number} AS number, {told} FROM {valued} "
        "QUALIFY row_number() OVER (PARTITION BY _row ORDER BY field = '') = 1) f "
        "ON f._row = w.row ORDER BY w.row"
    )


def each(rejected: Rejections) -> Iterator[Rejected]:
    """The rows that wait, in the order of the file, never all at once."""
    if rejected.path is None:
        return
    for batch in pq.ParquetFile(rejected.path).iter_batches(_BATCH):
        for row in batch.to_pylist():
            yield _as_told(row)


def first(rejected: Rejections, count: int) -> list[Rejected]:
    """The first few of them."""
    return list(islice(each(rejected), count))


def _as_told(row: Mapping[str, Any]) -> Rejected:
    column, cell, expected = row["field"], row["cell"], row["expected"]
    if row["blamed"] != row["row"]:
        column = cell = expected = ""
        reason = f"waits for row {row['blamed']} of the same order"
    elif cell.strip():
        reason = f"{cell!r} is not {expected}"
    else:
        reason = f"{column} is empty"
    return Rejected(
        row["row"], row["line"], row["number"], column, cell, expected, reason[:500],
        json.loads(row["raw"]),
    )  # fmt: skip


def repeat(engine: DuckDB, typed: Typed, rejected: Rejections) -> tuple[int, Path | None]:
    """Rows that say in every cell what an earlier row of an order said: how many, and which.

    Only where the file states each order's total, against which a line too many would show. Without
    a total two equal lines may be two items, and in a bare log two equal purchases are two.
    """
    rows = typed.sql()
    target = typed.file("repeated")
    query = (
        f"SELECT source_row, _row FROM {rows} JOIN "
        f"(SELECT _hash AS h, min(_row) AS first FROM {rows} WHERE order_number IS NOT NULL "
        f"AND {rejected.stays('_row')} GROUP BY 1 HAVING max(_row) > min(_row)) "
        f"ON _hash = h AND _row > first WHERE {rejected.stays('_row')}"
    )
    engine.raw.execute(f"COPY ({query}) TO {quoted(target)} (FORMAT parquet)")
    counted = f"SELECT count(DISTINCT _row) FROM read_parquet({quoted(target)})"
    (count,) = engine.raw.execute(counted).fetchall()[0]
    return int(count), target if count else None


def out(typed: Typed, rejected: Rejections, repeated: Path | None) -> str | None:
    """The query of the numbers of all rows that do not go on."""
    asked = []
    if rejected.path:
        asked.append(f"SELECT source_row FROM {typed.sql()} WHERE NOT ({rejected.stays('_row')})")
    if repeated:
        asked.append(f"SELECT source_row FROM read_parquet({quoted(repeated)})")
    return " UNION ALL ".join(asked) or None


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
