"""Python in the README and in a guide runs as it stands there."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.docs.pages import DOCS, REPOSITORY, blocks

GUIDES = [
    "\n".join(blocks(DOCS / "science" / page, "python"))
    for page in ("from_lifetimes.md", "inference.md")
]


@pytest.mark.parametrize("source", [*blocks(REPOSITORY / "README.md", "python"), *GUIDES])
def test_an_example_runs_without_django(source: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", f"{source}\nimport sys\nassert 'django' not in sys.modules"],
        cwd=REPOSITORY / "src",
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
