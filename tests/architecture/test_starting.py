"""What loads for long and is seldom needed is imported where it is, and not at every start."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"

LATE = (
    "scipy.optimize", "scipy.stats", "scipy.interpolate", "scipy.sparse", "pandas", "dkim",
    "dns", "weasyprint",
)  # fmt: skip
OF_PAGES = ("altair",)
"""What pages load as they begin, and a command does not."""
_NAMES = "|".join(re.escape(name) for name in LATE)
_AT_THE_TOP = re.compile(rf"^(?:from|import) (?:{_NAMES})\b", re.MULTILINE)
_LOADED = """
import sys, django
django.setup()
import joren.project.cli.commands
print(*[name for name in sys.argv[1:] if name in sys.modules])
"""


def test_no_module_imports_it_at_its_top() -> None:
    found = [
        str(file) for file in sorted(SOURCE.rglob("*.py")) if _AT_THE_TOP.search(file.read_text())
    ]

    assert found == []
    assert _AT_THE_TOP.search("import os\nfrom scipy.stats import norm\n")


def test_a_command_starts_without_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *LATE, *OF_PAGES],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
