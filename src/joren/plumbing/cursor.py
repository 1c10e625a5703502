"""Long lists in slices, by a cursor that stays right while rows arrive."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Generic, TypeVar

from joren.core.errors import BadInput

T = TypeVar("T")
Place = list[str | int | float | None]


@dataclass(frozen=True)
class Slice(Generic[T]):
    """Some items, and the cursor of the next ones; "" after the last."""

    items: tuple[T, ...]
    next: str = ""


def encode(*place: str | int | float | None) -> str:
    """The cursor of a place in the order of the list."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def decode(cursor: str, *, size: int) -> Place:
    """The place, as many values as the list is ordered by."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        place = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        place = None
    if (
        not isinstance(place, list)
        or len(place) != size
        or not all(value is None or isinstance(value, str | int | float) for value in place)
    ):
        raise BadInput(
            f"the cursor {cursor!r} is of no list", hint="take it from `next` of the slice before"
        )
    return place
