"""Many rows between the database and columns, in short transactions that may be repeated.

PostgreSQL takes and gives columns by COPY. SQLite has no such door, so there the rows go in through
``executemany`` and come out as text; it also has one writer, so a transaction stays well under a
second.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.db import IntegrityError, connection, models, transaction

ROWS_PER_TRANSACTION: Final = 20_000
ROWS_PER_TEXT: Final = 500_000

_MANY: Final = 50_000


class RowId(models.BigIntegerField[int, int]):
    """A number that we give a row, as its key; to SQLite it is the row's own number, and no index.

    Tables from before have a plain number there with an index beside it, and work the same.
    """

    def db_type(self, connection: Any) -> str | None:
        """The column's type."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


_KINDS: Final[dict[str, pa.DataType]] = {
    "BigIntegerField": pa.int64(),
    "BigAutoField": pa.int64(),
    "ForeignKey": pa.int64(),
    "BooleanField": pa.bool_(),
    "PositiveIntegerField": pa.int64(),
    "DateField": pa.date32(),
    "DateTimeField": pa.timestamp("us", "UTC"),
}


def insert_missing(
    model: type[models.Model],
    rows: pa.Table | pa.RecordBatch,
    *,
    then: Callable[[Any, pa.Table], None] | None = None,
) -> int:
    """Insert the rows whose key is not there yet; the columns are named as the table's. Returns
    how many are new.

    ``then`` is done in the same transaction, with its cursor and the rows that were not there,
    whose key is ``id``.
    """
    table, names = _quoted(model._meta.db_table), _listed(rows.column_names)
    made = 0
    for chunk in _chunks(rows):
        with transaction.atomic(), connection.cursor() as cursor:
            if then is not None:
                chunk = _missing(cursor, table, chunk)
            if connection.vendor == "postgresql":
                _copy(cursor, table, chunk)
                cursor.execute(
                    f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming "
                    "ON CONFLICT DO NOTHING"
                )
            else:
                places = ", ".join(["%s"] * chunk.num_columns)
                cursor.executemany(
                    f"INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT DO NOTHING",
                    _tuples(chunk),
                )
            made += max(0, cursor.rowcount)
            if then is not None:
                then(cursor, chunk)
    return made


@contextmanager
def filling(
    model: type[models.Model],
    more: int,
    notes: Path,
    *,
    pointing: Mapping[str, type[models.Model]] | None = None,
) -> Iterator[None]:
    """Fill a table that is to be mostly new: SQLite makes its indexes afterwards, all at once.

    Row by row they cost twice as much as the rows themselves. ``notes`` is a file of the work that
    is under way: what is to be made again stands there before it goes, for the repeat of a crash.
    ``pointing`` names the columns that hold ids of other tables' rows. Whether those are there is
    asked afterwards too, in the order of an index, and not row by row from here to there.
    """
    if connection.vendor != "sqlite":
        yield
        return
    if not notes.exists() and more > max(_MANY, model._default_manager.count()):
        indexes = _indexes_of(model)
        _note(notes, json.dumps(indexes))
        with transaction.atomic(), connection.cursor() as cursor:
            for name in indexes:
                cursor.execute(f"DROP INDEX {_quoted(name)}")
    filled = notes.exists()
    # Inside of a transaction SQLite goes on asking at each row.
    with connection.constraint_checks_disabled() if filled and pointing else nullcontext():
        yield
    made = json.loads(notes.read_text()) if filled else {}
    for name in made.keys() - _indexes_of(model).keys():
        with connection.cursor() as cursor:
            cursor.execute(made[name])
    for column, to in (pointing or {}).items() if filled else ():
        _refuse_strays(model, column, to)


def _refuse_strays(model: type[models.Model], column: str, to: type[models.Model]) -> None:
    """Raise IntegrityError where a row points to one that is not there."""
    table, own, there = map(_quoted, (model._meta.db_table, column, to._meta.db_table))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {own} FROM {table} WHERE {own} NOT IN (SELECT id FROM {there}) LIMIT 1"
        )
        for (stray,) in cursor.fetchall():
            raise IntegrityError(f"{model.__name__}.{column} is {stray}: there is no such row")


def _note(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    with draft.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def _indexes_of(model: type[models.Model]) -> dict[str, str]:
    """The statement of each index that is not a constraint's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s "
            "AND sql IS NOT NULL",
            [model._meta.db_table],
        )
        return dict(cursor.fetchall())


def update_rows(model: type[models.Model], rows: pa.Table | pa.RecordBatch, *, key: str) -> None:
    """Give the rows whose ``key`` is named the values of the other columns."""
    table, by = _quoted(model._meta.db_table), _quoted(key)
    others = [name for name in rows.column_names if name != key]
    for chunk in _chunks(rows.select([*others, key])):
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                _copy(cursor, table, chunk)
                values = ", ".join(f"{_quoted(n)} = incoming.{_quoted(n)}" for n in others)
                cursor.execute(
                    f"UPDATE {table} SET {values} FROM incoming WHERE {table}.{by} = incoming.{by}"
                )
            else:
                values = ", ".join(f"{_quoted(name)} = %s" for name in others)
                cursor.executemany(
                    f"UPDATE {table} SET {values} WHERE {by} = %s",
                    _tuples(chunk),
                )


def columns_of(
    model: type[models.Model],
    names: Sequence[str],
    *,
    where: str = "TRUE",
    numbers: Mapping[str, str] | None = None,
) -> Iterator[pa.Table]:
    """Columns of a table, a part at a time; ``where`` is SQL of our own, and so are ``numbers``,
    which become whole numbers by their names, after the columns."""
    table, schema = _quoted(model._meta.db_table), _schema(model, names)
    asked = {name: _quoted(name) for name in names} | dict(numbers or {})
    for name in numbers or {}:
        schema = schema.append(pa.field(name, pa.int64()))
    if connection.vendor == "postgresql":
        columns = ", ".join(f"{sql} AS {_quoted(name)}" for name, sql in asked.items())
        return _copied(f"SELECT {columns} FROM {table} WHERE {where}", schema)
    return _written_out(table, schema, asked, where)


def rows_with(
    model: type[models.Model], key: str, values: pa.Array, names: Sequence[str]
) -> pa.Table:
    """Columns of the rows whose ``key`` is one of the values; ``names`` contain the key."""
    schema = _schema(model, names)
    if len(values) > ROWS_PER_TRANSACTION and 3 * len(values) > model._default_manager.count():
        # Most of the table is wanted: to read it whole is less than to look up each row.
        parts = [
            part.filter(pc.is_in(part[key], value_set=values)) for part in columns_of(model, names)
        ]
        return pa.concat_tables([schema.empty_table(), *parts])
    table, by = _quoted(model._meta.db_table), _quoted(key)
    parts = []
    for start in range(0, len(values), ROWS_PER_TRANSACTION):
        part = values.slice(start, ROWS_PER_TRANSACTION).to_pylist()
        marks = ", ".join(["%s"] * len(part))
        query = f"SELECT {_listed(names)} FROM {table} WHERE {by} IN ({marks})"
        parts.extend(_fetched(query, part, schema))
    return pa.concat_tables([schema.empty_table(), *parts])


def given(numbers: Sequence[int]) -> tuple[str, Any]:
    """SQL that gives these numbers, one a row, and the one value that it wants."""
    if connection.vendor == "sqlite":
        return "SELECT value FROM json_each(%s)", json.dumps(list(numbers))
    return "SELECT unnest(%s::bigint[])", list(numbers)


def _missing(cursor: Any, table: str, chunk: pa.Table) -> pa.Table:
    ends = [pc.min(chunk["id"]).as_py(), pc.max(chunk["id"]).as_py()]
    cursor.execute(f"SELECT 1 FROM {table} WHERE id BETWEEN %s AND %s LIMIT 1", ends)
    if cursor.fetchone() is None:
        return chunk
    ids = chunk["id"].to_pylist()
    marks = ", ".join(["%s"] * len(ids))
    cursor.execute(f"SELECT id FROM {table} WHERE id IN ({marks})", ids)
    there = pa.array([one for (one,) in cursor.fetchall()], pa.int64())
    return chunk.filter(pc.invert(pc.is_in(chunk["id"], value_set=there)))


def _fetched(query: str, values: Sequence[Any], schema: pa.Schema) -> Iterator[pa.Table]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rest = iter(cursor)
        while rows := list(islice(rest, ROWS_PER_TRANSACTION)):
            columns = zip(*rows, strict=True)
            arrays = [
                pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)
            ]
            yield pa.Table.from_arrays(arrays, schema=schema)


def _written_out(
    table: str, schema: pa.Schema, asked: Mapping[str, str], where: str
) -> Iterator[pa.Table]:
    """SQLite writes each column as one text itself: much faster than to make a tuple of each row,
    and three times as fast as to put each row together first."""
    columns = ", ".join(f"{asked[name]} AS {_quoted(name)}" for name in schema.names)
    texts = ", ".join(f"group_concat({_as_csv(field)}, '\n')" for field in schema)
    query = f"""
        SELECT max(_place), {texts} FROM (
            SELECT rowid AS _place, {columns} FROM {table}
            WHERE rowid >= %s AND ({where}) ORDER BY rowid LIMIT {ROWS_PER_TEXT}
        )
    """
    with connection.cursor() as cursor, _one_view(cursor):
        begin = -(2**63)
        while True:
            cursor.execute(query, [begin])
            last, *written = cursor.fetchone()
            if last is None:
                return
            parts = [
                _from_csv(f"{text}\n".encode(), pa.schema([field])).column(0)
                for text, field in zip(written, schema, strict=True)
            ]
            yield pa.Table.from_arrays(parts, schema=schema)
            begin = last + 1


@contextmanager
def _one_view(cursor: Any) -> Iterator[None]:
    """What others commit meanwhile is not seen. Django's transactions would wait for the writer."""
    if connection.in_atomic_block:
        yield
        return
    cursor.execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        cursor.execute("COMMIT")


def _as_csv(field: pa.Field) -> str:
    asked = _quoted(field.name)
    if pa.types.is_string(field.type):
        asked = f"""'"' || replace({asked}, '"', '""') || '"'"""
    if pa.types.is_timestamp(field.type):
        asked = f"{asked} || 'Z'"
    return f"coalesce({asked}, '')"


def _copied(query: str, schema: pa.Schema) -> Iterator[pa.Table]:
    asked = f"COPY ({query}) TO STDOUT (FORMAT csv)"
    with connection.cursor() as cursor, cursor.copy(asked) as copy:
        text = b"".join(copy)
    if text:
        yield _from_csv(text, schema)


def _from_csv(text: bytes, schema: pa.Schema) -> pa.Table:
    """Text in quotes is text, also an empty one; nothing at all is null."""
    return pa.csv.read_csv(
        io.BytesIO(text),
        read_options=pa.csv.ReadOptions(column_names=schema.names),
        # Of a single column a null is an empty line.
        parse_options=pa.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=pa.csv.ConvertOptions(
            column_types=schema,
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=[""],
            true_values=["1", "t"],
            false_values=["0", "f"],
        ),
    )


def _copy(cursor: Any, table: str, chunk: pa.Table) -> None:
    """The chunk as the table ``incoming``, which ends with the transaction."""
    names = _listed(chunk.column_names)
    cursor.execute("DROP TABLE IF EXISTS incoming")
    cursor.execute(
        f"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {names} FROM {table} WHERE FALSE"
    )
    text = io.BytesIO()
    pa.csv.write_csv(
        chunk, text, pa.csv.WriteOptions(include_header=False, quoting_style="all_valid")
    )
    with cursor.copy(f"COPY incoming ({names}) FROM STDIN (FORMAT csv)") as copy:
        copy.write(text.getvalue())


def _tuples(chunk: pa.Table) -> list[tuple[Any, ...]]:
    return list(zip(*map(_given, chunk.columns), strict=True))


def _given(column: pa.ChunkedArray) -> list[Any]:
    """The values as SQLite takes them; where all are one, it is made once."""
    one = column.slice(0, 1)
    same = column.null_count == len(column) or (
        column.null_count == 0
        and column[0] == column[-1]
        and pc.all(pc.equal(column, column[0])).as_py()
    )
    values = _adapted(one if same else column)
    return values * len(column) if same else values


def _adapted(column: pa.ChunkedArray) -> list[Any]:
    if pa.types.is_date(column.type):
        column = column.cast(pa.string())
    values: list[Any] = column.to_pylist()
    if pa.types.is_timestamp(column.type):
        adapt = connection.ops.adapt_datetimefield_value
        values = [adapt(value) for value in values]
    return values


def _chunks(rows: pa.Table | pa.RecordBatch) -> Iterator[pa.Table]:
    table = pa.Table.from_batches([rows]) if isinstance(rows, pa.RecordBatch) else rows
    for start in range(0, table.num_rows, ROWS_PER_TRANSACTION):
        yield table.slice(start, ROWS_PER_TRANSACTION)


def _schema(model: type[models.Model], names: Sequence[str]) -> pa.Schema:
    by_column = {field.column: field for field in model._meta.concrete_fields}
    return pa.schema(
        [(name, _KINDS.get(by_column[name].get_internal_type(), pa.string())) for name in names]
    )


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(_quoted, names))
