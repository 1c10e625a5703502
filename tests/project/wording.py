"""Which English words the code and the templates say, read from their source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

import joren

PACKAGE = Path(joren.__file__).parent
_KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "gettext_noop": None,
}
# What Django's templatize leaves of a template: calls of gettext's family with a text.
_CALL = re.compile(r"""\b(p?gettext|n?gettext|_)\(\s*u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")""")


def said() -> dict[str, str]:
    """Every English text, and one place that says it."""
    found: dict[str, str] = {}
    for file in PACKAGE.rglob("*.py"):
        found.update((words, f"{file.relative_to(PACKAGE)}") for words in _of_python(file))
    for file in PACKAGE.rglob("templates/**/*.html"):
        found.update((words, f"{file.relative_to(PACKAGE)}") for words in _of_template(file))
    return found


def _of_python(file: Path) -> Iterator[str]:
    with file.open("rb") as source:
        for _line, words, _comments, _context in extract("python", source, keywords=_KEYWORDS):
            yield words if isinstance(words, str) else words[0]


def _of_template(file: Path) -> Iterator[str]:
    for _name, literal in _CALL.findall(templatize(file.read_text(), origin=str(file))):
        yield eval(literal)  # noqa: S307 (a literal of our own template)
