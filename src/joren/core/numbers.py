"""Whole numbers as people, files and programs write them."""

from __future__ import annotations

from typing import Final

DIGITS: Final = 18
"""As many as any database holds in a number."""


def whole_number(text: str, *, digits: int = DIGITS) -> int | None:
    """The number from 0 on, in ASCII digits alone; None where the text is none, or longer."""
    plain = text.isascii() and text.isdigit() and len(text) <= digits
    return int(text) if plain else None
