"""Python in the README runs as it stands there."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.docs.pages import REPOSITORY, blocks


@pytest.mark.parametrize("source", blocks(REPOSITORY / "README.md", "python"))
def test_an_example_runs_without_django(source: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", f"{source}\nimport sys\nassert 'django' not in sys.modules"],
        cwd=REPOSITORY / "src",
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
