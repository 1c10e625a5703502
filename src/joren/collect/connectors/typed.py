"""The files of typed rows: the rows themselves and, of orders, what many of them say alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from joren.collect.connectors.files.staging import quoted
from joren.warehouse import DuckDB


@dataclass(frozen=True)
class Typed:
    """``rows`` are in the order of the file that came in, and a row's number is its place there.

    ``shared`` names the files that tell once what many rows say, and the column of ``rows`` in
    which each says which. ``_bad`` says in each file whether a cell is wrong.
    """

    folder: Path
    shared: tuple[str, ...] = ()

    @property
    def rows(self) -> Path:
        """The file of the rows."""
        return self.file("rows")

    @property
    def carried(self) -> Path:
        """The file of what rounding carried from line to line; there is none where nothing was."""
        return self.file("carried")

    def file(self, name: str) -> Path:
        """The file of that name."""
        return self.folder / f"{name}.parquet"

    def write(self, engine: DuckDB, name: str, query: str) -> None:
        """Make a file of what the query says."""
        # It is read whole, and soon gone; what hardly repeats is dearer to look up than to write.
        options = "FORMAT parquet, WRITE_BLOOM_FILTER false, DICTIONARY_SIZE_LIMIT 2000"
        engine.raw.execute(f"COPY ({query}) TO {quoted(self.file(name))} ({options})")

    def count(self) -> int:
        """How many rows there are."""
        return int(pq.read_metadata(self.rows).num_rows)

    def sql(self) -> str:
        """The rows without what they share, each numbered among them and in its own file."""
        own = "coalesce(source_row, file_row_number + 1)"
        return (
            f"(SELECT * EXCLUDE (file_row_number) REPLACE ({own} AS source_row, "
            f"coalesce(_row, {own}) AS _row) "
            f"FROM read_parquet({quoted(self.rows)}, file_row_number=true))"
        )

    def whole(self) -> str:
        """The rows with all that they say."""
        if not self.shared:
            return self.sql()
        out = ", ".join((*self.shared, "_bad"))
        columns = [f"r.* EXCLUDE ({out})"]
        joins = [f"{self.sql()} AS r"]
        for name in self.shared:
            columns.append(f"{name}_told.* EXCLUDE ({name}, _bad)")
            joins.append(f"{self._told(name)} AS {name}_told ON {name}_told.{name} = r.{name}")
        bad = " OR ".join(["r._bad", *(f"{name}_told._bad" for name in self.shared)])
        found = f"SELECT {', '.join(columns)}, ({bad}) AS _bad FROM {' JOIN '.join(joins)}"
        if not self.carried.exists():
            return f"({found})"
        return (
            f"(SELECT w.* REPLACE (amount + coalesce(more, 0) AS amount) FROM ({found}) AS w "
            f"LEFT JOIN read_parquet({quoted(self.carried)}) AS c ON c.source_row = w.source_row)"
        )

    def _told(self, name: str) -> str:
        return f"read_parquet({quoted(self.file(name))})"

    def flagged(self) -> str:
        """Whether each of the files has a wrong cell, a row for a file."""
        return " UNION ALL ".join(
            f"SELECT bool_or(_bad) AS _bad FROM {self._told(name)}"
            for name in ("rows", *self.shared)
        )
