"""One file in, one Parquet file of text columns out."""

from __future__ import annotations

import csv
import hashlib
import itertools
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from joren.collect.connectors.contracts import (
    ColumnsRepeat,
    FileBinary,
    FileEmpty,
    FileMissing,
    NotAFile,
)
from joren.collect.connectors.files import aligned, text, workbook
from joren.warehouse import Engine

_names = itertools.count()
_VALUE = re.compile(r"(?=.*[0-9])[-+0-9.,:/ TZ¥￥()]+")


@dataclass(frozen=True)
class Broken:
    """A row that is no row of its table: too many columns, a quote left open."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class Staged:
    """The rows as text. ``rows`` counts those in the Parquet file, not the broken ones."""

    parquet: Path
    columns: tuple[str, ...]
    rows: int
    encoding: str
    separator: str
    sha256: str
    size: int
    broken: tuple[Broken, ...] = ()


def stage(engine: Engine, path: Path, workdir: Path, *, sheet: str | None = None) -> Staged:
    """Read the whole file into ``workdir``, or raise and leave nothing behind that counts."""
    _look(path)
    workdir.mkdir(parents=True, exist_ok=True)
    target = workdir / "staged.parquet"
    source = text.unpacked(path, workdir)
    if source.stat().st_size == 0:
        raise FileEmpty(f"{path.name} is empty", hint="export it again")
    with source.open("rb") as file:
        magic = file.read(8)
    encoding, separator = "", ""
    broken: tuple[Broken, ...] = ()
    if magic.startswith(b"PAR1"):
        columns = _from_parquet(engine, source, target, path.name)
    elif workbook.is_one(source, magic):
        columns = workbook.to_parquet(source, target, sheet=sheet, name=path.name)
    else:
        plain, encoding = text.as_utf8(source, workdir, name=path.name)
        if aligned.is_aligned(plain):
            plain = aligned.with_tabs(plain, workdir / "tabbed")
        columns, separator, broken = _from_text(engine, plain, target, path.name)
    rows = pq.ParquetFile(target).metadata.num_rows
    if rows + len(broken) == 0:
        raise FileEmpty(f"{path.name} has a header and no row", hint="export a longer period")
    return Staged(
        target, columns, rows, encoding, separator, _sha256(path), path.stat().st_size, broken
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


def _from_parquet(engine: Engine, source: Path, target: Path, name: str) -> tuple[str, ...]:
    try:
        described = engine.raw.execute(
            f"DESCRIBE SELECT * FROM read_parquet({quoted(source)})"  # noqa: S608 (our own quoting)
        ).fetchall()
    except Exception as broken:
        raise FileBinary(
            f"{name} begins like Parquet and cannot be read: {str(broken)[:200]}",
            hint="write the file again",
        ) from None
    cells = ", ".join(
        f"{_as_text(column, kind)} AS {named(column)}" for column, kind, *_ in described
    )
    everything = f"SELECT {cells} FROM read_parquet({quoted(source)})"  # noqa: S608
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


def _from_text(
    engine: Engine, plain: Path, target: Path, name: str
) -> tuple[tuple[str, ...], str, tuple[Broken, ...]]:
    header, separator, skip = _header(plain, name)
    struct = ", ".join(f"'{c.replace(chr(39), chr(39) * 2)}': 'VARCHAR'" for c in header)
    tag = f"{os.getpid()}_{next(_names)}"
    rejects = f"rejects_{tag}"
    raw = engine.raw
    options = (
        f"auto_detect=false, header=false, skip={skip}, "
        f"delim='{separator}', quote='\"', escape='\"', "
        f"columns={{{struct}}}, store_rejects=true, "
        f"rejects_table='{rejects}', rejects_scan='scans_{tag}'"
    )
    everything = f"SELECT * FROM read_csv({quoted(plain)}, {options})"  # noqa: S608
    raw.execute(f"COPY ({everything}) TO {quoted(target)} (FORMAT parquet)")
    found = raw.execute(
        "SELECT line, any_value(csv_line), any_value(error_type) "  # noqa: S608
        f"FROM {rejects} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    raw.execute(f"DROP TABLE {rejects}; DROP TABLE scans_{tag}")
    return header, separator, tuple(_broken(row, len(header)) for row in found)


def _broken(row: tuple[Any, ...], columns: int) -> Broken:
    line, csv_line, kind = row
    reason = str(kind).lower()
    return Broken(int(line), str(csv_line or "")[:2000], f"{reason}; the header has {columns}")


def _header(plain: Path, name: str) -> tuple[tuple[str, ...], str, int]:
    """Names of the columns, what separates them, and how many lines they take."""
    with plain.open(encoding="utf-8", newline="") as file:
        first = file.readline()
        separator = max(",\t;|", key=first.count)
        file.seek(0)
        reader = csv.reader(file, delimiter=separator)
        cells = next(reader, [])
        lines = reader.line_num
    if _are_values(cells):
        return tuple(f"column {n}" for n in range(1, len(cells) + 1)), separator, 0
    header = tuple(
        cell.strip().lstrip("\ufeff") or f"column {n}" for n, cell in enumerate(cells, 1)
    )
    if not any(cell.strip() for cell in cells):
        raise FileEmpty(
            f"{name} begins with an empty line", hint="the first line names the columns"
        )
    _refuse_repeats(header, name)
    return header, separator, lines


def _are_values(cells: list[str]) -> bool:
    """A first line of numbers and dates alone is a row: the file names no columns."""
    return len(cells) > 1 and all(_VALUE.fullmatch(cell.strip()) for cell in cells)


def _refuse_repeats(header: tuple[str, ...], name: str) -> None:
    # The engine does not tell capitals apart in a column's name.
    folded = [cell.casefold() for cell in header]
    twice = sorted(
        {cell for cell, low in zip(header, folded, strict=True) if folded.count(low) > 1}
    )
    if twice:
        raise ColumnsRepeat(
            f"{name} has more than one column {twice[0]!r}", hint="give each column its own name"
        )
