"""Each fault has its finding, and a way out."""

from __future__ import annotations

from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder

from joren.collect.customers.models import NextId
from joren.collect.orders.contracts import ORDERS, PRODUCTS
from joren.core import clock
from joren.core.ids import SnapshotId
from joren.plumbing.warehouse import warehouse
from joren.project import check
from joren.project.starting import TablesTooOld, migrate, steps
from joren.warehouse import Snapshot
from joren.warehouse.rows import write_rows
from tests.understand.ltv.facts import Shop, order, written

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def _of_this_machine_alone(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]


def faults() -> dict[str, tuple[str, str]]:
    return {one.name: (one.said, one.hint) for one in check.look() if not one.ok}


def test_a_healthy_home_has_no_fault(home: Path) -> None:
    assert faults() == {}


def test_a_full_disk_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check.shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 5 * 10**8))

    assert "make room" in faults()["disk"][1]


def test_a_home_that_others_can_read_is_told(home: Path) -> None:
    home.chmod(0o755)

    assert faults()["home's permissions"][1] == f"chmod 700 {home}"


def test_a_damaged_log_of_the_warehouse_is_told_and_hides_nothing_else(home: Path) -> None:
    log = warehouse().lake.folder(ORDERS) / "_delta_log"
    log.mkdir(parents=True)
    (log / f"{0:020d}.json").write_text("no log at all")

    found = faults()

    assert list(found) == ["warehouse"]
    assert "joren restore" in found["warehouse"][1]
    assert "workers" in {one.name for one in check.look()}


def test_the_tables_of_a_newer_joren_are_told(home: Path, db: Any) -> None:
    from django.db import connection

    MigrationRecorder(connection).record_applied("accounts", "0099_of_tomorrow")

    assert "accounts.0099_of_tomorrow" in faults()["tables"][0]


def test_the_tables_are_those_that_the_models_speak_of() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


def test_tables_whose_steps_are_not_kept_any_more_are_told(home: Path, db: Any) -> None:
    from django.db import connection

    recorder = MigrationRecorder(connection)
    recorder.migration_qs.filter(app="campaigns").delete()
    recorder.record_applied("campaigns", "0001_campaigns")

    said, hint = faults()["tables"]
    assert said == "the tables of the database 'default' are of a joren from before December 2026"
    assert "30 November" in hint
    with pytest.raises(TablesTooOld, match="before December 2026"):
        migrate()


def test_tables_that_all_steps_of_before_have_made_are_those_of_now(home: Path, db: Any) -> None:
    from django.db import connection

    recorder = MigrationRecorder(connection)
    ways = steps("default").loader.replacements.items()
    for (app, name), kept in ways:
        recorder.migration_qs.filter(app=app, name=name).delete()
        for each in kept.replaces:
            recorder.record_applied(*each)

    assert "tables" not in faults()
    assert len(ways) > 10
    assert not migrate()  # nothing is left to do


def test_promised_work_is_told_with_who_finishes_it(home: Path) -> None:
    journal = warehouse().journal
    journal.promise(journal.prepare("import-1"), {"kind": "orders", "import_id": 1})

    assert faults()["promised work"] == (
        "1 imports to finish",
        "the next import or refresh finishes it",
    )


def test_orders_of_people_whom_the_database_never_knew_are_told(home: Path) -> None:
    written(warehouse(), Shop(home, orders=[order(1, 7, "2026-11-01", 1000)]))
    before = faults()
    NextId.objects.create(kind="identity", next=8)

    assert before["people"][0] == "orders name person 7, the database knows 0"
    assert "pg_restore" in before["people"][1]
    assert faults() == {}


def test_a_read_only_home_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check.os, "access", lambda *_: False)

    assert "mount it writable" in faults()["home"][1]


def test_a_secret_that_is_none_is_told(home: Path, settings: Settings) -> None:
    settings.SECRET_KEY = "guess"
    short = faults()["secret key"]
    settings.SECRET_KEY = "x" * 50
    (home / "secret-key").write_text("x" * 50)
    (home / "secret-key").chmod(0o644)

    assert "JOREN_SECRET_KEY" in short[1]
    assert faults()["secret key"][0] == "others can read it"


def test_a_shop_that_others_reach_needs_https_and_names(home: Path, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "*"]
    open_ = faults()
    settings.ALLOWED_HOSTS, settings.SESSION_COOKIE_SECURE = ["shop.example"], True

    assert "JOREN_ALLOWED_HOSTS" in open_["host names"][1]
    assert "JOREN_HTTPS" in open_["https"][1]
    assert faults() == {}


def test_what_is_dated_in_the_future_is_told(home: Path) -> None:
    house = warehouse()
    tomorrow = clock.now() + timedelta(days=1)
    house.snapshots.finish(
        Snapshot(SnapshotId(1), tomorrow.date(), tomorrow, 0.0, {}, {}), house.scratch
    )

    said, hint = faults()["clock"]

    assert said.startswith("snapshot 1 is of")
    assert "clock" in hint


def test_files_that_a_table_speaks_of_and_are_not_there_are_told(home: Path) -> None:
    house = warehouse()
    files = write_rows([{"sku": "x", "import_id": 1}], house.scratch, PRODUCTS)
    house.lake.append(PRODUCTS, files, key="test")
    (kept,) = house.lake.files(PRODUCTS)
    Path(kept).unlink()

    said, hint = faults()["files of products"]

    assert said.startswith("1 are missing")
    assert "joren restore" in hint
