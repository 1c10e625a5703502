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
from joren.core.errors import BadInput, Unavailable

DUMP: Final = "postgresql.dump"
_SCHEMA: Final = "public"


class NoPostgresTools(Unavailable):
    """pg_dump or pg_restore is not on this machine, or cannot do it."""


def dump(file: Path) -> None:
    """Write the database as of one moment; who reads and writes meanwhile is not held up."""
    _run("pg_dump", ["--format=custom", f"--schema={_SCHEMA}", f"--file={file}"])


def check(file: Path) -> None:
    """Refuse what pg_restore cannot read."""
    _run("pg_restore", ["--list", str(file)], connected=False)


def in_use() -> bool:
    """Has the database tables already?"""
    with connection.cursor() as cursor:
        return bool(connection.introspection.table_names(cursor))


def bring_back(file: Path) -> None:
    """Put the database of a backup in place, whole or not at all."""
    aside = f"before_restore_{clock.now():%Y%m%dt%H%M%S}"
    _say(f"ALTER SCHEMA {_SCHEMA} RENAME TO {aside}", f"CREATE SCHEMA {_SCHEMA}")
    connections.close_all()
    try:
        _run(
            "pg_restore",
            ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
             f"--schema={_SCHEMA}", str(file)],
        )  # fmt: skip
    except NoPostgresTools:
        _say(f"DROP SCHEMA {_SCHEMA} CASCADE", f"ALTER SCHEMA {aside} RENAME TO {_SCHEMA}")
        raise


def _say(*statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements))


def _run(program: str, words: list[str], *, connected: bool = True) -> None:
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
