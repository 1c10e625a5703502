"""Rows of other rooms that lie sealed under the keys of personal data, and are sealed anew too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from joren.core.registry import Registry


@dataclass(frozen=True)
class SealedRows:
    """A table with a column ``sealed``, and to what number the seal of one of its rows is bound.

    Where ``body`` names a column, what is sealed are the bytes in that, and ``sealed`` says by
    which key.
    """

    model: Any
    bound_to: Callable[[Any], int]
    body: str = ""


def bound_to(key: str) -> int:
    """The number to which the seal of a row is bound that is known by a text."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little", signed=True)


SEALED: Final[Registry[SealedRows]] = Registry("sealed table")
