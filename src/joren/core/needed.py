"""How a lower room learns that an upper one still needs a thing of its own: it asks before it
removes it, and whoever needs things enters here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from joren.core.registry import Registry

NEEDED: Final[Registry[Callable[[str, str], bool]]] = Registry("room that needs things")
"""Each answers whether it needs the thing of that kind and key."""


def still_needed(kind: str, key: str) -> bool:
    """Does any room need it?"""
    return any(needs(kind, key) for needs in NEEDED.values())
