"""One entry of the glossary."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """The word and its definition in Japanese and in English."""

    key: str
    ja: str
    en: str
    ja_definition: str
    en_definition: str

    def word(self, language: str) -> str:
        return self.ja if language.startswith("ja") else self.en

    def definition(self, language: str) -> str:
        return self.ja_definition if language.startswith("ja") else self.en_definition
