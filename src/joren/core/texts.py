"""Texts that every database can keep."""

from __future__ import annotations

from typing import Any


def without_nul(said: Any) -> Any:
    """What JSON may hold, without the character 0, which PostgreSQL has in no text."""
    if isinstance(said, str):
        return said.replace("\0", "")
    if isinstance(said, list):
        return [without_nul(one) for one in said]
    if isinstance(said, dict):
        return {without_nul(name): without_nul(value) for name, value in said.items()}
    return said
