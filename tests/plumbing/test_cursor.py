"""Cursors lead back to their place and to no other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.plumbing.cursor import (
    by_number,
    day_at,
    decode,
    encode,
    micros,
    moment_at,
    number_in,
    part_of,
)


@dataclass(frozen=True)
class Row:
    id: int


def read_through(every: list[int], *, limit: int) -> list[int]:
    """A list at hand whole, slice by slice."""
    seen: list[int] = []
    after = ""
    while True:
        part = part_of(every, after=after, limit=limit, number=int)
        seen += part.items
        if not (after := part.next):
            return seen


@given(st.lists(st.integers(1 - 2**63, 2**63 - 1) | st.text() | st.none(), min_size=1, max_size=4))
def test_a_cursor_leads_back_to_its_place(place: list[str | int | None]) -> None:
    assert decode(encode(*place), size=len(place)) == place


@pytest.mark.parametrize(
    "cursor", ["", "%%%", "bnVsbA", encode(1, 2), encode(2**63), "W3t9XQ", "é"]
)
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(BadInput, match="cursor"):
        decode(cursor, size=1)


@given(st.lists(st.integers(0, 99), unique=True), st.integers(1, 9))
def test_slices_of_a_whole_list_hold_each_once_in_its_order(every: list[int], limit: int) -> None:
    assert read_through(every, limit=limit) == every


def test_what_arrives_before_the_place_neither_repeats_nor_hides() -> None:
    first = part_of([5, 3, 8, 1], after="", limit=2, number=int)

    second = part_of([9, 5, 3, 8, 1], after=first.next, limit=2, number=int)

    assert (first.items, second.items, second.next) == ((5, 3), (8, 1), "")


def test_a_list_by_falling_number_goes_on_below_the_last_one() -> None:
    rows = [Row(number) for number in range(9, 0, -1)]

    first = by_number(rows[:4], limit=3)

    below = number_in(first.next)
    last = by_number([one for one in rows if one.id < below], limit=6)
    assert [one.id for one in (*first.items, *last.items)] == list(range(9, 0, -1))
    assert last.next == ""


def test_days_and_moments_of_a_cursor_are_read_or_refused() -> None:
    now = datetime(2026, 11, 30, 21, 5, 0, 123, tzinfo=UTC)

    assert moment_at("x", micros(now)) == now
    assert day_at("x", "2026-11-30") == date(2026, 11, 30)
    for wrong in (-1, 2**60, "now", None, True):
        with pytest.raises(BadInput, match="cursor"):
            moment_at("x", wrong)
    with pytest.raises(BadInput, match="cursor"):
        day_at("x", "yesterday")


@pytest.mark.parametrize("place", ["nine", None, 1.5, float("inf")])
def test_a_cursor_without_a_number_does_not_begin_anew(place: str | float | None) -> None:
    with pytest.raises(BadInput, match="cursor"):
        number_in(encode(place))
