"""``kill -9`` at random moments of imports and refreshes: ten on each database, a hundred in
``bench``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from tests.project.running import REPOSITORY

pytestmark = pytest.mark.slow

KILLS = 10


@pytest.mark.timeout(900)  # a busy machine: alone it takes half a minute
def test_kills_leave_the_state_before_or_after_and_a_rerun_completes() -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("JOREN_")}
    if database := os.environ.get("JOREN_TEST_DATABASE_URL"):
        ours["JOREN_DATABASE_URL"] = database
    # Other moments each time, also in CI: those of one seed would only be found once.
    asked = ["bench.kills", "--kills", str(KILLS), "--seed", str(time.time_ns() % 10**6)]
    print("to do it again: python -m", *asked)  # noqa: T201 (pytest shows it when this fails)

    done = subprocess.run(
        [sys.executable, "-m", *asked, "--json"],
        cwd=REPOSITORY,
        env=ours,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout, done.stderr
    said = json.loads(done.stdout)
    assert done.returncode == 0, (said, done.stderr)
    assert len(said["kills"]) == KILLS
    assert {kill["found"] for kill in said["kills"]} <= {"before", "after"}
    assert {kill["again"] for kill in said["kills"]} == {"after"}
    assert any(kill["landed"] for kill in said["kills"])
