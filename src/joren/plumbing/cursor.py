"""Long lists in slices, by a cursor that stays right while rows arrive."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Generic, Protocol, TypeVar

from joren.core.errors import BadInput

T = TypeVar("T")
_BEYOND: Final = 2**63  # no number of a row is as large
_LATEST: Final = 2**57  # in microseconds; no year is beyond what a datetime holds
Place = list[str | int | float | None]


class HasNumber(Protocol):
    """What is listed by its number."""

    @property
    def id(self) -> int: ...


Numbered = TypeVar("Numbered", bound=HasNumber)


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
        or any(isinstance(value, int) and not -_BEYOND < value < _BEYOND for value in place)
    ):
        raise of_no_list(cursor)
    return place


def of_no_list(cursor: str) -> BadInput:
    """The refusal of a cursor that nobody gave out."""
    return BadInput(
        f"the cursor {cursor!r} is of no list", hint="take it from `next` of the slice before"
    )


def micros(at: datetime) -> int:
    """A moment as a cursor keeps it."""
    return int(at.timestamp()) * 1_000_000 + at.microsecond


def moment_at(cursor: str, kept: str | int | float | None) -> datetime:
    """The moment that a cursor keeps."""
    at = number_at(cursor, kept)
    if not 0 <= at < _LATEST:
        raise of_no_list(cursor)
    seconds, rest = divmod(at, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


def number_at(cursor: str, kept: str | int | float | None) -> int:
    """The number that a cursor keeps."""
    if not isinstance(kept, int) or isinstance(kept, bool):
        raise of_no_list(cursor)
    return kept


def day_at(cursor: str, kept: str | int | float | None) -> date:
    """The day that a cursor keeps."""
    try:
        return date.fromisoformat(str(kept))
    except ValueError:
        raise of_no_list(cursor) from None


def number_in(cursor: str) -> int:
    """Of a list by number: the one behind which it goes on; 0 is from its beginning."""
    (number,) = decode(cursor, size=1) if cursor else (0,)
    return number_at(cursor, number)


def by_number(found: Sequence[Numbered], *, limit: int) -> Slice[Numbered]:
    """The first ``limit`` of a list by falling number, of which one more was asked for."""
    shown = tuple(found[:limit])
    return Slice(shown, encode(shown[-1].id) if len(found) > limit else "")


def part_of(every: Sequence[T], *, after: str, limit: int, number: Callable[[T], int]) -> Slice[T]:
    """A slice of a list that is at hand whole. It goes on behind the one that came last, or at its
    place where that one is gone."""
    place, last = decode(after, size=2) if after else (0, None)
    numbers = [number(one) for one in every]
    begin = max(0, place) if isinstance(place, int) else 0
    if isinstance(last, int) and last in numbers:
        begin = numbers.index(last) + 1
    shown = tuple(every[begin : begin + limit])
    end = begin + len(shown)
    return Slice(shown, encode(end, numbers[end - 1]) if shown and end < len(every) else "")
