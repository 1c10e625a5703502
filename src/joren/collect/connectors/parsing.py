"""Staged text to typed rows, in columns and not row by row; what is wrong is told by the cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from joren.collect.connectors import typing
from joren.collect.connectors.contracts import Kind, RowsUnreadable
from joren.collect.connectors.files import Staged
from joren.collect.connectors.files.staging import named, quoted
from joren.collect.connectors.formats.shape import Canonical
from joren.collect.connectors.typing import Context, Type
from joren.collect.orders.contracts import ORDER_LINE
from joren.core.money import UNKNOWN_CURRENCY
from joren.warehouse import Engine

_BATCH = 20_000
_ENOUGH_TO_JUDGE = 1_000

_COUNTS = ("quantity", "subscription_number")
_SAME: Mapping[str, Type] = {
    "status": "status", "currency": "currency", "tax_rate": "rate", "email": "email",
    "phone": "phone", "name": "name", "name_kana": "kana",
}  # fmt: skip


def _order_type(name: str, column: str) -> Type:
    if name in _COUNTS:
        return "count"
    if name in _SAME:
        return _SAME[name]
    kinds: Mapping[str, Type] = {"int64": "money", "boolean": "flag", "string": "text"}
    return kinds.get(column, "moment")


TYPES: Mapping[Kind, Mapping[str, Type]] = {
    "orders": {n: _order_type(n, c) for n, c in ORDER_LINE.columns.items() if n != "source_row"},
    "customers": {
        "customer_number": "text", "email": "email", "phone": "phone", "name": "name",
        "name_kana": "kana", "birthday": "day", "gender": "text", "postal_code": "text",
        "prefecture": "text", "acquisition_source": "text", "registered_at": "moment",
    },
    "products": {
        "sku": "text", "name": "text", "category": "text", "price": "money", "cost": "money",
        "currency": "currency", "tax_rate": "rate",
    },
    "ad_spend": {
        "day": "day", "source": "text", "medium": "text", "campaign": "text", "purpose": "text",
        "amount": "money", "currency": "currency", "clicks": "count",
    },
    "refunds": {
        "order_number": "text", "refunded_at": "moment", "amount": "money",
        "currency": "currency", "reason": "text",
    },
}  # fmt: skip
_SQL_TYPES: Mapping[Type, str] = {
    "money": "BIGINT", "count": "BIGINT", "rate": "BIGINT", "moment": "TIMESTAMPTZ",
    "day": "DATE", "flag": "BOOLEAN",
}  # fmt: skip


@dataclass(frozen=True)
class Rejected:
    """A row that waits: its first wrong cell, or the row of its order that is wrong."""

    row: int
    order_number: str
    column: str
    value: str
    expected: str
    reason: str


@dataclass(frozen=True)
class Parsed:
    """``rows`` by store name ("" where the file names none); ``repeated`` rows said nothing new."""

    parts: Mapping[str, Path]
    accepted: int
    repeated: int
    rejected: tuple[Rejected, ...]
    currency: str


def parse(
    engine: Engine,
    staged: Staged,
    shape: Canonical,
    kind: Kind,
    *,
    zone: str,
    currency: str | None,
    latest: datetime,
    store: str | None,
) -> Parsed:
    """Write the good rows as Parquet files of the door's columns, one file per store."""
    source = shape.source.format(staged=_numbered(staged.parquet))
    context = _context(engine, source, shape, kind, zone=zone, currency=currency, latest=latest)
    work = staged.parquet.parent
    typed = work / "typed.parquet"
    _copy(engine, _typed_rows(source, staged, shape, kind, context), typed)
    rejected = tuple(_rejected(engine, source, typed, shape, kind, context))
    total = staged.rows + len(staged.broken)
    if total >= _ENOUGH_TO_JUDGE and 2 * (len(rejected) + len(staged.broken)) > total:
        raise _unreadable(rejected, total)
    stated = "order_number" in shape.fields and "total" in shape.fields
    repeated = _repeated(engine, typed) if stated else set()
    repeated -= {row.row for row in rejected}
    parts = _parts(engine, typed, kind, {r.row for r in rejected} | repeated, store)
    accepted = staged.rows - len(rejected) - len(repeated)
    return Parsed(parts, accepted, len(repeated), rejected, context.currency)


def raw_rows(engine: Engine, staged: Staged, rows: list[int]) -> dict[int, dict[str, Any]]:
    """Rows of the file as they stood, by their number."""
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(rows), _BATCH):
        listed = ", ".join(map(str, rows[start : start + _BATCH]))
        query = f"SELECT * FROM {_numbered(staged.parquet)} WHERE _row IN ({listed})"  # noqa: S608
        answer = engine.raw.execute(query)
        names = [column[0] for column in answer.description]
        for cells in answer.fetchall():
            row = dict(zip(names, cells, strict=True))
            found[row.pop("_row")] = row
    return found


def _numbered(parquet: Path) -> str:
    return (
        "(SELECT file_row_number + 1 AS _row, * EXCLUDE (file_row_number) "  # noqa: S608
        f"FROM read_parquet({quoted(parquet)}, file_row_number=true))"
    )


def _copy(engine: Engine, query: str, target: Path) -> None:
    engine.raw.execute(f"COPY ({query}) TO {quoted(target)} (FORMAT parquet)")


def _context(
    engine: Engine,
    source: str,
    shape: Canonical,
    kind: Kind,
    *,
    zone: str,
    currency: str | None,
    latest: datetime,
) -> Context:
    default = shape.currency or currency or _guessed(engine, source, shape, kind)
    codes = {default}
    if "currency" in shape.fields:
        listed = (
            f"SELECT DISTINCT upper(trim({shape.fields['currency']})) FROM ({source}) LIMIT 200"  # noqa: S608
        )
        codes = {code for (code,) in engine.raw.execute(listed).fetchall() if code} | {default}
    return Context(shape.zone or zone, default, typing.scales_of(codes), latest)


def _guessed(engine: Engine, source: str, shape: Canonical, kind: Kind) -> str:
    """Amounts with decimals and no currency anywhere are in no currency; whole ones are yen."""
    money = [f for name, f in shape.fields.items() if TYPES[kind].get(name) == "money"]
    if not money or "currency" in shape.fields:
        return "JPY"
    test = " OR ".join(f"regexp_matches({text}, '[.][0-9]*[1-9]')" for text in money)
    (found,) = engine.raw.execute(
        f"SELECT coalesce(bool_or({test}), false) FROM ({source})"  # noqa: S608
    ).fetchall()
    return UNKNOWN_CURRENCY if found[0] else "JPY"


def _typed_rows(source: str, staged: Staged, shape: Canonical, kind: Kind, context: Context) -> str:
    """All rows with their values, whether one is wrong, and a hash of all they say."""
    types = TYPES[kind]
    said = ", ".join(named(column) for column in staged.columns)
    hashed = f"hash({said})" if kind == "orders" else "0"
    store = shape.fields.get("store", "NULL")
    values = ", ".join(_value(name, types[name], shape, context) for name in types)
    # A row's own currency decides how many decimals its amounts have.
    own = shape.fields.get("currency", "NULL")
    outer = f"(SELECT *, upper(trim({own})) AS y_currency FROM ({source}))"  # noqa: S608
    return (
        f"SELECT _row AS source_row, {values}, {store} AS _store, {hashed} AS _hash, "  # noqa: S608
        f"({_wrong(shape, kind, context)}) AS _bad FROM {outer}"
    )


def _value(name: str, kind: Type, shape: Canonical, context: Context) -> str:
    text = shape.fields.get(name)
    if name == "currency":
        known = typing.typed("currency", text, context) if text else "NULL"
        return f"coalesce({known}, '{context.currency}') AS currency"
    if text is None:
        return f"CAST(NULL AS {_SQL_TYPES.get(kind, 'VARCHAR')}) AS {name}"
    value = typing.typed(kind, text, context)
    if name == "customer_number":
        value = f"regexp_replace({typing.narrow(value)}, '^([0-9]+)\\.0$', '\\1')"
    return f"{value} AS {name}"


def _faults(shape: Canonical, kind: Kind, context: Context) -> Iterator[tuple[str, str]]:
    """Field and the condition under which its cell is wrong."""
    for name, text in shape.fields.items():
        field_type = TYPES[kind].get(name)
        if field_type is None:
            continue
        empty = f"({text} IS NULL OR trim({text}) = '')"
        if typing.may_be_wrong(field_type):
            value = typing.typed(field_type, text, context)
            needed = name in shape.required
            yield name, f"({value}) IS NULL" + ("" if needed else f" AND NOT {empty}")
        elif name in shape.required:
            yield name, empty


def _wrong(shape: Canonical, kind: Kind, context: Context) -> str:
    return " OR ".join(f"({test})" for _, test in _faults(shape, kind, context)) or "false"


def _rejected(
    engine: Engine, source: str, typed: Path, shape: Canonical, kind: Kind, context: Context
) -> Iterator[Rejected]:
    rows = f"read_parquet({quoted(typed)})"
    (count,) = engine.raw.execute(f"SELECT count(*) FROM {rows} WHERE _bad").fetchall()[0]  # noqa: S608
    if not count:
        return
    faults = list(_faults(shape, kind, context))
    which = "CASE " + " ".join(f"WHEN {test} THEN '{name}'" for name, test in faults) + " END"
    value = "CASE " + " ".join(f"WHEN {t} THEN {shape.fields[n]}" for n, t in faults) + " END"
    number = shape.fields.get("order_number", "NULL")
    own = shape.fields.get("currency", "NULL")
    query = (
        f"SELECT _row, {number}, {which}, {value} FROM "  # noqa: S608
        f"(SELECT *, upper(trim({own})) AS y_currency FROM ({source})) "
        f"WHERE _row IN (SELECT source_row FROM {rows} WHERE _bad) ORDER BY _row"
    )
    first: dict[str, int] = {}
    seen: set[int] = set()
    for row, order, name, cell in engine.raw.execute(query).fetchall():
        if row in seen:
            continue
        seen.add(row)
        order = (order or "").strip()
        first.setdefault(order, row)
        yield _fault(row, order, name, cell, shape, kind)
    if "order_number" in TYPES[kind] and kind == "orders":
        yield from _siblings(engine, rows, first)


def _fault(
    row: int, order: str, name: str, cell: str | None, shape: Canonical, kind: Kind
) -> Rejected:
    column = shape.columns.get(name, name)
    expected = typing.EXPECTED.get(TYPES[kind][name], "a text")
    reason = f"{column} is empty" if not (cell or "").strip() else f"{cell!r} is not {expected}"
    return Rejected(row, order, column, cell or "", expected, reason[:500])


def _siblings(engine: Engine, rows: str, first: Mapping[str, int]) -> Iterator[Rejected]:
    """An order is whole or not at all: its good rows wait for the bad one."""
    bad = f"SELECT order_number FROM {rows} WHERE _bad AND order_number IS NOT NULL"  # noqa: S608
    query = (
        f"SELECT DISTINCT source_row, order_number FROM {rows} "  # noqa: S608
        f"WHERE NOT _bad AND order_number IN ({bad}) "
        f"AND source_row NOT IN (SELECT source_row FROM {rows} WHERE _bad) ORDER BY 1"
    )
    for row, order in engine.raw.execute(query).fetchall():
        yield Rejected(row, order, "", "", "", f"waits for row {first[order]} of the same order")


def _repeated(engine: Engine, typed: Path) -> set[int]:
    """Rows that say in every cell what an earlier row of an order said.

    Only where the file states each order's total, against which a line too many would show. Without
    a total two equal lines may be two items, and in a bare log two equal purchases are two.
    """
    rows = f"read_parquet({quoted(typed)})"
    query = (
        f"SELECT DISTINCT source_row FROM {rows} JOIN "  # noqa: S608
        f"(SELECT _hash AS h, min(source_row) AS first FROM {rows} WHERE order_number IS NOT NULL "
        "GROUP BY 1 HAVING max(source_row) > min(source_row)) ON _hash = h AND source_row > first"
    )
    return {row for (row,) in engine.raw.execute(query).fetchall()}


def _parts(
    engine: Engine, typed: Path, kind: Kind, out: set[int], store: str | None
) -> dict[str, Path]:
    rows = f"read_parquet({quoted(typed)})"
    keep = f"source_row NOT IN ({', '.join(map(str, sorted(out)))})" if out else "true"
    names = ", ".join(["source_row", *TYPES[kind]])
    stores = [""]
    if store is None and kind not in ("products", "ad_spend"):
        found = f"SELECT DISTINCT coalesce(trim(_store), '') FROM {rows} WHERE {keep} ORDER BY 1"  # noqa: S608
        stores = [name for (name,) in engine.raw.execute(found).fetchall()]
    if len(stores) < 2 and not out and kind == "orders":
        return {stores[0]: typed} if stores else {}
    parts = {}
    for place, name in enumerate(stores):
        of = f" AND coalesce(trim(_store), '') = '{name.replace(chr(39), chr(39) * 2)}'"
        path = typed.with_name(f"part{place}.parquet")
        chosen = f"SELECT {names} FROM {rows} WHERE {keep}{of if len(stores) > 1 else ''}"  # noqa: S608
        _copy(engine, chosen, path)
        parts[name] = path
    return parts


def _unreadable(rejected: tuple[Rejected, ...], total: int) -> RowsUnreadable:
    first = "; ".join(f"row {r.row}: {r.reason}" for r in rejected[:3])
    return RowsUnreadable(
        f"{len(rejected):,} of {total:,} rows are wrong, so nothing was imported. {first}",
        hint="say which column is which with --mapping FILE",
    )
