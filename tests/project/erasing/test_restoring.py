"""Who was erased since a backup was written is erased again by whatever starts after a restore."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.project.running import REPOSITORY

_FILE = """customer_number,name,email,registered_at
K-77,山田花子,hanako@example.com,2024-01-02
K-78,田中次郎,jiro@example.com,2024-01-03
"""


@pytest.mark.slow
def test_a_restore_of_an_older_backup_does_not_bring_back_whom_joren_forgot(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (tmp_path / "people.csv").write_text(_FILE, encoding="utf-8")
    joren(home, "import", "customers", str(tmp_path / "people.csv"), "--store", "own")
    joren(home, "backup", str(tmp_path / "before.tar"))
    joren(home, "person", "erase", "1", "--yes")

    joren(home, "restore", str(tmp_path / "before.tar"), "--replace")
    back = people(home)
    joren(home, "retention", "show")  # whatever comes first

    assert back == {1, 2}
    assert people(home) == {2}
    [proof] = joren(home, "person", "erased", "--email", "hanako@example.com")
    assert (proof["customer"], proof["state"]) == (1, "done")


def people(home: Path) -> set[int]:
    """Of whom the file of the database keeps contacts, under seal."""
    query = "SELECT id FROM customers_customer WHERE sealed <> ''"
    with sqlite3.connect(home / "joren.sqlite3") as database:
        found = {number for (number,) in database.execute(query)}
    database.close()
    return found


def joren(home: Path, *words: str) -> Any:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("JOREN_")}
    done = subprocess.run(
        [sys.executable, "-c", "from joren.project.cli import run; run()", *words, "--json"],
        cwd=REPOSITORY,
        env={**ours, "JOREN_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
