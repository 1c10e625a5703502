"""Every setting is documented, and none is documented that nothing reads."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.docs.pages import DOCS, REPOSITORY, pages

PAGE = DOCS / "operations/settings.md"
_NAME = re.compile(r"JOREN_[A-Z_]+")
_OF_THE_TESTS = {"JOREN_DATA", "JOREN_TEST_DATABASE_URL"}


def test_every_setting_is_documented() -> None:
    documented = set(_NAME.findall(PAGE.read_text()))

    assert not sorted(_read_by_the_code() - documented)


def test_every_documented_setting_is_read() -> None:
    documented = {name for page in pages() for name in _NAME.findall(page.read_text())}

    assert not sorted(documented - _read_by_the_code() - _OF_THE_TESTS)


def _read_by_the_code() -> set[str]:
    """Names that stand as strings in the source: that is how an environment is read."""
    return {
        node.value
        for path in (REPOSITORY / "src").rglob("*.py")
        for node in ast.walk(_parsed(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _NAME.fullmatch(node.value)
    }


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes())
