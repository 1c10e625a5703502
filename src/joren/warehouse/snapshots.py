"""One dated set of insights per refresh.

The tables of a snapshot are written first; the row in ``snapshots`` comes last and makes all of it
visible at once. A refresh that died leaves files that no row names; the next one removes them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar, cast
from uuid import uuid4

import ibis.expr.types as ir

from joren.core.ids import SnapshotId
from joren.core.tables import TableSpec
from joren.warehouse.engine import Engine
from joren.warehouse.engines.duckdb import DuckDB
from joren.warehouse.lake import Lake
from joren.warehouse.remembered import Remembered
from joren.warehouse.rows import write_rows

T = TypeVar("T")

ANSWERS: Final = 64
"""So many small answers of snapshots a process keeps."""

SNAPSHOTS: Final = TableSpec(
    "snapshots",
    {
        "snapshot_id": "int64",
        "as_of": "date",
        "built_at": "timestamp('UTC', 6)",
        "seconds": "float64",
        "facts": "string",  # JSON: table → version that was read
        "settings": "string",  # JSON: zone, currency, rates
    },
)
FIGURES: Final = TableSpec(
    "figures", {"room": "string", "name": "string", "document": "string"}, snapshot=True
)


@dataclass(frozen=True)
class Snapshot:
    """Which insights these are."""

    id: SnapshotId
    as_of: date
    built_at: datetime
    seconds: float
    facts: Mapping[str, int]
    settings: Mapping[str, Any]


class Snapshots:
    """Writes and reads snapshots."""

    def __init__(self, lake: Lake, engine: Engine, embedded: DuckDB) -> None:
        self.lake = lake
        self.engine = engine
        self._embedded = embedded  # for what is a few rows on every engine
        self._listed = Remembered[tuple[Snapshot, ...]](2)
        self._answers = Remembered[Any](ANSWERS)

    def all(self) -> tuple[Snapshot, ...]:
        """Newest last."""
        files = self.lake.files(SNAPSHOTS)
        return self._listed.get(files, lambda: self._all(files)) if files else ()

    def _all(self, files: Sequence[str]) -> tuple[Snapshot, ...]:
        listed = self._embedded.files(files, SNAPSHOTS).order_by("snapshot_id")
        rows = self._embedded.rows(listed)
        return tuple(_snapshot(row) for row in rows)

    def latest(self) -> Snapshot | None:
        """The newest finished snapshot, or None before the first refresh."""
        found = self.all()
        return found[-1] if found else None

    def next_id(self) -> SnapshotId:
        last = self.latest()
        return SnapshotId(1 if last is None else last.id + 1)

    def table(self, snapshot: SnapshotId, spec: TableSpec) -> ir.Table:
        """One table of the snapshot."""
        return self.engine.files(self.lake.files(spec, snapshot=snapshot), spec)

    def write(
        self,
        snapshot: SnapshotId,
        spec: TableSpec,
        rows: ir.Table | Sequence[ir.Table],
        scratch: Path,
    ) -> None:
        """Keep a table under the snapshot; invisible until the snapshot is finished.

        One that is too large to be made at once is given in parts.
        """
        parts = [rows] if isinstance(rows, ir.Table) else rows
        files = [file for part in parts for file in self.engine.write(part, scratch, spec)]
        self._keep(spec, files, snapshot)

    def write_figures(
        self, snapshot: SnapshotId, documents: Mapping[tuple[str, str], Any], scratch: Path
    ) -> None:
        """Small answers of rooms, as JSON documents by (room, name)."""
        rows = [
            {"room": room, "name": name, "document": json.dumps(document, ensure_ascii=False)}
            for (room, name), document in documents.items()
        ]
        self._keep(FIGURES, write_rows(rows, scratch, FIGURES), snapshot)

    def figures(self, snapshot: SnapshotId) -> dict[tuple[str, str], Any]:
        """All small answers of the snapshot."""
        return {
            (row["room"], row["name"]): json.loads(row["document"])
            for row in self._embedded.rows(self._figures(snapshot))
        }

    def _figures(self, snapshot: SnapshotId) -> ir.Table:
        return self._embedded.files(self.lake.files(FIGURES, snapshot=snapshot), FIGURES)

    def figure(
        self, snapshot: SnapshotId, room: str, name: str, read: Callable[[Any], T]
    ) -> T | None:
        """One small answer of the snapshot, as ``read`` makes it of its document.

        None where it has none. It is read once and then kept: nobody may change it.
        """

        def found() -> T | None:
            kept = self._figures(snapshot)
            rows = self._embedded.rows(kept.filter(kept.room == room, kept.name == name))
            return read(json.loads(rows[0]["document"])) if rows else None

        return self.once(snapshot, (FIGURES,), (room, name), found)

    def once(
        self,
        snapshot: SnapshotId,
        specs: Sequence[TableSpec],
        what: Hashable,
        make: Callable[[], T],
    ) -> T:
        """A small answer from tables of a snapshot: made once, for they do not change."""
        files = tuple(self.lake.files(spec, snapshot=snapshot) for spec in specs)
        return cast(T, self._answers.get((what, files), make))

    def finish(self, snapshot: Snapshot, scratch: Path) -> None:
        """Make the snapshot visible: the one atomic step of a refresh."""
        row = {
            "snapshot_id": snapshot.id,
            "as_of": snapshot.as_of,
            "built_at": snapshot.built_at,
            "seconds": snapshot.seconds,
            "facts": json.dumps(dict(snapshot.facts)),
            "settings": json.dumps(dict(snapshot.settings), ensure_ascii=False),
        }
        files = write_rows([row], scratch, SNAPSHOTS)
        self.lake.append(SNAPSHOTS, files, key=_key(snapshot.id))
        for path in files:
            path.unlink()

    def _keep(self, spec: TableSpec, files: Sequence[Path], snapshot: SnapshotId) -> None:
        self.lake.append(spec, files, key=_key(snapshot), snapshot=snapshot)
        for path in files:
            path.unlink()

    def drop(self, snapshot: SnapshotId, specs: Sequence[TableSpec]) -> None:
        """Remove what a dead refresh left under that id."""
        for spec in specs:
            if self.lake.files(spec, snapshot=snapshot):
                self.lake.drop_snapshot(spec, snapshot)


def _key(snapshot: SnapshotId) -> str:
    """Of one commit and no other: a refresh that died may have written under the same id."""
    return f"snapshot-{snapshot}-{uuid4().hex}"


def _snapshot(row: Mapping[str, Any]) -> Snapshot:
    return Snapshot(
        id=SnapshotId(row["snapshot_id"]),
        as_of=row["as_of"],
        built_at=row["built_at"],
        seconds=row["seconds"],
        facts=json.loads(row["facts"]),
        settings=json.loads(row["settings"]),
    )
