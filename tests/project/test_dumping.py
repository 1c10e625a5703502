"""PostgreSQL in a backup: it comes back as of the files, and what was there is put aside."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from joren.accounts.selectors import business
from joren.accounts.services import change_business
from joren.core.errors import BadInput, Refused
from joren.project import dumping, keeping
from joren.project.dumping import NoPostgresTools
from joren.warehouse.journal import Journal, WarehouseBusy
from tests.collect.killing import killed

pytestmark = pytest.mark.django_db(transaction=True)

APART = "Shop-2"  # a schema whose name needs its quotes
BRING_BACK = """
import sys
from pathlib import Path

from joren.project import dumping

with dumping.brought_back(Path(sys.argv[1])):
    pass
"""


@contextmanager
def busy(*_: object) -> Iterator[None]:
    raise WarehouseBusy("another import is writing")
    yield


def no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


FAULTS = {
    "at the lock": (Journal, "lock", busy),
    "at the plan": (os, "fsync", no_space),
    "at the promise": (Path, "replace", no_space),
}


def say(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def schemas() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before_restore_%'")
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture(autouse=True)
def _clean(transactional_db: None) -> Iterator[None]:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is copied by its own backup")
    yield
    say(*(f"DROP SCHEMA {name} CASCADE" for name in schemas()))


@pytest.fixture
def searched(_clean: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Another search path by the address's options, for the new connections of this test."""

    def search(schema: str) -> None:
        options = connection.settings_dict["OPTIONS"]
        monkeypatch.setitem(options, "options", f'-csearch_path="{schema}"')
        connection.close()

    yield search
    monkeypatch.undo()
    connection.close()


@pytest.fixture
def apart(searched: Callable[[str], None]) -> Iterator[None]:
    """The tables lie in another schema than usual, which the search path names."""
    say(f'ALTER SCHEMA public RENAME TO "{APART}"', "CREATE SCHEMA public")
    searched(APART)
    yield
    say("DROP SCHEMA public CASCADE", f'ALTER SCHEMA "{APART}" RENAME TO public')


def test_the_database_comes_back_with_the_files(home: Path, tmp_path: Path) -> None:
    change_business(name="one")
    (home / "note").write_text("one")
    file = tmp_path / "kept.tar"

    kept = keeping.backup(file)

    change_business(name="two")
    (home / "note").write_text("two")
    with pytest.raises(Refused, match="the database is in use"):
        keeping.restore(file)
    back = keeping.restore(file, replace=True)
    assert (kept.note, back.note) == ("", "")
    assert (business().name, (home / "note").read_text()) == ("one", "one")
    (aside,) = schemas()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM {aside}.accounts_business")
        assert cursor.fetchone() == ("two",)


def test_tables_in_a_schema_of_their_own_come_back_there(
    apart: None, home: Path, tmp_path: Path
) -> None:
    change_business(name="one")
    keeping.backup(tmp_path / "kept.tar")
    change_business(name="two")

    keeping.restore(tmp_path / "kept.tar", replace=True)

    assert business().name == "one"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchone() == (0,)


def test_a_dump_without_the_tables_is_neither_written_nor_read(
    searched: Callable[[str], None], tmp_path: Path
) -> None:
    dumping.dump(tmp_path / "of-joren.dump")
    say(f'CREATE SCHEMA "{APART}"')
    try:
        searched(APART)

        with pytest.raises(BadInput, match=f"no table django_migrations in the schema '{APART}'"):
            dumping.dump(tmp_path / "of-nothing.dump")
        with pytest.raises(BadInput, match="no table django_migrations"):
            dumping.check(tmp_path / "of-joren.dump")
        searched("nowhere")
        with pytest.raises(Refused, match="no schema of the search path"):
            dumping.check(tmp_path / "of-joren.dump")
    finally:
        say(f'DROP SCHEMA "{APART}"')


def test_a_database_that_others_keep_is_left_out_and_said(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "kept.tar"

    kept = keeping.backup(file, database=False)

    assert "pg_dump" in kept.note
    assert "pg_restore" in keeping.restore(file).note  # nothing is replaced by it
    assert not schemas()


def test_without_the_programs_it_is_said_what_to_do(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NoPostgresTools, match="pg_dump is not on the path") as told:
        keeping.backup(tmp_path / "kept.tar")

    assert "--no-database" in told.value.hint
    assert not (tmp_path / "kept.tar").exists()


@pytest.mark.parametrize(
    ("victim", "ended"), [("$PPID", -9), ("$$", 1)], ids=["joren", "pg_restore"]
)
def test_who_dies_while_the_database_comes_back_leaves_it_as_it_was(
    victim: str, ended: int, home: Path, tmp_path: Path
) -> None:
    change_business(name="one")
    dumping.dump(tmp_path / "kept.dump")
    change_business(name="two")
    dying = tmp_path / "programs" / "pg_restore"
    dying.parent.mkdir()
    dying.write_text(
        f'#!/bin/sh\n{shutil.which("pg_restore")} "$@" | head -c 100000\nkill -9 {victim}\n'
    )
    dying.chmod(0o755)

    code = killed(
        BRING_BACK,
        str(tmp_path / "kept.dump"),
        home=home,
        PATH=f"{dying.parent}:{os.environ['PATH']}",
    )

    assert code == ended
    assert (business().name, schemas()) == ("two", set())


@pytest.mark.parametrize("where", FAULTS)
def test_a_restore_that_fails_at_its_files_leaves_the_database_as_well(
    where: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_business(name="one")
    (home / "note").write_text("one")
    keeping.backup(tmp_path / "kept.tar")
    change_business(name="two")
    (home / "note").write_text("two")

    with monkeypatch.context() as patched:
        patched.setattr(*FAULTS[where])
        with pytest.raises((OSError, WarehouseBusy)):
            keeping.restore(tmp_path / "kept.tar", replace=True)

    assert (business().name, schemas()) == ("two", set())
    assert (home / "note").read_text() == "two"
    assert not [one for one in home.iterdir() if one.name.startswith("restor") and one.is_dir()]


def test_without_psql_it_is_said_and_nothing_is_exchanged(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dumping.dump(tmp_path / "kept.dump")
    monkeypatch.setenv("PATH", str(tmp_path))

    with (
        pytest.raises(NoPostgresTools, match="psql is not on the path"),
        dumping.brought_back(tmp_path / "kept.dump"),
    ):
        pass

    assert not schemas()


def test_a_dump_that_cannot_be_brought_back_leaves_the_database_as_it_was(
    home: Path, tmp_path: Path
) -> None:
    change_business(name="one")
    (tmp_path / "torn.dump").write_bytes(b"PGDMP torn")

    with pytest.raises(BadInput, match="pg_restore cannot read"):
        dumping.check(tmp_path / "torn.dump")
    with pytest.raises(NoPostgresTools), dumping.brought_back(tmp_path / "torn.dump"):
        pass

    assert (business().name, schemas()) == ("one", set())
