"""A reader who follows a link arrives, and no page is out of reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import DOCS, REPOSITORY, anchors, links, name_of, pages


@pytest.mark.parametrize("document", pages(), ids=name_of)
def test_every_link_arrives(document: Path) -> None:
    lost = [link for link in links(document) if not _arrives(document, link)]

    assert not lost


def test_the_index_lists_every_page() -> None:
    index = DOCS / "README.md"
    listed = {(DOCS / link.partition("#")[0]).resolve() for link in links(index)}

    missing = sorted(name_of(page) for page in DOCS.rglob("*.md") if page not in listed | {index})

    assert not missing


def test_the_readme_is_read_in_one_go() -> None:
    assert len((REPOSITORY / "README.md").read_text().splitlines()) <= 120


@pytest.mark.parametrize("document", sorted((DOCS / "decisions").glob("*.md")), ids=name_of)
def test_a_decision_is_its_title_and_ten_lines(document: Path) -> None:
    title, *lines = document.read_text().splitlines()

    assert title.startswith(f"# {document.name[:4]} · ")
    assert len([line for line in lines if line.strip()]) <= 14


def _arrives(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or anchor in anchors(target))
