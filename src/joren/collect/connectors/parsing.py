"""Staged text to typed rows, in columns and not row by row.

The typed rows are Parquet files (``typed``); what rows of orders share is told once (``sharing``).
A row's number is its place unless a column says otherwise: to number rows would keep the engine on
one core.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from joren.collect.connectors import carrying, rejecting, sharing, valuing
from joren.collect.connectors.contracts import NO_STORE, Kind, PricesTooFine, RowsUnreadable
from joren.collect.connectors.fields import TYPES
from joren.collect.connectors.files import Staged, counted, settle
from joren.collect.connectors.files.staging import quoted
from joren.collect.connectors.formats.shape import ROWS_AS_THEY_ARE, Canonical
from joren.collect.connectors.rejecting import Rejections
from joren.collect.connectors.typed import Typed
from joren.collect.connectors.typing import Context
from joren.collect.customers.contracts import contacts
from joren.collect.orders.contracts import SHARED
from joren.core.money import UNKNOWN_CURRENCY
from joren.warehouse import DuckDB

_ENOUGH_TO_JUDGE = 1_000
_TO_GUESS = 10_000


@dataclass(frozen=True)
class Parsed:
    """``parts`` by store name ("" where the file names none), less the rows that ``without`` lists.

    Orders of all stores are in one folder, as the door of orders takes it. A file lacks the columns
    that nothing is said of. ``repeated`` rows said nothing new; ``rounded`` lines have a price
    finer than the currency. ``staged`` is what came in, read to its end.
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

    def rows_in(self, part: Path) -> int:
        """How many rows a part has, those that are to be left out among them."""
        if self.kind == "orders":
            return Typed(part).count()
        return int(pq.read_metadata(part).num_rows)


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

    def read_in(code: str) -> tuple[Typed, Rejections]:
        nonlocal staged
        context = Context(shape.zone or zone, code, "currency" in shape.fields, latest)
        # A folder for each reading: the engine remembers files by name and age.
        typed = Typed(workdir / code, tuple(SHARED) if kind == "orders" else ())
        typed.folder.mkdir(exist_ok=True)
        staged = _write(engine, staged, shape, kind, context, typed)
        source = shape.source.format(staged=staged.placed)
        valued = valuing.valued(source, shape, kind, context)
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
    parts, without = _parts(engine, typed, kind, out, store, valuing.said(shape, kind))
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
    rows = f"SELECT * FROM read_parquet({quoted(part)})"
    if kind == "orders":
        whole = Typed(part, tuple(SHARED)).whole()
        here = engine.raw.sql(f"FROM {whole}").columns
        alike = [f"{sql} AS {name}" for name, sql in contacts.ALIKE.items() if name in here]
        written = f"REPLACE ({', '.join(alike)})" if alike else ""
        rows = f"SELECT * {written} FROM {whole}"
    found: list[dict[str, Any]] = engine.raw.sql(rows).to_arrow_table().to_pylist()
    return found


def _write(
    engine: DuckDB, staged: Staged, shape: Canonical, kind: Kind, context: Context, typed: Typed
) -> Staged:
    """The files of typed rows. A text is read for the first time by this, and then settled."""
    rows = sharing.rows if kind == "orders" else partial(_rows, kind=kind)
    typed.write(engine, "rows", rows(staged, shape, context))
    settled = settle(engine, staged, typed.count())
    if settled is not staged and settled.broken:
        typed.write(engine, "rows", rows(settled, shape, context))
    if kind == "orders":
        sharing.write_shared(engine, settled, shape, context, typed)
    return settled


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
    rows = shape.source.format(staged=f"(SELECT * FROM {staged.placed} {some})")
    (found,) = engine.raw.execute(
        f"SELECT coalesce(bool_or({test}), false) FROM ({rows})"
    ).fetchall()
    return UNKNOWN_CURRENCY if found[0] else "JPY"


def _rows(staged: Staged, shape: Canonical, context: Context, *, kind: Kind) -> str:
    """All rows with their values, and whether one is wrong."""
    columns = [
        "CAST(_row AS BIGINT) AS source_row",
        "CAST(NULL AS BIGINT) AS _row",
        *(valuing.kept(name, shape, kind) for name in valuing.said(shape, kind)),
        f"coalesce(trim({shape.fields.get('store', 'NULL')}), '') AS store",
        f"({rejecting.wrong(shape, kind)}) AS _bad",
    ]
    source = shape.source.format(staged=staged.placed)
    valued = valuing.valued(source, shape, kind, context)
    return f"SELECT {', '.join(columns)} FROM {valued}"


def _parts(
    engine: DuckDB,
    typed: Typed,
    kind: Kind,
    out: str | None,
    store: str | None,
    names: Sequence[str],
) -> tuple[dict[str, Path], Path | None]:
    """The file of each store; of orders one folder for all, and the rows of it to leave out."""
    keep = f"source_row NOT IN ({out})" if out else "true"
    stores = [""]
    if store is None and kind not in NO_STORE:
        # Where every row goes on, the few ways of orders name every store.
        few = f"read_parquet({quoted(typed.file('how'))})"
        rows = few if kind == "orders" and not out else typed.whole()
        found = f"SELECT DISTINCT store FROM {rows} WHERE {keep} ORDER BY 1"
        stores = [name for (name,) in engine.raw.execute(found).fetchall()]
    if kind == "orders":
        if out:
            typed.write(engine, "without", out)
        return dict.fromkeys(stores, typed.folder), typed.file("without") if out else None
    parts = {}
    for place, name in enumerate(stores):
        of = f" AND store = '{name.replace(chr(39), chr(39) * 2)}'"
        chosen = f"SELECT {', '.join(['source_row', *names])} FROM {typed.whole()} WHERE {keep}"
        typed.write(engine, f"part{place}", chosen + (of if len(stores) > 1 else ""))
        parts[name] = typed.file(f"part{place}")
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
