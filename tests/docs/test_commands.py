"""Every command is documented, and every command that is shown exists as it is shown."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from joren.project.cli import app
from tests.docs.pages import DOCS, REPOSITORY, commands, name_of, pages, text_of


@cache
def _known() -> dict[str, Any]:
    """Every command by the words that call it."""
    return dict(_walk("joren", get_command(app)))


def test_every_command_is_documented() -> None:
    text = text_of(DOCS)

    missing = [words for words in _known() if not re.search(rf"`?{words}\b", text)]

    assert not missing


def test_every_command_says_what_it_does() -> None:
    silent = [words for words, command in _known().items() if not command.help]

    assert not silent


@pytest.mark.parametrize("document", pages(), ids=name_of)
def test_every_command_that_is_shown_exists(document: Path) -> None:
    wrong = [line for line in commands(document, "joren") if not _exists(line)]

    assert not wrong


@pytest.mark.parametrize("document", pages(), ids=name_of)
def test_every_target_that_is_shown_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))

    wrong = [line for line in commands(document, "make") if line.split()[1] not in targets]

    assert not wrong


def test_every_target_has_a_line_of_help() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()

    silent = re.findall(r"^([a-z]+):(?!.*##).*$", makefile, re.MULTILINE)

    assert not silent


def _walk(words: str, command: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            if not inner.hidden:
                yield from _walk(f"{words} {name}", inner)
    else:
        yield words, command


def _exists(line: str) -> bool:
    """Are the words a command, and does it know each option that the line gives?"""
    words = shlex.split(re.split(r"[|<>;…]| && ", line)[0])
    for length in range(len(words), 1, -1):
        command = _known().get(" ".join(words[:length]))
        if command is not None:
            known = {
                opt for param in command.params for opt in (*param.opts, *param.secondary_opts)
            }
            given = {word.partition("=")[0] for word in words[length:] if word.startswith("-")}
            return given <= known | {"--help"}
    # `joren import` or `joren quarantine list|retry` names a group, or some of its commands.
    stem = " ".join(words[:2])
    return any(known.startswith(f"{stem} ") for known in _known())
