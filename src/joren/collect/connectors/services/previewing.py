"""The first rows of a file, and what they would become: nothing is kept."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import pyarrow.parquet as pq

from joren.accounts.selectors import business
from joren.collect.connectors import contracts, mapping, models, parsing, rules, uploads
from joren.collect.connectors.contracts import FieldChoice, Kind, Preview
from joren.collect.connectors.fields import TYPES
from joren.collect.connectors.files import Staged, beginning, of_parquet, stage, workbook
from joren.collect.connectors.formats import generic
from joren.collect.connectors.formats.known import format_named, meaning_of, readers
from joren.collect.connectors.formats.shape import Canonical
from joren.collect.connectors.mapping import Mapping as ColumnMapping
from joren.collect.connectors.rejecting import each
from joren.core import clock
from joren.plumbing.warehouse import warehouse

ROWS: Final = 20
_HEAD: Final = 1 << 18
_SAMPLE: Final = 200


def preview(
    import_id: int, *, chosen: ColumnMapping | None = None, format: str | None = None
) -> Preview:
    """Read the file's head with that mapping and format, or as was said or is remembered."""
    row = models.Import.objects.filter(pk=import_id).first()
    if row is None:
        raise contracts.NoSuchImport(f"no import {import_id}", hint="joren imports list")
    if not uploads.is_there(row.upload):
        raise contracts.FileGone(
            f"the file of import {import_id} is no longer kept", hint="upload it again"
        )
    kind: Kind = row.kind  # type: ignore[assignment]  # the constraint keeps it to the kinds
    kept = row.mapping
    said = chosen or (mapping.mapping_of(kept["mapping"]) if kept["mapping"] else ColumnMapping())
    with _folder() as work:
        staged = stage(
            warehouse().embedded,
            _head(uploads.path_of(row.upload), work),
            work,
            sheet=said.sheet,
            readers=readers(),
            name=row.file_name,
        )
        said = said if chosen else _recalled(said, staged, row)
        format = format or kept["format"]
        found = _looked_at(staged, kind, said, format, kept["currency"], row.store, work)
        return replace(found, sheets=workbook.sheets_of(uploads.path_of(row.upload)))


def _recalled(said: ColumnMapping, staged: Staged, row: models.Import) -> ColumnMapping:
    if said.columns or said.constants:
        return said
    known = models.SourceMapping.objects.filter(
        kind=row.kind, store=row.store, fingerprint=rules.fingerprint(staged.columns)
    ).first()
    return mapping.mapping_of(known.mapping) if known else said


def _looked_at(
    staged: Staged,
    kind: Kind,
    said: ColumnMapping,
    format: str,
    currency: str | None,
    store: str,
    work: Path,
) -> Preview:
    rows = pq.read_table(beginning(warehouse().embedded, staged, _SAMPLE, work / "sample.parquet"))
    values = {name: [text or "" for text in rows[name].to_pylist()] for name in staged.columns}
    known = format_named(format, staged.columns) if kind == "orders" else generic.FORMAT
    by_format = known is not generic.FORMAT and not said.columns and not said.constants
    choices = () if by_format else _choices(staged, kind, said, values)
    read = said
    if choices and not said.columns:
        # What is suggested is what is shown; nothing holds before somebody agrees.
        read = replace(said, columns={one.name: one.column for one in choices if one.column})
    shown = Preview(
        columns=staged.columns,
        rows=tuple(zip(*(column[:ROWS] for column in values.values()), strict=True)),
        format=known.name if by_format else "generic",
        choices=choices,
        becomes=(),
        wrong={},
    )
    try:
        shape = (
            meaning_of(staged.columns, known)
            if by_format
            else generic.canonical(staged.columns, kind, read.columns, read.constants)
        )
    except contracts.ColumnsUnknown as missing:
        return replace(shown, missing=missing.message, hint=missing.hint)
    return _tried(shown, _cut(staged, work), shape, kind, read, currency, store, work)


def _cut(staged: Staged, work: Path) -> Staged:
    first = beginning(warehouse().embedded, staged, ROWS, work / "first.parquet")
    return of_parquet(staged, first)


def _tried(
    shown: Preview,
    staged: Staged,
    shape: Canonical,
    kind: Kind,
    said: ColumnMapping,
    currency: str | None,
    store: str,
    work: Path,
) -> Preview:
    ours = business()
    parsed = parsing.parse(
        warehouse().embedded,
        staged,
        shape,
        kind,
        zone=said.time_zone or ours.time_zone,
        currency=mapping.currency_of(currency, said, ours.currency),
        latest=clock.now() + timedelta(days=1),
        store=store or None,
        workdir=work,
    )
    return replace(
        shown,
        becomes=tuple(parsing.taken(warehouse().embedded, parsed)),
        wrong={(bad.row, bad.column): bad.expected for bad in each(parsed.rejected) if bad.column},
        currency=parsed.currency,
        money=tuple(name for name, type_ in TYPES[kind].items() if type_ in ("money", "price")),
    )


def _choices(
    staged: Staged, kind: Kind, said: ColumnMapping, values: Mapping[str, Sequence[str]]
) -> tuple[FieldChoice, ...]:
    named = {
        field: column
        for field, column in generic.named_columns(staged.columns, kind).items()
        if column not in said.columns.values()
    }
    by_values = {} if said.columns else rules.suggested(kind, named, values)
    required = generic.required_of(kind)
    return tuple(
        FieldChoice(name, name in required, said.columns[name], "chosen")
        if name in said.columns
        else FieldChoice(name, name in required, named[name], "header")
        if name in named
        else FieldChoice(
            name, name in required, by_values.get(name, ""), "values" if name in by_values else ""
        )
        for name in generic.fields_of(kind)
    )


@contextmanager
def _folder() -> Iterator[Path]:
    folder = warehouse().scratch / f"preview-{uuid4().hex}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _head(path: Path, work: Path) -> Path:
    """The first lines of a large text, so that it need not be read to its end."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    with gzip.open(path) if packed else path.open("rb") as file:
        try:
            start = file.read(_HEAD)
        except (OSError, EOFError):
            return path  # whoever reads all of it says what is wrong
    if len(start) < _HEAD or b"\0" in start[:4096] or start.startswith((b"PAR1", b"PK", b"<")):
        return path
    head = work / "head"
    head.write_bytes(start[: start.rfind(b"\n") + 1] or start)
    return head
