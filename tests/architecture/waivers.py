"""What a checker is told to pass over says why.

``# noqa: S104 (compared with, not listened on)``, ``# type: ignore[arg-type]  # the constraint …``.
In tests types are passed over without one: they hand in what no caller could.
"""

from __future__ import annotations

import re
from pathlib import Path

_NOQA = re.compile(r"#\s*(?:ruff:\s*)?noqa\b(?P<rest>.*)")
_REASONED_NOQA = re.compile(r":\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*\s+\(\S.*")
_TYPE = re.compile(r"#\s*type:\s*ignore\b(?P<rest>.*)")
_REASONED_TYPE = re.compile(r"\[[a-z-]+(?:,\s*[a-z-]+)*\]\s+#\s*\S.*")


def without_reason(root: Path) -> list[str]:
    """Lines that a checker passes over, and that do not say why."""
    found = []
    for path in sorted(root.rglob("*.py")):
        if root.name == "tests" and path.parent.name == "architecture":
            continue  # these speak of waivers
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            for kind, mark, reasoned in _kinds(root):
                told = mark.search(line)
                if told and not reasoned.match(told["rest"]):
                    found.append(f"{path.relative_to(root)}:{number}: {kind} without a reason")
    return found


def _kinds(root: Path) -> list[tuple[str, re.Pattern[str], re.Pattern[str]]]:
    kinds = [("noqa", _NOQA, _REASONED_NOQA)]
    return kinds if root.name == "tests" else [*kinds, ("type: ignore", _TYPE, _REASONED_TYPE)]
