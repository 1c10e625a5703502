"""Whatever is announced by name, a program may choose to be told: new names are listed there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from joren.act.deliveries.contracts import ANNOUNCEMENTS

PACKAGE = Path(__file__).parents[2] / "src/joren"


def test_every_announcement_is_one_that_a_program_may_choose() -> None:
    said = {one for file in PACKAGE.rglob("*.py") for one in _named(file)}

    assert sorted(said - {*ANNOUNCEMENTS}) == []


def _named(file: Path) -> Iterator[str]:
    """The names that stand as texts in calls of ``outbox.put``."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "outbox.put":
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
