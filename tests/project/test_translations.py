"""Every word has its Japanese."""

from __future__ import annotations

from pathlib import Path

from django.utils import translation

from joren.plumbing.glossary import TERMS
from joren.project.translations import catalogue, compile_into
from tests.project.wording import said


def test_every_word_that_is_said_has_a_japanese_partner() -> None:
    known = catalogue()

    without = {
        words: place
        for words, place in said().items()
        if not (message := known.get(words)) or not message.string
    }

    assert without == {}


def test_no_translation_outlives_its_words() -> None:
    words = said()

    left = [
        message.id
        for message in catalogue()
        if message.id
        and (message.id if isinstance(message.id, str) else message.id[0]) not in words
    ]

    assert left == []


def test_a_changed_file_is_compiled_again(tmp_path: Path) -> None:
    compile_into(tmp_path)
    compiled = tmp_path / "ja" / "LC_MESSAGES" / "django.mo"
    compiled.write_bytes(b"stale")
    compiled.with_suffix(".stamp").write_text("of other files")

    assert compile_into(tmp_path)
    assert compiled.read_bytes() != b"stale"


def test_unchanged_files_are_not_compiled_again(tmp_path: Path) -> None:
    compile_into(tmp_path)

    assert not compile_into(tmp_path)


def test_the_running_project_speaks_japanese() -> None:
    with translation.override("ja"):
        assert translation.gettext("Economics") == "採算"


def test_every_term_is_explained_in_both_languages() -> None:
    for term in TERMS.values():
        assert term.ja
        assert term.en
        assert term.ja_definition.endswith(("。", "）"))
        assert term.en_definition.endswith(".")


def test_a_years_value_says_that_it_is_not_discounted() -> None:
    for key in ("revenue_365d", "profit_365d"):
        assert "割引はしません" in TERMS[key].ja_definition
        assert "Not discounted" in TERMS[key].en_definition
