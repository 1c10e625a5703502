"""What an engine must be able to do: read Parquet files, count, hold, write new ones.

An expression names no engine; whichever counts it, the answer is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from joren.core.tables import TableSpec

ROW_GROUP: Final = 24_576
"""Rows that a look at one customer or one day reads at least; DuckDB itself would write 122,880."""

Reckoning: TypeAlias = Callable[[pa.RecordBatch], pa.RecordBatch]


class Holding(Protocol):
    """Results kept in the engine for the length of one piece of work."""

    def hold(self, expression: ir.Table) -> ir.Table:
        """Compute once, ask many times; the rows keep no order."""
        ...

    def take(self, table: pa.Table | pa.RecordBatchReader) -> ir.Table:
        """Rows from outside (the database, science), as a table of the engine."""
        ...

    def reckon(self, expression: ir.Table, by: Reckoning, spec: TableSpec) -> ir.Table:
        """What a function of Arrow batches makes of the rows, wherever they lie.

        It must need nothing but its rows: they may come in any order and in many batches, and on
        another machine.
        """
        ...


class Engine(Protocol):
    """Reads the files of the lake, counts and writes."""

    def files(self, paths: Sequence[str | Path], spec: TableSpec) -> ir.Table:
        """The rows of these Parquet files, with the columns that the table promises."""
        ...

    def arrow(self, expression: ir.Table) -> pa.Table:
        """The rows themselves: for small answers."""
        ...

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """Few rows as dictionaries."""
        ...

    def session(self) -> AbstractContextManager[Holding]:
        """Tables held inside are dropped at the end."""
        ...

    def write(self, expression: ir.Table, folder: Path, spec: TableSpec) -> list[Path]:
        """Write the rows as Parquet files of bounded size under ``folder``; returns the files.

        No rows are no file.
        """
        ...


def as_promised(table: ir.Table, spec: TableSpec) -> ir.Table:
    """Cast and order the columns as the table's spec says; what older files lack is null."""
    schema = ibis.schema(dict(spec.columns))
    given = table.schema()
    return table.select(
        **{
            name: (
                (table[name] if given[name] == dtype else table[name].cast(dtype))
                if name in given
                else ibis.null().cast(dtype)
            )
            for name, dtype in schema.items()
        }
    )
