"""Files that are no table, such as XML: a connector's own reader makes rows of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from joren.collect.connectors.contracts import FileEmpty
from joren.collect.connectors.files.lines import LINE

LOOK = 1 << 12
"""Bytes of the beginning that a reader is shown."""

_BATCH = 20_000

Row = tuple[int, Mapping[str, str]]


@dataclass(frozen=True)
class Reader:
    """``rows`` yields the line where a row begins, and its cells; it must not hold the file.

    ``columns`` names the cells that are kept. What is wrong with the file it raises as BadInput.
    """

    knows: Callable[[bytes], bool]
    columns: tuple[str, ...]
    rows: Callable[[Path, str], Iterator[Row]]


def to_parquet(reader: Reader, source: Path, target: Path, *, name: str) -> tuple[str, ...]:
    """Write the rows as text, with the line that each begins in."""
    schema = pa.schema([(LINE, pa.int64()), *((column, pa.string()) for column in reader.columns)])
    rows, count = reader.rows(source, name), 0
    with pq.ParquetWriter(target, schema) as writer:
        while part := list(islice(rows, _BATCH)):
            cells = {column: [row.get(column) for _, row in part] for column in reader.columns}
            writer.write_table(pa.table({LINE: [line for line, _ in part], **cells}, schema=schema))
            count += len(part)
    if not count:
        raise FileEmpty(f"{name} holds no order", hint="export a longer period")
    return reader.columns
