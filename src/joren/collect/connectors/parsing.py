"""Staged text to typed rows, in columns and not row by row.

The typed rows are one Parquet file in the order of the file that came in. A row's number is its
place there unless a column says otherwise: to number rows would keep the engine on one core.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from joren.collect.connectors import carrying, rejecting, typing
from joren.collect.connectors.contracts import NO_STORE, Kind, PricesTooFine, RowsUnreadable
from joren.collect.connectors.fields import TYPES, type_of, typed_rows
from joren.collect.connectors.files import Staged, counted, settle
from joren.collect.connectors.files.staging import named, quoted
from joren.collect.connectors.formats.shape import ROWS_AS_THEY_ARE, Canonical
from joren.collect.connectors.rejecting import Rejections
from joren.collect.connectors.typing import Context, Type
from joren.collect.customers.contracts import contacts
from joren.core.money import UNKNOWN_CURRENCY
from joren.warehouse import DuckDB

_ENOUGH_TO_JUDGE = 1_000
_TO_GUESS = 10_000
_SQL_TYPES: Mapping[Type, str] = {
    "money": "BIGINT", "price": "BIGINT", "count": "BIGINT", "rate": "BIGINT",
    "moment": "TIMESTAMPTZ", "day": "DATE", "flag": "BOOLEAN",
}  # fmt: skip


_ALWAYS = ("order_number", "currency")


@dataclass(frozen=True)
class Parsed:
    """``parts`` by store name ("" where the file names none), less the rows that ``without`` lists.

    Orders of all stores are in one file, each row with its ``store``. A file lacks the columns that
    nothing is said of. ``repeated`` rows said nothing new; ``rounded`` lines have a price finer
    than the currency. ``staged`` is what came in, read to its end.
    """

    staged: Staged
    kind: Kind
    parts: Mapping[str, Path]
    without: Path | None
    accepted: int
    repeated: int
    rejected: Rejections
    currency: str
    rounded: int


def parse(
    engine: DuckDB,
    staged: Staged,
    shape: Canonical,
    kind: Kind,
    *,
    zone: str,
    currency: str | None,
    latest: datetime,
    store: str | None,
    workdir: Path,
) -> Parsed:
    """Write the rows as Parquet files of the door's columns."""
    if shape.source != ROWS_AS_THEY_ARE:
        staged = counted(engine, staged)  # its rows and those that are read are not the same
    named = shape.currency or currency
    first = _TO_GUESS if kind == "orders" else None
    default = named or _guessed(engine, staged, shape, kind, first)

    def read_in(code: str) -> tuple[Path, Rejections]:
        nonlocal staged
        context = Context(shape.zone or zone, code, "currency" in shape.fields, latest)
        # A folder for each reading: the engine remembers files by name and age.
        typed = workdir / code / "typed.parquet"
        typed.parent.mkdir(exist_ok=True)
        staged = _write(engine, staged, shape, kind, context, typed)
        valued = _valued(shape.source.format(staged=staged.placed), shape, kind, context)
        return typed, rejecting.reject(engine, staged, typed, shape, kind, valued)

    typed, rejected = read_in(default)
    assumed = first and not named and default == "JPY"
    if assumed and (rejected.count or carrying.finer(engine, typed)):
        # An amount with decimals may stand further down than the first rows.
        default = _guessed(engine, staged, shape, kind)
        if default != "JPY":
            typed, rejected = read_in(default)
    total = staged.rows + len(staged.broken)
    if total >= _ENOUGH_TO_JUDGE and 2 * (rejected.count + len(staged.broken)) > total:
        raise _unreadable(rejected, total)
    stated = "order_number" in shape.fields and "total" in shape.fields
    repeated, twice = rejecting.repeat(engine, typed, rejected) if stated else (0, None)
    rounded = carrying.carry(engine, typed, rejected, by_order=stated) if kind == "orders" else 0
    if total >= _ENOUGH_TO_JUDGE and 2 * rounded > total:
        raise _too_fine(rounded, total, default)
    out = rejecting.out(typed, rejected, twice)
    parts, without = _parts(engine, typed, kind, out, store, _said(shape, kind))
    accepted = staged.rows - rejected.count - repeated
    return Parsed(staged, kind, parts, without, accepted, repeated, rejected, default, rounded)


def taken(engine: DuckDB, parsed: Parsed) -> list[dict[str, Any]]:
    """The rows that go on, in their order and as they will be kept: for files of few rows."""
    out = pq.read_table(parsed.without)["source_row"].to_pylist() if parsed.without else []
    unsaid = dict.fromkeys(TYPES[parsed.kind])
    rows = [
        unsaid
        | {name: value for name, value in row.items() if name != "store" and name[0] != "_"}
        | {"source_row": row["source_row"] or place}
        for part in sorted(set(parsed.parts.values()))
        for place, row in enumerate(_as_kept(engine, part, parsed.kind), 1)
    ]
    kept = (row for row in rows if row["source_row"] not in set(out))
    return sorted(kept, key=lambda row: int(row["source_row"]))


def _as_kept(engine: DuckDB, part: Path, kind: Kind) -> list[dict[str, Any]]:
    here = pq.read_schema(part).names
    alike = [f"{sql} AS {name}" for name, sql in contacts.ALIKE.items() if name in here]
    written = f"REPLACE ({', '.join(alike)})" if alike and kind == "orders" else ""
    rows = engine.raw.sql(f"SELECT * {written} FROM read_parquet({quoted(part)})")  # noqa: S608
    found: list[dict[str, Any]] = rows.to_arrow_table().to_pylist()
    return found


def _write(
    engine: DuckDB, staged: Staged, shape: Canonical, kind: Kind, context: Context, typed: Path
) -> Staged:
    """The file of typed rows. A text is read for the first time by this, and then settled."""
    _copy(engine, _typed(staged, shape, kind, context), typed)
    settled = settle(engine, staged, pq.read_metadata(typed).num_rows)
    if settled is not staged and settled.broken:
        _copy(engine, _typed(settled, shape, kind, context), typed)
    return settled


def _copy(engine: DuckDB, query: str, target: Path) -> None:
    # It is read whole, and soon gone; what hardly repeats is dearer to look up than to write.
    options = "FORMAT parquet, WRITE_BLOOM_FILTER false, DICTIONARY_SIZE_LIMIT 2000"
    engine.raw.execute(f"COPY ({query}) TO {quoted(target)} ({options})")


def _guessed(
    engine: DuckDB, staged: Staged, shape: Canonical, kind: Kind, first: int | None = None
) -> str:
    """Amounts with decimals and no currency anywhere are in no currency; whole ones are yen.

    ``first``: so many rows are asked, and not all. What things cost is not asked: an average is
    finer than its currency.
    """
    asked = {n: t for n, t in shape.fields.items() if TYPES[kind].get(n) in ("money", "price")}
    asked.pop("unit_cost", None)
    if not asked or "currency" in shape.fields:
        return "JPY"
    test = " OR ".join(f"regexp_matches({text}, '[.][0-9]*[1-9]')" for text in asked.values())
    some = f"LIMIT {first}" if first else ""
    rows = shape.source.format(staged=f"(SELECT * FROM {staged.placed} {some})")  # noqa: S608
    (found,) = engine.raw.execute(
        f"SELECT coalesce(bool_or({test}), false) FROM ({rows})"  # noqa: S608
    ).fetchall()
    return UNKNOWN_CURRENCY if found[0] else "JPY"


def _typed(staged: Staged, shape: Canonical, kind: Kind, context: Context) -> str:
    """All rows with their values, whether one is wrong, and a hash of all they say."""
    in_place = kind == "orders" and shape.source == ROWS_AS_THEY_ARE
    rows = shape.source.format(staged=staged.source if in_place else staged.placed)
    place = "NULL" if in_place or shape.splits else "_row"
    own = "_row" if shape.splits else "NULL"
    values = ", ".join(f"{_kept(name, shape, kind)} AS {name}" for name in _said(shape, kind))
    store = f"coalesce(trim({shape.fields.get('store', 'NULL')}), '')"
    hashed = ""
    if kind == "orders" and {"order_number", "total"} <= shape.fields.keys():
        hashed = f"hash({', '.join(named(column) for column in staged.columns)}) AS _hash, "
    lines = f", {_line(shape)}" if kind == "orders" else ""
    return (
        f"SELECT CAST({place} AS BIGINT) AS source_row, CAST({own} AS BIGINT) AS _row, "  # noqa: S608
        f"{values}{lines}, {store} AS store, {hashed}"
        f"({rejecting.wrong(shape, kind)}) AS _bad "
        f"FROM {_valued(rows, shape, kind, context)}"
    )


def _valued(rows: str, shape: Canonical, kind: Kind, context: Context) -> str:
    """The rows with the value of each field, as ``v_`` and its name."""
    values = ", ".join(_value(name, kind, shape, context) for name in TYPES[kind])
    values += f", {_finer(shape, context)}" if kind == "orders" else ""
    return f"(SELECT *, {values} FROM {_with_scale(rows, shape, context)})"  # noqa: S608


def _with_scale(rows: str, shape: Canonical, context: Context) -> str:
    """The rows, each with the scale of the currency that it names."""
    if not context.by_row:
        return f"({rows})"
    code = f"upper(trim({shape.fields['currency']}))"
    scale = typing.scale_of(code, context.currency)
    return f"(SELECT *, {scale} AS {typing.SCALE} FROM ({rows}))"  # noqa: S608


def _value(name: str, kind: Kind, shape: Canonical, context: Context) -> str:
    text = shape.fields.get(name)
    if name == "currency":
        known = typing.typed("currency", text, context) if text else "NULL"
        return f"coalesce({known}, '{context.currency}') AS v_currency"
    own = type_of(name, kind, shape)
    if text is None:
        return f"CAST(NULL AS {_SQL_TYPES.get(own, 'VARCHAR')}) AS v_{name}"
    return f"{typing.typed(own, text, context)} AS v_{name}"


def _said(shape: Canonical, kind: Kind) -> list[str]:
    """The fields of the file, and those that the typed rows are asked for in any case."""
    return [name for name in TYPES[kind] if name in shape.fields or name in _ALWAYS]


def _kept(name: str, shape: Canonical, kind: Kind) -> str:
    # Contacts of orders are written alike at the door, each once and not again on every line.
    return shape.fields[name] if kind == "orders" and name in contacts.ALIKE else f"v_{name}"


def _line(shape: Canonical) -> str:
    """The line's amount where its price is finer than the currency, and what rounding took off."""
    first = "CASE WHEN _piece > 1 THEN 0 ELSE 1 END" if shape.splits else "NULL"
    exact = "_finer * coalesce(v_quantity, 1)"
    return (
        f"CAST(floor({exact}) AS BIGINT) AS amount, "
        f"CAST({exact} - floor({exact}) AS DECIMAL(9, 8)) AS _rest, "
        f"CAST({first} AS BIGINT) AS file_rows"
    )


def _finer(shape: Canonical, context: Context) -> str:
    """The price of a line, once for all that asks for it, where it is finer than the currency."""
    price = "NULL"
    if "unit_price" in shape.fields and "unit_price" not in shape.whole:
        price = typing.finer(shape.fields["unit_price"], context)
    return f"CAST({price} AS DECIMAL(28, 8)) AS _finer"


def _parts(
    engine: DuckDB,
    typed: Path,
    kind: Kind,
    out: str | None,
    store: str | None,
    names: Sequence[str],
) -> tuple[dict[str, Path], Path | None]:
    """The file of each store; of orders it is one and the same, and the rows of it to leave out."""
    rows = typed_rows(typed)
    keep = f"source_row NOT IN ({out})" if out else "true"
    stores = [""]
    if store is None and kind not in NO_STORE:
        found = f"SELECT DISTINCT store FROM {rows} WHERE {keep} ORDER BY 1"  # noqa: S608
        stores = [name for (name,) in engine.raw.execute(found).fetchall()]
    if kind == "orders":
        without = typed.with_name("without.parquet") if out else None
        if without:
            _copy(engine, out or "", without)
        return dict.fromkeys(stores, typed), without
    parts = {}
    for place, name in enumerate(stores):
        of = f" AND store = '{name.replace(chr(39), chr(39) * 2)}'"
        path = typed.with_name(f"part{place}.parquet")
        chosen = f"SELECT {', '.join(['source_row', *names])} FROM {rows} WHERE {keep}"  # noqa: S608
        _copy(engine, chosen + (of if len(stores) > 1 else ""), path)
        parts[name] = path
    return parts, None


def _unreadable(rejected: Rejections, total: int) -> RowsUnreadable:
    said = "; ".join(f"row {r.row}: {r.reason}" for r in rejecting.first(rejected, 3))
    return RowsUnreadable(
        f"{rejected.count:,} of {total:,} rows are wrong, so nothing was imported. {said}",
        hint="say which column is which with --mapping FILE",
    )


def _too_fine(rounded: int, total: int, currency: str) -> PricesTooFine:
    return PricesTooFine(
        f"{rounded:,} of {total:,} prices have more decimals than {currency} has, "
        "so nothing was imported",
        hint="name their currency with --currency CODE",
    )
