"""``kill -9`` of web and drainer under load: ten on each database, a hundred in ``bench``."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.absence import IN_CI
from tests.project.running import REPOSITORY

pytestmark = pytest.mark.slow


@pytest.mark.timeout(900)  # a busy machine: alone it takes forty seconds
def test_ten_kills_lose_no_acknowledged_event_and_repeat_none() -> None:
    database = os.environ.get("JOREN_TEST_DATABASE_URL", "")
    ours = {name: value for name, value in os.environ.items() if not name.startswith("JOREN_")}
    seed = ["--seed", "1"] if IN_CI else []

    done = subprocess.run(
        [
            sys.executable, "-m", "bench.inbox.kills", "--kills", "10", "--json",
            *seed, *(["--database", database] if database else []),
        ],
        cwd=REPOSITORY, env=ours, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.stdout, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, said
    assert said["events"] == said["kept"] == said["acknowledged"] > 0
    assert said["sent again"] > 0
