"""The database of PostgreSQL in a backup: pg_dump writes it, pg_restore and psql bring it back.

What was there is put aside as a schema of its own, as files are under ``before-restore``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

from django.conf import settings
from django.db import connection, connections, transaction

from joren.core import clock
from joren.core.errors import BadInput, Refused, Unavailable

DUMP: Final = "postgresql.dump"


class NoPostgresTools(Unavailable):
    """pg_dump, pg_restore or psql is not on this machine, or cannot do it."""


def dump(file: Path) -> None:
    """Write the database as of one moment; who reads and writes meanwhile is not held up."""
    # The word is a pattern: quoted, it is taken as it stands.
    words = ["--format=custom", f"--schema={_quoted(_schema())}", f"--file={file}"]
    done = _run("pg_dump", [*_where(), *words])
    _insist("pg_dump", done.returncode, done.stderr)
    check(file)


def check(file: Path) -> None:
    """Refuse what pg_restore cannot read, and what holds no tables of joren's for this place."""
    schema = _schema()
    listed = _run("pg_restore", ["--list", str(file)])
    if listed.returncode:
        raise BadInput(
            f"pg_restore cannot read the database in it: {_why(listed.returncode, listed.stderr)}",
            hint="another one",
        )
    if f" TABLE {schema} django_migrations " not in listed.stdout:
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


@contextmanager
def brought_back(file: Path) -> Iterator[None]:
    """Inside, the database of a backup is in place; what is raised there puts the old one back."""
    schema, aside = _schema(), f"before_restore_{clock.now():%Y%m%dt%H%M%S}"
    connections.close_all()
    try:
        _bring_back(file, schema, aside)
        yield
    except NoPostgresTools:
        raise  # nothing was exchanged
    except BaseException:
        _put_back(schema, aside)
        raise


def _bring_back(file: Path, schema: str, aside: str) -> None:
    """Whole or not at all, whoever dies meanwhile."""
    place = _quoted(schema)
    words = ["--file=-", "--no-owner", "--no-privileges", f"--schema={schema}", str(file)]
    with _session() as psql:
        begin = f"BEGIN; ALTER SCHEMA {place} RENAME TO {aside}; CREATE SCHEMA {place};\n"
        psql.write(begin.encode())
        done = _run("pg_restore", words, into=psql)
        _insist("pg_restore", done.returncode, done.stderr)
        # Said by us and last: a script that breaks off must not be kept as if it had ended.
        psql.write(b"COMMIT;\n")


def _put_back(schema: str, aside: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [aside])
        if cursor.fetchone():  # else it was not kept
            cursor.execute(f"DROP SCHEMA {_quoted(schema)} CASCADE")
            cursor.execute(f"ALTER SCHEMA {aside} RENAME TO {_quoted(schema)}")


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


@contextmanager
def _session() -> Iterator[IO[bytes]]:
    """What is written goes to psql, which stops at the first error."""
    words = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse"]
    with TemporaryFile("w+", errors="replace", dir=settings.JOREN_HOME) as said:
        psql = subprocess.Popen(  # noqa: S603 (our own words)
            [_program("psql"), *_where(), *words],
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            bufsize=0,
        )
        try:
            with psql:
                assert psql.stdin is not None  # noqa: S101 (it was asked for)
                yield psql.stdin
        except (BrokenPipeError, NoPostgresTools):
            # Whoever writes to one that has ended fails, too, and knows less of it.
            _insist("psql", psql.returncode, _read(said))
            raise
        _insist("psql", psql.returncode, _read(said))


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def _run(
    program: str, words: list[str], *, into: IO[bytes] | int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (our own words)
        [_program(program), *words],
        env=_environment(),
        stdout=into,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


def _program(name: str) -> str:
    place = shutil.which(name)
    if place is None:
        raise NoPostgresTools(
            f"{name} is not on the path, and the database is PostgreSQL",
            hint="install PostgreSQL's client programs of the server's version or newer, or leave "
            "the database out with --no-database and keep it by yourself",
        )
    return place


def _where() -> list[str]:
    psql, _ = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    *where, name = psql[1:]
    return [*where, f"--dbname={name}"]


def _environment() -> dict[str, str]:
    _, said = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    return {**os.environ, **(said or {})}


def _insist(program: str, code: int, said: str) -> None:
    if code:
        raise NoPostgresTools(
            f"{program}: {_why(code, said)}",
            hint="its version must be the server's or newer; joren check",
        )


def _why(code: int, said: str) -> str:
    return (said.strip().splitlines() or [f"it ended with {code}"])[-1]
