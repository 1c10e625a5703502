"""Delta Lake tables: atomic commits over Parquet files that many engines can read."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote
from uuid import uuid4

import ibis
import pyarrow.parquet as pq
from deltalake import DeltaTable, Schema
from deltalake.exceptions import TableNotFoundError
from deltalake.transaction import (
    AddAction,
    CommitProperties,
    RemoveAction,
    Transaction,
    create_table_with_add_actions,
)

from joren.core.errors import BadInput
from joren.core.tables import TableSpec

PARTITION = "snapshot_id"
LONGEST_READ_HOURS: Final = 168
"""Files that a reader may still hold are older than this when they go."""

_EXCHANGED = "jorenExchanged"
_LOG = "_delta_log"

Mark = tuple[int, ...]


@dataclass(frozen=True)
class _State:
    """What a table was when its log was read; ``mark`` is the log's as long as it is that."""

    version: int
    files: tuple[str, ...]
    of_snapshot: Mapping[int, tuple[str, ...]]
    mark: Mark | None


@dataclass(frozen=True)
class Reading:
    """Which files a table had when somebody looked."""

    spec: TableSpec
    snapshot: int | None
    files: tuple[str, ...]


_NOTHING = _State(-1, (), {}, None)


class Lake:
    """The tables under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._states: dict[str, _State] = {}
        self._local = threading.local()

    def folder(self, spec: TableSpec) -> Path:
        return self.root / spec.name

    def exists(self, spec: TableSpec) -> bool:
        return (self.folder(spec) / _LOG).is_dir()

    def version(self, spec: TableSpec) -> int:
        """The number of the newest commit; −1 before the first."""
        return self._state(spec).version

    def files(self, spec: TableSpec, *, snapshot: int | None = None) -> tuple[str, ...]:
        """Parquet files that are part of the table now (of one snapshot, if asked)."""
        state = self._state(spec)
        files = state.files if snapshot is None else state.of_snapshot.get(snapshot, ())
        for notes in self._notes():
            notes.append(Reading(spec, snapshot, files))
        return files

    @contextmanager
    def noting(self) -> Iterator[list[Reading]]:
        """What this thread reads meanwhile."""
        notes: list[Reading] = []
        self._notes().append(notes)
        try:
            yield notes
        finally:
            self._notes().pop()

    def reads_still(self, reading: Reading) -> bool:
        """Would it find the same files now?"""
        return self.files(reading.spec, snapshot=reading.snapshot) == reading.files

    def _notes(self) -> list[list[Reading]]:
        if not hasattr(self._local, "notes"):
            self._local.notes = []
        notes: list[list[Reading]] = self._local.notes
        return notes

    def has_transaction(self, spec: TableSpec, key: str, number: int = 1) -> bool:
        """Was that commit of that key made? Delta itself accepts a repeated one, so ask first."""
        return self.number_of(spec, key) >= number

    def number_of(self, spec: TableSpec, key: str) -> int:
        """The number of the last commit of that key; 0 before the first."""
        table = self._open(spec)
        made = None if table is None else table.transaction_version(key)
        return 0 if made is None else int(made)

    def append(
        self,
        spec: TableSpec,
        files: Sequence[Path],
        *,
        key: str,
        number: int = 1,
        snapshot: int | None = None,
    ) -> None:
        """Add finished Parquet files in one commit; the same ``key`` again changes nothing.

        Commits of one key that come for ever have growing numbers: the log keeps the last one.
        """
        if not files or self.has_transaction(spec, key, number):
            return
        placed = [self._place(spec, path, snapshot) for path in files]
        self._commit(
            spec, [_action(path, self.folder(spec), snapshot) for path in placed], key, number
        )

    def drop_snapshot(self, spec: TableSpec, snapshot: int) -> None:
        """Take one snapshot out of the table; its files go with the next vacuum."""
        table = self._open(spec)
        if table is not None:
            table.delete(f"{PARTITION} = {int(snapshot)}")

    def remove(self, spec: TableSpec, column: str, values: Sequence[int]) -> None:
        """Write anew, without them, the files whose rows have one of the numbers in the column."""
        table = self._open(spec)
        if table is not None and values:
            listed = ", ".join(str(int(value)) for value in values)
            table.delete(f"{column} IN ({listed})")

    def exchange(
        self, spec: TableSpec, out: Sequence[str], files: Sequence[Path], *, same_rows: bool
    ) -> None:
        """Put finished files in the place of others, in one commit.

        What goes out stays on the disk until the next vacuum, for those who are reading it.
        """
        root, now = self.folder(spec), int(time.time() * 1000)
        gone = [
            RemoveAction(Path(path).relative_to(root).as_posix(), not same_rows, now)
            for path in out
        ]
        placed = [
            _action(self._place(spec, path, None), root, None, not same_rows) for path in files
        ]
        properties = CommitProperties(custom_metadata={_EXCHANGED: now}, max_commit_retries=15)
        table = DeltaTable(str(root))
        table.create_write_transaction(
            [*gone, *placed], "append", table.schema(), commit_properties=properties
        )
        table.update_incremental()
        table.create_checkpoint()

    def exchanged_at(self, spec: TableSpec) -> datetime | None:
        """When files were last exchanged, as far back as the log is kept."""
        table = self._open(spec)
        log = [] if table is None else table.history()
        times = [commit[_EXCHANGED] for commit in log if _EXCHANGED in commit]
        return datetime.fromtimestamp(int(max(times)) / 1000, UTC) if times else None

    def vacuum(self, spec: TableSpec, *, hours: int = LONGEST_READ_HOURS) -> None:
        """Remove files that no version of the last ``hours`` needs, and the oldest of the log."""
        table = self._open(spec)
        if table is not None:
            table.vacuum(
                retention_hours=hours, dry_run=False, enforce_retention_duration=False, full=True
            )
            table.cleanup_metadata()

    def _state(self, spec: TableSpec) -> _State:
        """The table as it is now; its log is read only if somebody has written since."""
        log = self.folder(spec) / _LOG
        kept = self._states.get(spec.name, _NOTHING)
        if kept.mark is not None and kept.mark == _mark(log, kept.version):
            return kept
        before = _inode(log)
        table = self._open(spec)
        if table is None:
            return _NOTHING
        # Delta writes addresses: a folder 山田 shop is %E5%B1%B1%E7%94%B0%20shop in them.
        files = sorted(unquote(str(uri).removeprefix("file://")) for uri in table.file_uris())
        by: dict[int, list[str]] = {}
        for path in files if spec.snapshot else ():
            by.setdefault(int(Path(path).parent.name.removeprefix(f"{PARTITION}=")), []).append(
                path
            )
        version = int(table.version())
        mark = _mark(log, version)
        if mark is not None and mark[: len(before)] != before:
            mark = None  # another folder was put in its place meanwhile
        of_snapshot = {number: tuple(paths) for number, paths in by.items()}
        self._states[spec.name] = state = _State(version, tuple(files), of_snapshot, mark)
        return state

    def _open(self, spec: TableSpec) -> DeltaTable | None:
        if not self.exists(spec):
            return None
        try:
            return DeltaTable(str(self.folder(spec)))
        except TableNotFoundError:  # a crash between making the folder and the first commit
            return None

    def _place(self, spec: TableSpec, path: Path, snapshot: int | None) -> Path:
        """Move a finished file to where the table keeps its files."""
        folder = self.folder(spec)
        if snapshot is not None:
            folder = folder / f"{PARTITION}={snapshot}"
        folder.mkdir(parents=True, exist_ok=True)
        if path.parent == folder:
            return path
        target = folder / f"part-{uuid4().hex}.parquet"
        try:
            os.link(path, target)  # a link, so that a repeated attempt still finds its source
        except OSError:  # another file system
            shutil.copyfile(path, target)
        return target

    def _commit(self, spec: TableSpec, actions: list[AddAction], key: str, number: int) -> None:
        columns = dict(spec.columns)
        partition = None
        if spec.snapshot:
            columns[PARTITION] = "int64"
            partition = [PARTITION]
        schema = Schema.from_arrow(ibis.schema(columns).to_pyarrow())
        properties = CommitProperties(
            app_transactions=[Transaction(key, number)], max_commit_retries=15
        )
        table = self._open(spec)
        if table is None:
            create_table_with_add_actions(
                str(self.folder(spec)),
                schema,
                actions,
                mode="append",
                partition_by=partition,
                name=spec.name,
                commit_properties=properties,
            )
            return
        there = {field.name for field in table.schema().fields}
        if news := [field for field in schema.fields if field.name not in there]:
            table.alter.add_columns(news)
        table.create_write_transaction(
            actions, "append", schema, partition, commit_properties=properties
        )


def _inode(path: Path) -> Mark:
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    return found.st_dev, found.st_ino


def _mark(log: Path, version: int) -> Mark | None:
    """What tells this state of the log from any other; None if the version is not its newest.

    A restore puts another folder in the place, whose commit of the same number is another file.
    """
    try:
        commit = (log / f"{version:020}.json").stat()
    except FileNotFoundError:
        return None
    if (log / f"{version + 1:020}.json").exists():
        return None
    return (*_inode(log), commit.st_ino, commit.st_mtime_ns, commit.st_size)


def _action(path: Path, root: Path, snapshot: int | None, news: bool = True) -> AddAction:
    """What the Delta log says of one file, which is on the disk before the log names it."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    rows = pq.read_metadata(path).num_rows
    return AddAction(
        path=path.relative_to(root).as_posix(),
        size=path.stat().st_size,
        partition_values={} if snapshot is None else {PARTITION: str(snapshot)},
        modification_time=int(time.time() * 1000),
        data_change=news,
        stats=json.dumps({"numRecords": rows}),
    )


def local_root(url: str) -> Path:
    """The folder behind a warehouse address."""
    if "://" in url and not url.startswith("file://"):
        raise BadInput(
            f"JOREN_WAREHOUSE is {url!r}; this version keeps the warehouse in a folder",
            hint="give a path; mount the object store if it must lie there",
        )
    return Path(url.removeprefix("file://")).expanduser()
