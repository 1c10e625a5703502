"""One file in, rows of text out, as a relation that SQL reads.

Text that is a table already is read where it lies, because to write it once more costs as much as
all the rest; everything else, and text with rows that are none, becomes a Parquet file.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from joren.collect.connectors.contracts import (
    FileBinary,
    FileEmpty,
    FileMissing,
    NotAFile,
)
from joren.collect.connectors.files import (
    aligned,
    ends,
    headings,
    lines,
    records,
    text,
    workbook,
)
from joren.collect.connectors.files.records import Reader
from joren.warehouse import DuckDB

_names = itertools.count()


@dataclass(frozen=True)
class Broken:
    """A row that is no row of its table: too many columns, a quote left open."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class Staged:
    """``source`` is SQL that gives the rows as text in their order, ``placed`` also their ``_row``.

    ``rows`` does not count the broken ones. ``plain`` is the text that lines are counted in, and
    ``reading`` says how its lines are read.
    """

    source: str
    placed: str
    columns: tuple[str, ...]
    rows: int
    encoding: str
    separator: str
    sha256: str
    size: int
    broken: tuple[Broken, ...] = ()
    plain: lines.Plain | None = None
    reading: str = ""
    unread: Unread | None = None


@dataclass(frozen=True)
class Unread:
    """Text that nobody has read to its end yet: whoever reads its source fills ``rejects``.

    Its ``reading`` does not look for rows that are none.
    """

    name: str
    plain: lines.Plain
    rejects: str
    target: Path


@dataclass(frozen=True)
class _Table:
    source: str
    placed: str
    columns: tuple[str, ...]
    rows: int
    separator: str = ""
    reading: str = ""
    unread: Unread | None = None


def stage(
    engine: DuckDB,
    path: Path,
    workdir: Path,
    *,
    sheet: str | None = None,
    readers: Sequence[Reader] = (),
    name: str = "",
) -> Staged:
    """Read the whole file, or raise and leave nothing behind that counts.

    ``readers`` know files that are no table, by what these contain; ``name`` is what the file was
    called where it came from.
    """
    return counted(engine, begin(engine, path, workdir, sheet=sheet, readers=readers, name=name))


def begin(
    engine: DuckDB,
    path: Path,
    workdir: Path,
    *,
    sheet: str | None = None,
    readers: Sequence[Reader] = (),
    name: str = "",
) -> Staged:
    """``stage``, but a text that is ``unread`` still has no rows: its first reader settles it.

    To read a text costs a sixth of what DuckDB takes to write it as Parquet.
    """
    _look(path)
    workdir.mkdir(parents=True, exist_ok=True)
    name = name or path.name
    source = text.unpacked(path, workdir, name=name)
    if source.stat().st_size == 0:
        raise FileEmpty(f"{name} is empty", hint="export it again")
    encoding = ""
    table = _no_text(engine, source, workdir / "staged.parquet", sheet, readers, name)
    if table is None:
        plain, encoding = text.as_utf8(source, workdir, name=name)
        if aligned.is_aligned(plain):
            plain = aligned.with_tabs(plain, workdir / "tabbed")
        table = _from_text(plain, workdir / "staged.parquet", name)
    staged = Staged(
        table.source, table.placed, table.columns, table.rows, encoding, table.separator,
        _sha256(path), path.stat().st_size, reading=table.reading, unread=table.unread,
    )  # fmt: skip
    return staged if staged.unread else _refused_if_empty(staged, name)


def counted(engine: DuckDB, staged: Staged) -> Staged:
    """The same, read to its end only to be counted."""
    if staged.unread is None:
        return staged
    query = f"SELECT count(*) FROM {staged.source}"
    (rows,) = engine.raw.execute(query).fetchall()[0]
    return settle(engine, staged, rows)


def settle(engine: DuckDB, staged: Staged, rows: int) -> Staged:
    """The text after its ``source`` was read to the end and gave so many rows.

    Where rows are none, the others are laid into a file: their places would not be those of the
    text.
    """
    unread = staged.unread
    if unread is None:
        return staged
    found = engine.raw.execute(
        "SELECT line_byte_position, any_value(csv_line), "
        "arg_min(error_type, byte_position) "  # a row with two cells too many is told twice
        f"FROM rejects_{unread.rejects} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    if not found:
        source = _read(unread.plain.path, staged.reading, skip=unread.plain.header)
        settled = replace(
            staged, source=source, placed=_placed(source), rows=rows, plain=unread.plain,
            unread=None,
        )  # fmt: skip
    else:
        everything = f"SELECT * FROM {staged.source}"
        engine.raw.execute(f"COPY ({everything}) TO {quoted(unread.target)} (FORMAT parquet)")
        table = _of_parquet(unread.target, staged.columns)
        starts = lines.at_bytes(unread.plain.path, [position - 1 for position, *_ in found])
        broken = tuple(
            Broken(line, str(text or "").strip("\r\n")[:2000], _why(kind, len(staged.columns)))
            for line, (_, text, kind) in zip(starts, found, strict=True)
        )
        settled = replace(
            staged, source=table.source, placed=table.placed, rows=table.rows, broken=broken,
            plain=replace(unread.plain, broken=frozenset(starts)), unread=None,
        )  # fmt: skip
    engine.raw.execute(f"DROP TABLE rejects_{unread.rejects}; DROP TABLE scans_{unread.rejects}")
    return _refused_if_empty(settled, unread.name)


def _refused_if_empty(staged: Staged, name: str) -> Staged:
    if staged.rows + len(staged.broken) == 0:
        raise FileEmpty(f"{name} has a header and no row", hint="export a longer period")
    return staged


def _no_text(
    engine: DuckDB,
    source: Path,
    target: Path,
    sheet: str | None,
    readers: Sequence[Reader],
    name: str,
) -> _Table | None:
    with source.open("rb") as file:
        magic = file.read(records.LOOK)
    reader = next((reader for reader in readers if reader.knows(magic)), None)
    if magic.startswith(b"PAR1"):
        columns = _from_parquet(engine, source, target, name)
    elif workbook.is_one(source, magic):
        columns = workbook.to_parquet(source, target, sheet=sheet, name=name)
    elif reader is not None:
        columns = records.to_parquet(reader, source, target, name=name)
    else:
        return None
    return _of_parquet(target, columns)


def _of_parquet(target: Path, columns: tuple[str, ...]) -> _Table:
    cells = ", ".join(named(column) for column in columns)
    file = pq.ParquetFile(target)
    line = f"{named(lines.LINE)}, " if lines.LINE in file.schema_arrow.names else ""
    parquet = quoted(target)
    return _Table(
        f"(SELECT {cells} FROM read_parquet({parquet}))",
        f"(SELECT file_row_number + 1 AS _row, {line}{cells} "
        f"FROM read_parquet({parquet}, file_row_number=true))",
        columns,
        file.metadata.num_rows,
    )


def beginning(engine: DuckDB, staged: Staged, rows: int, target: Path) -> Path:
    """The first rows as a Parquet file, to look at."""
    few = f"SELECT * FROM {staged.source} LIMIT {rows}"
    engine.raw.execute(f"COPY ({few}) TO {quoted(target)} (FORMAT parquet)")
    return target


def of_rows(staged: Staged, rows: lines.Places, target: Path) -> Staged:
    """As if the text had but those of its rows, which ascend from 1; the same where rows are not
    lines."""
    plain = staged.plain
    if plain is None or not lines.copy_rows(plain, rows, staged.rows, target):
        return staged
    source = _read(target, staged.reading, skip=0)
    return replace(
        staged, source=source, placed=_placed(source), rows=rows.size, plain=lines.Plain(target, 0)
    )


def of_parquet(staged: Staged, part: Path) -> Staged:
    """As if the file had ended with those of its rows."""
    table = _of_parquet(part, staged.columns)
    return replace(
        staged, source=table.source, placed=table.placed, rows=table.rows, broken=(), plain=None
    )


def quoted(path: Path) -> str:
    """The path as SQL writes it."""
    return "'" + str(path).replace("'", "''") + "'"


def named(column: str) -> str:
    """The column as SQL writes it."""
    return '"' + column.replace('"', '""') + '"'


def _look(path: Path) -> None:
    if not path.exists():
        raise FileMissing(f"no file {path}", hint="check the path")
    if not path.is_file():
        raise NotAFile(f"{path} is a directory or a device", hint="name the files in it: FILE…")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _from_parquet(engine: DuckDB, source: Path, target: Path, name: str) -> tuple[str, ...]:
    try:
        described = engine.raw.execute(
            f"DESCRIBE SELECT * FROM read_parquet({quoted(source)})"
        ).fetchall()
    except Exception as broken:
        why = str(broken).partition("\n")[0].replace(str(source), name)[:200]
        raise FileBinary(
            f"{name} begins like Parquet and cannot be read: {why}",
            hint="write the file again",
        ) from None
    cells = ", ".join(
        f"{_as_text(column, kind)} AS {named(column)}" for column, kind, *_ in described
    )
    everything = f"SELECT {cells} FROM read_parquet({quoted(source)})"
    engine.raw.execute(f"COPY ({everything}) TO {quoted(target)} (FORMAT parquet)")
    return tuple(column for column, *_ in described)


def _as_text(column: str, kind: str) -> str:
    """A customer number that was read as 13085.0 is 13085."""
    cell = named(column)
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"{cell} = trunc({cell}) AND abs({cell}) < 9e15"
        short = f"CAST(CAST({cell} AS BIGINT) AS VARCHAR)"
        return f"CASE WHEN {whole} THEN {short} ELSE CAST({cell} AS VARCHAR) END"
    return f"CAST({cell} AS VARCHAR)"


def _from_text(plain: Path, target: Path, name: str) -> _Table:
    separator = _separator(plain)
    if ends.are_mixed(plain):  # the engine fails at them, or leaves out rows without a word
        plain = ends.evened(plain, separator, target.with_name("evened"))
    header, skip = _header(plain, separator, name)
    struct = ", ".join(f"'{c.replace(chr(39), chr(39) * 2)}': 'VARCHAR'" for c in header)
    reading = f"delim='{separator}', quote='\"', escape='\"', columns={{{struct}}}"
    tag = f"{os.getpid()}_{next(_names)}"
    strict = f"store_rejects=true, rejects_table='rejects_{tag}', rejects_scan='scans_{tag}'"
    source = _read(plain, f"{reading}, {strict}", skip=skip)
    unread = Unread(name, lines.Plain(plain, skip), tag, target)
    return _Table(source, _placed(source), header, 0, separator, reading, unread)


def _read(plain: Path, reading: str, *, skip: int) -> str:
    options = f"auto_detect=false, header=false, skip={skip}, {reading}"
    return f"(SELECT * FROM read_csv({quoted(plain)}, {options}))"


def _placed(source: str) -> str:
    return f"(SELECT row_number() OVER () AS _row, * FROM {source})"


def _why(kind: Any, columns: int) -> str:
    return f"{str(kind).lower()}; the header has {columns}"


def _separator(plain: Path) -> str:
    with plain.open(encoding="utf-8", newline="") as file:
        return max(",\t;|", key=file.readline().count)


def _header(plain: Path, separator: str, name: str) -> tuple[tuple[str, ...], int]:
    """Names of the columns, and how many lines they take."""
    with plain.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=separator)
        cells = next(reader, [])
        lines = reader.line_num
    if _are_values(cells):
        return tuple(f"column {n}" for n in range(1, len(cells) + 1)), 0
    header = tuple(
        cell.strip().lstrip("\ufeff") or f"column {n}" for n, cell in enumerate(cells, 1)
    )
    if not any(cell.strip() for cell in cells):
        raise FileEmpty(
            f"{name} begins with an empty line", hint="the first line names the columns"
        )
    return headings.told_apart(header), lines


def _are_values(cells: list[str]) -> bool:
    """A first line of numbers and dates alone is a row: the file names no columns."""
    return len(cells) > 1 and all(headings.is_value(cell.strip()) for cell in cells)
