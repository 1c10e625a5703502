"""Many small files into few large ones, without the rows that nobody needs any more.

A table's files are exchanged in one commit, so a reader sees the old files or the new ones. Call
these with the journal's lock held: nobody else writes meanwhile.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import ibis.expr.types as ir

from joren.core.tables import TableSpec
from joren.warehouse.engine import Engine
from joren.warehouse.lake import Lake

SMALL: Final = 64 * 2**20
"""Bytes: files of less are joined, once there are several."""
SEVERAL: Final = 8


def join_small(lake: Lake, engine: Engine, spec: TableSpec, scratch: Path) -> int:
    """Join the small files of a table; returns how many there were, 0 when there was no need."""
    small = [path for path in lake.files(spec) if Path(path).stat().st_size < SMALL]
    if len(small) < SEVERAL:
        return 0
    _exchange(lake, engine, spec, small, engine.files(small, spec), scratch, same_rows=True)
    return len(small)


def leave_out(
    lake: Lake, engine: Engine, spec: TableSpec, unwanted: ir.Table, scratch: Path
) -> int:
    """Write anew, without the unwanted rows, the files that hold any; returns how many files.

    ``unwanted`` has columns of the table: a row that agrees in all of them goes.
    """
    keys = unwanted.columns
    held = []
    for path in lake.files(spec):
        rows = engine.files([path], spec).semi_join(unwanted, keys)
        if engine.rows(rows.limit(1).select(keys[0])):
            held.append(path)
    if held:
        rows = engine.files(held, spec).anti_join(unwanted, keys)
        _exchange(lake, engine, spec, held, rows, scratch, same_rows=False)
    return len(held)


def _exchange(
    lake: Lake,
    engine: Engine,
    spec: TableSpec,
    out: Sequence[str],
    rows: ir.Table,
    scratch: Path,
    *,
    same_rows: bool,
) -> None:
    folder = scratch / f"compact-{spec.name}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        files = engine.write(rows, folder, spec)
        lake.exchange(spec, out, files, same_rows=same_rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
