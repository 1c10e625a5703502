"""Python in the README and in a guide runs as it stands there."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.docs.pages import DOCS, REPOSITORY, blocks

GUIDE = blocks(DOCS / "science" / "from_lifetimes.md", "python")


@pytest.mark.parametrize("source", [*blocks(REPOSITORY / "README.md", "python"), "\n".join(GUIDE)])
def test_an_example_runs_without_django(source: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", f"{source}\nimport sys\nassert 'django' not in sys.modules"],
        cwd=REPOSITORY / "src",
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
