"""PostgreSQL in a backup: it comes back as of the files, and what was there is put aside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from joren.accounts.selectors import business
from joren.accounts.services import change_business
from joren.core.errors import BadInput, Refused
from joren.project import dumping, keeping
from joren.project.dumping import NoPostgresTools

pytestmark = pytest.mark.django_db(transaction=True)


def schemas() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before_restore_%'")
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture(autouse=True)
def _clean(transactional_db: None) -> Iterator[None]:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is copied by its own backup")
    yield
    for name in schemas():
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {name} CASCADE")


def test_the_database_comes_back_with_the_files(home: Path, tmp_path: Path) -> None:
    change_business(name="one")
    (home / "note").write_text("one")
    file = tmp_path / "kept.tar"

    kept = keeping.backup(file)

    change_business(name="two")
    (home / "note").write_text("two")
    with pytest.raises(Refused, match="in use"):
        keeping.restore(file)
    back = keeping.restore(file, replace=True)
    assert (kept.note, back.note) == ("", "")
    assert (business().name, (home / "note").read_text()) == ("one", "one")
    (aside,) = schemas()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM {aside}.accounts_business")
        assert cursor.fetchone() == ("two",)


def test_a_database_that_others_keep_is_left_out_and_said(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "kept.tar"

    kept = keeping.backup(file, database=False)

    assert "pg_dump" in kept.note
    assert "pg_restore" in keeping.restore(file, replace=True).note
    assert not schemas()


def test_without_the_programs_it_is_said_what_to_do(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NoPostgresTools, match="pg_dump is not on the path") as told:
        keeping.backup(tmp_path / "kept.tar")

    assert "--no-database" in told.value.hint
    assert not (tmp_path / "kept.tar").exists()


def test_a_dump_that_cannot_be_brought_back_leaves_the_database_as_it_was(
    home: Path, tmp_path: Path
) -> None:
    change_business(name="one")
    (tmp_path / "torn.dump").write_bytes(b"PGDMP torn")

    with pytest.raises(BadInput, match="pg_restore cannot read"):
        dumping.check(tmp_path / "torn.dump")
    with pytest.raises(NoPostgresTools):
        dumping.bring_back(tmp_path / "torn.dump")

    assert (business().name, schemas()) == ("one", set())
