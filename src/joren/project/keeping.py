"""Backup and restore: everything under the home and the database, in one tar file.

SQLite is copied by its own backup, PostgreSQL by pg_dump, so that pages may be written meanwhile;
imports and refreshes wait. What joren makes again by itself (scratch, static files, compiled words)
is left out.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection, connections

from joren import __version__
from joren.core import clock
from joren.core.errors import BadInput, NotFound, Refused
from joren.plumbing.warehouse import warehouse
from joren.project import dumping, swapping
from joren.project.databases import INBOX
from joren.project.dumping import DUMP
from joren.protect.erasure.contracts import LOG
from joren.protect.erasure.services import take_over

MANIFEST: Final = "joren-backup.json"
DATABASES: Final = {"joren.sqlite3": "default", "inbox.sqlite3": INBOX}
WAREHOUSE: Final = "warehouse"
_MADE_AGAIN: Final = {
    "scratch", "static", "locale", "before-restore", "restoring", swapping.PLAN, swapping.LOCK,
}  # fmt: skip
_STAYS: Final = {*_MADE_AGAIN, "demo-sign-in", "demo-files", LOG}
_LEFT_OUT: Final = (
    "The database is not in it: keep it with pg_dump beside this file, before the next import."
)
_NOT_IN_IT: Final = (
    "The database is not in it: bring it back with pg_restore, as it was kept with this file."
)


class BadBackup(BadInput):
    """The file is no backup of joren's, or a damaged one."""


@dataclass(frozen=True)
class Kept:
    """What a backup holds."""

    file: str
    files: int
    size: int
    database: str
    note: str = ""


def backup(file: Path, *, database: bool = True) -> Kept:
    """Write the tar file, whole or not at all; PostgreSQL may be left to who keeps it anyway."""
    home: Path = settings.JOREN_HOME
    target = file.absolute()
    if not target.parent.is_dir():
        raise NotFound(f"there is no folder {file.parent}", hint="make it, or write elsewhere")
    if target.is_relative_to(home):
        raise BadInput(f"{file} lies in the home that it keeps", hint="write it to another disk")
    draft = target.with_name(f".{target.name}.draft")
    with warehouse().journal.lock():
        try:
            # What it holds, personal data and the secret key, is for this user alone. One that a
            # kill left here is written over.
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as out:
                files = _write(out, home, dumped=database and not _sqlite())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    note = "" if database or _sqlite() else _LEFT_OUT
    return Kept(str(file), files, target.stat().st_size, connection.vendor, note)


def restore(file: Path, *, replace: bool = False) -> Kept:
    """Put the files of a backup in place; what was there is put aside under ``before-restore``."""
    home: Path = settings.JOREN_HOME
    if not file.is_file():
        raise NotFound(f"there is no file {file}", hint="name the tar that joren backup wrote")
    if not replace:
        _refuse_to_replace(*(place for place in _places(home).values() if _in_use(place)))
    with swapping.alone(home), _unpacked(file, home) as (folder, manifest):
        _refuse_what_does_not_fit(manifest)
        dumped = folder / DUMP
        whole = _sqlite() or dumped.exists()
        if dumped.exists():
            dumping.check(dumped)
            if not replace and dumping.in_use():
                _refuse_to_replace("the database")
        files = sum(1 for one in folder.rglob("*") if one.is_file())
        # Who was erased since stays erased: the next start does it again in what came back.
        take_over(folder / LOG)
        (folder / LOG).unlink(missing_ok=True)
        _put_in_place(folder, home)
    note = "" if whole else _NOT_IN_IT
    return Kept(str(file), files, file.stat().st_size, connection.vendor, note)


def _refuse_to_replace(*taken: object) -> None:
    if taken:
        raise Refused(f"{taken[0]} is in use", hint="stop joren, then joren restore FILE --replace")


def _refuse_what_does_not_fit(manifest: dict[str, Any]) -> None:
    if (kind := manifest["database"]) != connection.vendor:
        raise Refused(
            f"the backup is of {kind}, this installation has {connection.vendor}",
            hint="set JOREN_DATABASE_URL as it was then",
        )
    if _numbers(manifest["joren"]) > _numbers(__version__):
        raise Refused(
            f"the backup is of joren {manifest['joren']}, this is {__version__}",
            hint="install that version or a newer one; an older backup is brought up to date",
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _sqlite() -> bool:
    return connection.vendor == "sqlite"


def _places(home: Path) -> dict[str, Path]:
    """Where what the backup calls so belongs: both may lie outside the home."""
    found = {WAREHOUSE: Path(settings.JOREN_WAREHOUSE)}
    return {name: home / place for name, place in found.items()} | _databases(home)


def _databases(home: Path) -> dict[str, Path]:
    """The files of SQLite by what the backup calls them."""
    if not _sqlite():
        return {}
    known = settings.DATABASES
    return {file: home / known[name]["NAME"] for file, name in DATABASES.items() if name in known}


def _in_use(place: Path) -> bool:
    return any(place.iterdir()) if place.is_dir() else place.exists()


def _write(out: Any, home: Path, *, dumped: bool) -> int:
    places, databases = _places(home), _databases(home)
    files = 0
    with tarfile.open(fileobj=out, mode="w") as tar, tempfile.TemporaryDirectory(dir=home) as spare:
        _add_text(tar, MANIFEST, json.dumps(_manifest()))
        for name, database in databases.items():
            if database.exists():
                tar.add(_copy_of(database, Path(spare, name)), name)
                files += 1
        if dumped:
            dumping.dump(Path(spare, DUMP))
            tar.add(Path(spare, DUMP), DUMP)
            files += 1
        for name, path in _files(home, places, Path(spare)):
            tar.add(path, name, recursive=False)
            files += 1
    return files


def _manifest() -> dict[str, str]:
    return {
        "joren": __version__,
        "written_at": clock.now().isoformat(),
        "database": connection.vendor,
    }


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(text.encode())
    tar.addfile(entry, io.BytesIO(text.encode()))


def _copy_of(database: Path, copy: Path) -> Path:
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def _files(home: Path, places: dict[str, Path], spare: Path) -> Iterator[tuple[str, Path]]:
    apart = {*places.values(), spare, *(home / name for name in _MADE_AGAIN)}
    for database in _databases(home).values():
        apart |= {database.with_name(database.name + end) for end in ("-wal", "-shm", "-journal")}
    for top in sorted(home.iterdir()):
        if top not in apart:
            yield from _below(top, home)
    for name, path in _below(places[WAREHOUSE], places[WAREHOUSE].parent):
        yield str(Path(WAREHOUSE, *Path(name).parts[1:])), path


def _below(top: Path, root: Path) -> Iterator[tuple[str, Path]]:
    for path in [top] if top.is_file() else sorted(top.rglob("*")):
        if path.is_file() and path.name != "lock":
            yield str(path.relative_to(root)), path


@contextmanager
def _unpacked(file: Path, home: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The backup's files, looked at before anything is replaced."""
    folder = home / "restoring"
    shutil.rmtree(folder, ignore_errors=True)  # of one that was killed before it promised anything
    folder.mkdir(mode=0o700)
    try:
        try:
            with tarfile.open(file) as tar:
                tar.extractall(folder, filter="data")
            manifest = json.loads((folder / MANIFEST).read_text())
            (folder / MANIFEST).unlink()
            for name in DATABASES:
                _check_database(folder / name)
        except (OSError, EOFError, tarfile.TarError, ValueError, sqlite3.DatabaseError) as problem:
            raise BadBackup(
                f"{file} is no whole backup: {problem}", hint="take an earlier one"
            ) from None
        yield folder, manifest
    finally:
        # What is promised is still needed: the next start finishes it.
        if not (home / swapping.PLAN).exists():
            for left in (folder, *map(_near, _places(home).values())):
                shutil.rmtree(left, ignore_errors=True)


def _check_database(copy: Path) -> None:
    if copy.exists():
        with closing(sqlite3.connect(copy)) as database:
            (answer,) = database.execute("PRAGMA quick_check").fetchone()
        if answer != "ok":
            raise ValueError(answer)


def _put_in_place(folder: Path, home: Path) -> None:
    """Exchange all of it at once; what the backup does not know is put aside with the rest.

    The database comes last of what can fail: nobody else writes by then, and each file lies near.
    """
    connections.close_all()
    places, databases = _places(home), set(_databases(home).values())
    with warehouse().journal.lock():
        aside = home / "before-restore" / f"{clock.now():%Y%m%dT%H%M%S}"
        laid = [one for one in sorted(folder.iterdir()) if one.name != DUMP]
        new = {places.get(one.name, home / one.name): one for one in laid}
        old = {one for one in home.iterdir() if one.name not in _STAYS}
        beside = ("-wal", "-shm", "-journal")
        for database in databases:
            old -= {database.with_name(database.name + end) for end in beside}
        swapping.swap(
            home,
            [
                swapping.Move(
                    place=str(place),
                    aside=str(aside / place.name),
                    new=_on_the_disk_of(place, new[place]) if place in new else None,
                    companions=beside if place in databases else (),
                )
                for place in sorted({*new, *old, *places.values()})
            ],
            along=_brought_back(folder / DUMP),
        )


@contextmanager
def _brought_back(dumped: Path) -> Iterator[None]:
    if not dumped.exists():
        yield
        return
    with dumping.brought_back(dumped):
        dumped.unlink()  # the next start finishes what is promised, and knows nothing of this
        yield


def _on_the_disk_of(place: Path, new: Path) -> str:
    """Where the new one lies so that a rename puts it in place."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if new.stat().st_dev == place.parent.stat().st_dev:
        return str(new)
    near = _near(place)
    shutil.rmtree(near, ignore_errors=True)
    shutil.move(new, near)
    return str(near)


def _near(place: Path) -> Path:
    return place.with_name(f".{place.name}.restoring")
