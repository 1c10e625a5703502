"""Orders' rows to typed files: what many rows say alike is typed, checked and written once.

An export of orders repeats the customer and the order on each line, and sells the same few things:
so the rows say who, how and what by number (the hash of the texts), and each text is read once.

Two texts of one hash would be taken for one: of 10⁷ texts once in 400,000 files. A salt keeps
anybody from choosing a name and address that have the hash of somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from secrets import token_hex
from typing import Final

import numpy as np

from joren.collect.connectors import rejecting, valuing
from joren.collect.connectors.fields import TYPES
from joren.collect.connectors.files import Staged, of_rows
from joren.collect.connectors.files.lines import Places
from joren.collect.connectors.files.staging import named, quoted
from joren.collect.connectors.formats.shape import ROWS_AS_THEY_ARE, Canonical
from joren.collect.connectors.typed import Typed
from joren.collect.connectors.typing import Context
from joren.collect.orders.contracts import SHARED
from joren.warehouse import DuckDB

_SALT: Final = token_hex(16)

_FIELDS: Mapping[str, tuple[str, ...]] = {
    name: tuple(column for column in spec.columns if column in TYPES["orders"])
    for name, spec in SHARED.items()
}
"""The fields of each file of what rows share; every other one is each row's own."""

_OWN = tuple(n for n in TYPES["orders"] if not any(n in shared for shared in _FIELDS.values()))


def write_shared(
    engine: DuckDB, staged: Staged, shape: Canonical, context: Context, typed: Typed
) -> None:
    """Write the files of what the rows share."""
    table = f"told_{id(typed)}"
    told = staged
    if _in_place(shape):
        told = of_rows(staged, _first_rows(engine, typed), typed.folder / "first")
    try:
        if _tell(engine, table, told, shape) != told.rows and told is not staged:
            _tell(engine, table, staged, shape)  # a line by itself was not the row that it is
        for name in SHARED:
            typed.write(engine, name, _told(table, name, shape, context))
    finally:
        engine.raw.execute(f"DROP TABLE IF EXISTS {table}")


def _tell(engine: DuckDB, table: str, staged: Staged, shape: Canonical) -> int:
    """Lay down what the rows share; returns how many rows they are."""
    engine.raw.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {_texts(staged, shape)}")
    counted = f"SELECT sum(_rows) FROM {table} WHERE _{next(iter(SHARED))} IS NOT NULL"
    return int(engine.raw.execute(counted).fetchall()[0][0])


def rows(staged: Staged, shape: Canonical, context: Context) -> str:
    """The query of the rows: what is each one's own, and which of the shared it says."""
    place = "NULL" if _in_place(shape) or shape.splits else "_row"
    own = "_row" if shape.splits else "NULL"
    columns = [
        f"CAST({place} AS BIGINT) AS source_row",
        f"CAST({own} AS BIGINT) AS _row",
        *([f"CAST({shape.file_rows} AS BIGINT) AS file_rows"] if shape.file_rows else []),
        *(
            valuing.kept(name, shape, "orders")
            for name in valuing.said(shape, "orders")
            if name in _OWN
        ),
        *(f"{_number(_text_of(name, shape).values())} AS {name}" for name in SHARED),
        f"({rejecting.wrong(shape, 'orders', _OWN)}) AS _bad",
    ]
    if {"order_number", "total"} <= shape.fields.keys():
        columns.append(f"{_number(map(named, staged.columns))} AS _hash")
    valued = valuing.valued(_source(staged, shape), shape, "orders", context, _OWN)
    return f"SELECT {', '.join(columns)} FROM {valued}"


def _in_place(shape: Canonical) -> bool:
    """Is a row's number its place? To number rows would keep the engine on one core."""
    return shape.source == ROWS_AS_THEY_ARE


def _source(staged: Staged, shape: Canonical) -> str:
    return shape.source.format(staged=staged.source if _in_place(shape) else staged.placed)


def _text_of(name: str, shape: Canonical) -> dict[str, str]:
    """The expressions of all that such a file tells, and of what is asked to read it."""
    asked = {field: shape.fields[field] for field in _FIELDS[name] if field in shape.fields}
    if name == "how":
        asked["store"] = f"coalesce(trim({shape.fields.get('store', 'NULL')}), '')"
    if name == "what" and "currency" in shape.fields:
        asked["currency"] = shape.fields["currency"]
    return asked


def _first_rows(engine: DuckDB, typed: Typed) -> Places:
    """The rows that say a who, a how or a what for the first time, in their order, from 1."""
    sets = ", ".join(f"({name})" for name in SHARED)
    rows = f"read_parquet({quoted(typed.rows)}, file_row_number=true)"
    firsts = f"SELECT min(file_row_number) + 1 AS first FROM {rows} GROUP BY GROUPING SETS ({sets})"
    found = engine.raw.execute(f"SELECT DISTINCT first FROM ({firsts}) ORDER BY first").fetchnumpy()
    return np.asarray(found["first"], np.int64)


def _texts(staged: Staged, shape: Canonical) -> str:
    """The texts of all files of what is shared, each once, found in one reading."""
    said = {name: _text_of(name, shape) for name in SHARED}
    texts = {field: text for asked in said.values() for field, text in asked.items()}
    columns = [f"{_number(said[name].values())} AS _{name}" for name in SHARED]
    columns += [f"{text} AS {field}" for field, text in texts.items()]
    sets = ", ".join(f"(_{name})" for name in SHARED)
    names = ", ".join(
        [*(f"_{name}" for name in SHARED), *(f"any_value({t}) AS {t}" for t in texts)]
    )
    read = f"SELECT {', '.join(columns)} FROM ({_source(staged, shape)})"
    return f"SELECT {names}, count(*) AS _rows FROM ({read}) GROUP BY GROUPING SETS ({sets})"


def _told(table: str, name: str, shape: Canonical, context: Context) -> str:
    """The values of the texts, and whether one is wrong."""
    asked = _text_of(name, shape)
    read = replace(shape, fields={field: named(field) for field in asked})
    context = replace(context, by_row="currency" in asked)
    fields = _FIELDS[name]
    kept = [field for field in valuing.said(read, "orders") if field in fields]
    columns = [f"_{name} AS {name}", *(valuing.kept(field, read, "orders") for field in kept)]
    columns.append(f"({rejecting.wrong(read, 'orders', fields)}) AS _bad")
    if name == "how":
        columns.append("store")
    if name == "what":
        columns.append(valuing.exact_amount())
    texts = f"SELECT * FROM {table} WHERE _{name} IS NOT NULL"
    valued = valuing.valued(texts, read, "orders", context, fields)
    return f"SELECT {', '.join(columns)} FROM {valued}"


def _number(texts: Iterable[str]) -> str:
    listed = ", ".join(texts)
    return f"hash('{_SALT}', {listed})" if listed else "CAST(0 AS UBIGINT)"
