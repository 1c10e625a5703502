"""The database of PostgreSQL in a backup: pg_dump writes it, pg_restore brings it back.

What was there is put aside as a schema of its own, as files are under ``before-restore``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from django.db import connection, connections

from joren.core import clock
from joren.core.errors import BadInput, Refused, Unavailable

DUMP: Final = "postgresql.dump"


class NoPostgresTools(Unavailable):
    """pg_dump or pg_restore is not on this machine, or cannot do it."""


def dump(file: Path) -> None:
    """Write the database as of one moment; who reads and writes meanwhile is not held up."""
    # The word is a pattern: quoted, it is taken as it stands.
    _run("pg_dump", ["--format=custom", f"--schema={_quoted(_schema())}", f"--file={file}"])
    check(file)


def check(file: Path) -> None:
    """Refuse what pg_restore cannot read, and what holds no tables of joren's for this place."""
    schema = _schema()
    held = _run("pg_restore", ["--list", str(file)], connected=False)
    if f" TABLE {schema} django_migrations " not in held:
        raise BadInput(
            f"the dump has no table django_migrations in the schema {schema!r}",
            hint="the first schema of the search path must be joren's, in a backup and where it is "
            "brought back: options in JOREN_DATABASE_URL say it",
        )


def in_use() -> bool:
    """Has the schema tables already?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_tables WHERE schemaname = current_schema() LIMIT 1")
        return cursor.fetchone() is not None


def bring_back(file: Path) -> None:
    """Put the database of a backup in place, whole or not at all."""
    schema, aside = _schema(), f"before_restore_{clock.now():%Y%m%dt%H%M%S}"
    place = _quoted(schema)
    _say(f"ALTER SCHEMA {place} RENAME TO {aside}", f"CREATE SCHEMA {place}")
    connections.close_all()
    try:
        _run(
            "pg_restore",
            ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
             f"--schema={schema}", str(file)],
        )  # fmt: skip
    except NoPostgresTools:
        _say(f"DROP SCHEMA {place} CASCADE", f"ALTER SCHEMA {aside} RENAME TO {place}")
        raise


def _schema() -> str:
    """Where joren's tables lie: the first schema of the search path that is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (name,) = cursor.fetchone()
    if name is None:
        raise Refused(
            "no schema of the search path is in the database",
            hint="make it, or name another one by options in JOREN_DATABASE_URL",
        )
    return str(name)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _say(*statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements))


def _run(program: str, words: list[str], *, connected: bool = True) -> str:
    """What the program says, once it is done."""
    place = shutil.which(program)
    if place is None:
        raise NoPostgresTools(
            f"{program} is not on the path, and the database is PostgreSQL",
            hint="install PostgreSQL's client programs of the server's version or newer, or leave "
            "the database out with --no-database and keep it by yourself",
        )
    psql, said = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    *where, name = psql[1:]
    where = [*where, f"--dbname={name}"] if connected else []
    done = subprocess.run(  # noqa: S603 (our own words)
        [place, *where, *words],
        env={**os.environ, **(said or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        why = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
        if not connected:
            raise BadInput(f"{program} cannot read the database in it: {why}", hint="another one")
        raise NoPostgresTools(
            f"{program}: {why}", hint="its version must be the server's or newer; joren check"
        )
    return done.stdout
