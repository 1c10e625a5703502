"""DuckDB in this process, spoken to through Ibis.

DuckDB runs in memory over the files of the Delta tables, so there is no lock and no state to lose.
Connections of one process share one buffer pool; what is held (``hold``) lives in that memory and
spills to ``scratch`` when the budget is used up.
"""

from __future__ import annotations

import itertools
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend
from ibis.backends.sql.compilers import DuckDBCompiler

from joren.core.errors import Unavailable
from joren.core.tables import TableSpec
from joren.warehouse.engine import ROW_GROUP, Reckoning, as_promised
from joren.warehouse.engines.compiling import Placed, compiled
from joren.warehouse.remembered import Remembered

_names = itertools.count()
_TABLES = 128
_FEW = 2_000
"""Values in a row group that are written as numbers of a list: more are dearer to look up."""

_HOARDS = (
    "block_allocator_memory",
    "allocator_flush_threshold",
    "allocator_bulk_deallocation_flush_threshold",
)
_AT_ONCE = 250_000
"""Rows for a function: a model of orders needs some hundreds of bytes for each."""


class MemoryUsedUp(Unavailable):
    """The embedded engine needed more memory than it may use, and could not spill the rest."""


@cache
def _type_of(kind: str) -> Any:
    return DuckDBCompiler.type_mapper.from_string(kind)


class _Compiler(DuckDBCompiler):  # type: ignore[misc]  # Ibis is untyped
    """Ibis' own, which leaves room for what is filled in."""

    def visit_Placed(self, op: Placed, **_parts: object) -> Any:  # noqa: N802 (as Ibis names it)
        return self.v[f'"{op.name}"']


class _Backend(Backend):  # type: ignore[misc]  # Ibis is untyped
    """Ibis' own, which writes each form of a question once."""

    compiler = _Compiler()

    def compile(
        self, expr: ir.Expr, /, *, limit: Any = None, params: Any = None, pretty: bool = False
    ) -> str:
        def by(expression: ir.Expr) -> str:
            text: str = Backend.compile(self, expression, limit=limit, params=params, pretty=pretty)
            return text

        if params or pretty:
            return by(expr)
        return compiled(expr, by=by, saying=self._said, limit=limit)

    def get_schema(
        self, table_name: str, *, catalog: str | None = None, database: str | None = None
    ) -> Any:
        """As Ibis has it, without a query that is put together and types that are read anew."""
        parts = (catalog, database, table_name)
        return ibis.schema(self.columns_of(".".join(f'"{part}"' for part in parts if part)))

    def columns_of(self, source: str) -> dict[str, Any]:
        """Names and types of a table's or a query's columns, as Ibis writes them."""
        described = self.con.execute(f"DESCRIBE {source}").fetchall()
        return {name: _type_of(kind) for name, kind, *_ in described}

    def _said(self, literal: ops.Literal) -> str:
        written = self.compiler.visit_Literal(literal, value=literal.value, dtype=literal.dtype)
        text: str = written.sql(self.dialect)
        return text


class DuckDB:
    """One embedded DuckDB; each thread speaks through a connection of its own.

    One that is ``hoarding`` gives no memory back while its process lives: to ask the kernel for it
    again and again is a tenth of an import, and a server has to share.
    """

    def __init__(
        self,
        *,
        scratch: Path,
        memory: str = "4GB",
        threads: int | None = None,
        hoarding: bool = False,
    ) -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        self.memory = memory
        self.threads = threads or os.cpu_count() or 1
        self._database = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": memory,
                "threads": self.threads,
                "temp_directory": str(scratch),
                "preserve_insertion_order": "true",
                **(dict.fromkeys(_HOARDS, memory) if hoarding else {}),
            },
        )
        # Of each file it asks first whether it is the same still.
        self._database.execute("SET GLOBAL parquet_metadata_cache = true")
        self._local = threading.local()

    @property
    def ibis(self) -> Any:
        """The Ibis backend of this thread."""
        if not hasattr(self._local, "backend"):
            cursor = self._database.cursor()
            cursor.execute("SET TimeZone = 'UTC'")
            self._local.backend = _Backend.from_connection(cursor)
            self._local.tables = Remembered[ir.Table](_TABLES)
        return self._local.backend

    @property
    def raw(self) -> duckdb.DuckDBPyConnection:
        """DuckDB itself, for what Ibis has no word for (reading CSV, COPY)."""
        connection: duckdb.DuckDBPyConnection = self.ibis.con
        return connection

    # Reading

    def files(
        self, paths: Sequence[str | Path], spec: TableSpec, *, place: str | None = None
    ) -> ir.Table:
        """The rows of these Parquet files, with the columns that the table promises.

        ``place`` names a column that is the row's place in its file where that says null.
        """
        if not paths:
            return self.empty(spec)
        backend = self.ibis
        tables: Remembered[ir.Table] = self._local.tables
        # Files in a scratch folder may get another's name, hence what the disk says of them.
        key = (spec.name, place, *map(_identity, paths))
        return tables.get(key, lambda: self._files(backend, paths, spec, place))

    def _files(
        self, backend: Any, paths: Sequence[str | Path], spec: TableSpec, place: str | None
    ) -> ir.Table:
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
        options = "union_by_name=true, hive_partitioning=false"
        source = f"SELECT * FROM read_parquet([{listed}], {options})"
        if place:
            source = (
                f"SELECT * EXCLUDE (file_row_number) "
                f"REPLACE (coalesce({place}, file_row_number + 1) AS {place}) "
                f"FROM read_parquet([{listed}], {options}, file_row_number=true)"
            )
        found: ir.Table = backend.sql(source, schema=backend.columns_of(source))
        return as_promised(found, spec)

    def empty(self, spec: TableSpec) -> ir.Table:
        """The table without a row."""
        schema = ibis.schema(dict(spec.columns))
        types = self.ibis.compiler.type_mapper
        columns = ", ".join(
            f'CAST(NULL AS {types.from_ibis(kind).sql("duckdb")}) AS "{name}"'
            for name, kind in schema.items()
        )
        nothing: ir.Table = self.ibis.sql(f"SELECT {columns} WHERE FALSE", schema=schema)
        return nothing

    def arrow(self, expression: ir.Table) -> pa.Table:
        """The rows themselves: for small answers."""
        with self.bounded():
            return self.ibis.to_pyarrow(expression)

    def batches(self, expression: ir.Table, *, size: int = 100_000) -> pa.RecordBatchReader:
        """The rows in batches: for large answers, in bounded memory."""
        return self.ibis.to_pyarrow_batches(expression, chunk_size=size)

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """Few rows as dictionaries."""
        found: list[dict[str, Any]] = self.arrow(expression).to_pylist()
        return found

    # Holding and writing

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """Say what to do where the memory does not suffice."""
        try:
            yield
        except duckdb.OutOfMemoryException as full:
            raise MemoryUsedUp(
                f"the {self.memory} that the engine may use do not suffice",
                hint="set JOREN_MEMORY higher, such as twice as much",
            ) from full

    def _alone(self, statement: str) -> None:
        """Do by one thread what was too much for all: each pins blocks of every run it merges."""
        self.raw.execute("SET GLOBAL threads = 1")
        try:
            self.raw.execute(statement)
        finally:
            self.raw.execute(f"SET GLOBAL threads = {self.threads}")

    @contextmanager
    def session(self) -> Iterator[DuckDBHolding]:
        """Tables held inside are dropped at the end."""
        holding = DuckDBHolding(self)
        try:
            yield holding
        finally:
            holding.drop()

    def write(self, expression: ir.Table, folder: Path, spec: TableSpec) -> list[Path]:
        """Write the rows as Parquet files of bounded size under ``folder``; returns the files.

        No rows are no file.
        """
        folder.mkdir(parents=True, exist_ok=True)
        # Sorted first: what is promised and lacking is not carried through the sort.
        rows = expression.order_by(spec.sorted_by) if spec.sorted_by else expression
        query = self.ibis.compile(as_promised(rows, spec))
        stem = uuid4().hex
        target = folder / f".{stem}"
        copy = (
            f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION snappy, "
            f"WRITE_BLOOM_FILTER false, DICTIONARY_SIZE_LIMIT {_FEW}, "
            f"ROW_GROUP_SIZE {ROW_GROUP}, FILE_SIZE_BYTES '256MB', "
            f"FILENAME_PATTERN 'part-{stem}-{{i}}')"
        )
        with self.bounded():
            try:
                self.raw.execute(copy)
            except duckdb.OutOfMemoryException:
                shutil.rmtree(target, ignore_errors=True)
                self._alone(copy)
        written = []
        for part in sorted(target.glob("*.parquet")):
            if pq.read_metadata(part).num_rows:
                written.append(part.rename(folder / part.name))
        shutil.rmtree(target)
        return written


class DuckDBHolding:
    """Temporary tables of one connection."""

    def __init__(self, engine: DuckDB) -> None:
        self.engine = engine
        self._held: list[str] = []

    def hold(self, expression: ir.Table) -> ir.Table:
        """Compute once, ask many times."""
        name = f"held_{os.getpid()}_{next(_names)}"
        backend = self.engine.ibis
        query = backend.compile(expression)
        with self.engine.bounded():
            backend.raw_sql(f"CREATE TEMP TABLE {name} AS {query}")
        self._held.append(name)
        return backend.table(name, database=("temp", "main"))

    def take(self, table: pa.Table | pa.RecordBatchReader) -> ir.Table:
        """Rows from outside (the database, science), as a table of the engine."""
        name = f"held_{os.getpid()}_{next(_names)}"
        incoming = f"incoming_{name}"
        raw = self.engine.raw
        raw.register(incoming, table)
        try:
            raw.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM {incoming}")
        finally:
            raw.unregister(incoming)
        self._held.append(name)
        return self.engine.ibis.table(name, database=("temp", "main"))

    def reckon(self, expression: ir.Table, by: Reckoning, spec: TableSpec) -> ir.Table:
        """As the protocol says; so many rows at a time that what the function needs is bounded."""
        rows = self.engine.arrow(expression).combine_chunks().to_batches(max_chunksize=_AT_ONCE)
        schema = ibis.schema(dict(spec.columns)).to_pyarrow()
        return self.take(pa.RecordBatchReader.from_batches(schema, map(by, rows)))

    def hold_sql(self, query: str) -> str:
        """Compute a query in DuckDB's own words once; returns the name of its table."""
        name = f"held_{os.getpid()}_{next(_names)}"
        with self.engine.bounded():
            self.engine.raw.execute(f"CREATE TEMP TABLE {name} AS {query}")
        self._held.append(name)
        return name

    def drop(self) -> None:
        while self._held:
            self.engine.raw.execute(f"DROP TABLE IF EXISTS temp.main.{self._held.pop()}")


def _identity(path: str | Path) -> tuple[str, int, int, int]:
    found = os.stat(path)  # noqa: PTH116 (of hundreds of files at each look; Path is slower)
    return str(path), found.st_ino, found.st_mtime_ns, found.st_size
