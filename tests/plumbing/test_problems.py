"""Every refusal that a page can show has a sentence and a way out in Japanese."""

from __future__ import annotations

import ast
from pathlib import Path

from django.utils import translation

import joren
from joren.collect.connectors.contracts import FileEmpty
from joren.plumbing import problems
from joren.plumbing.problems import PROBLEMS

PACKAGE = Path(joren.__file__).parent


def codes() -> set[str]:
    """The name of every class that is a JorenError, from the source."""
    bases: dict[str, set[str]] = {}
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                named = {base.id for base in node.bases if isinstance(base, ast.Name)}
                bases.setdefault(node.name, set()).update(named)
    found = {"JorenError"}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return found - {"JorenError"}


def test_every_code_has_its_words_and_no_words_are_of_no_code() -> None:
    # An import that died is written down under a name of its own.
    assert codes() | {"Interrupted"} == set(PROBLEMS)


def test_no_sentence_is_left_in_english_under_japanese() -> None:
    with translation.override("ja"):
        left = [
            code
            for code, words in PROBLEMS.items()
            if any(translation.gettext(text) == text for text in words)
        ]

    assert left == []


def test_the_reader_gets_a_sentence_first_and_the_errors_own_words_below() -> None:
    error = FileEmpty("orders.csv has no row", hint="look into it")

    with translation.override("ja"):
        japanese = problems.told(error)
    with translation.override("en"):
        english = problems.told(error)

    assert (japanese.sentence, japanese.words) == (
        "ファイルが空です。",
        "orders.csv has no row; look into it",
    )
    assert (english.sentence, english.hint, english.words) == (
        "orders.csv has no row",
        "look into it",
        "",
    )
