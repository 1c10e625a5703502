"""``kill -9`` at random moments of imports and refreshes: ten in CI, six on SQLite and four
on PostgreSQL; a hundred in ``bench``."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.absence import IN_CI
from tests.project.running import REPOSITORY

pytestmark = pytest.mark.slow


@pytest.mark.timeout(600)  # a busy machine: alone it takes half a minute
def test_kills_leave_the_state_before_or_after_and_a_rerun_completes() -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("JOREN_")}
    if database := os.environ.get("JOREN_TEST_DATABASE_URL"):
        ours["JOREN_DATABASE_URL"] = database
    seed = ["--seed", "1"] if IN_CI else []
    # The promise lies in files; a database keeps what follows.
    kills = "4" if database else "6" if IN_CI else "10"

    done = subprocess.run(
        [sys.executable, "-m", "bench.kills", "--kills", kills, "--json", *seed],
        cwd=REPOSITORY,
        env=ours,
        capture_output=True,
        text=True,
        check=False,
    )

    said = json.loads(done.stdout)
    assert done.returncode == 0, (said["seed"], done.stderr)
    assert {kill["found"] for kill in said["kills"]} <= {"before", "after"}
    assert {kill["again"] for kill in said["kills"]} == {"after"}
    assert any(kill["landed"] for kill in said["kills"])
