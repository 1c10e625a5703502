"""Why this person gets this message, in words that are true of each of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

USUAL: Final = {
    "ja": "お知らせをお受け取りいただいているため",
    "en": "you receive our news",
}
_SHOWN: Final = re.compile(r"\{[{%][^}]*\breason\b")


def reason_of(last: Mapping[str, Any] | None, suggestion: Mapping[str, Any], language: str) -> str:
    """By what they bought last, and what in it the suggestion goes with; else that they agreed."""
    japanese = language == "ja"
    if because := suggestion.get("because"):
        return f"「{because}」をご購入いただいたため" if japanese else f"you bought {because}"
    if last and last.get("ordered_on"):
        day, store = last["ordered_on"], last.get("store", "")
        if japanese:
            return (
                f"{day}に{store}でご購入いただいたため" if store else f"{day}にご購入いただいたため"
            )
        return f"you ordered at {store} on {day}" if store else f"you ordered on {day}"
    return USUAL["ja" if japanese else "en"]


def shows_reason(body: str) -> bool:
    """Does a template say why somebody gets it?"""
    return _SHOWN.search(body) is not None
