"""The documentation as text: pages, their links, their commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_INDENTED = re.compile(r"^(?: {4}|\t)(\S.*)$", re.MULTILINE)
_INLINE = re.compile(r"`((?:joren|make) [^`]+)`")


def pages() -> list[Path]:
    return [REPOSITORY / "README.md", REPOSITORY / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def text_of(folder: Path) -> str:
    return "\n".join(page.read_text() for page in sorted(folder.rglob("*.md")))


def name_of(page: Path) -> str:
    return str(page.relative_to(REPOSITORY))


def blocks(page: Path, *languages: str) -> list[str]:
    """The fenced blocks of the page in one of those languages."""
    return [body for language, body in _FENCE.findall(page.read_text()) if language in languages]


def links(page: Path) -> list[str]:
    """Where the page points to within the repository."""
    prose = _FENCE.sub("", page.read_text())
    return [link for link in _LINK.findall(prose) if not re.match(r"[a-z]+:|/", link)]


def anchors(page: Path) -> set[str]:
    """The names that a link may end in: headings as GitHub writes them."""
    headings = re.findall(r"^#+ +(.+?) *$", _FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(page: Path, program: str) -> Iterator[str]:
    """Command lines of that program that the page shows, in blocks and in running text."""
    shown = [line for block in blocks(page, "sh", "console", "bash") for line in block.splitlines()]
    prose = _FENCE.sub("", page.read_text())
    shown += [*_INDENTED.findall(prose), *_INLINE.findall(prose)]
    for line in shown:
        words = line.removeprefix("$ ").partition("  #")[0].strip()
        if words.startswith(f"{program} "):
            yield words
