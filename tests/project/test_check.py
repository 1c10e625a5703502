"""Each fault has its finding, and a way out."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from django.db.migrations.recorder import MigrationRecorder

from joren.collect.orders.contracts import ORDERS
from joren.plumbing.warehouse import warehouse
from joren.project import check

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")


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


def test_promised_work_is_told_with_who_finishes_it(home: Path) -> None:
    journal = warehouse().journal
    journal.promise(journal.prepare("import-1"), {"kind": "orders", "import_id": 1})

    assert faults()["promised work"] == (
        "1 imports to finish",
        "the next import or refresh finishes it",
    )
