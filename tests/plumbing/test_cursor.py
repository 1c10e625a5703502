"""Cursors lead back to their place and to no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.plumbing.cursor import decode, encode


@given(st.lists(st.integers() | st.text() | st.none(), min_size=1, max_size=4))
def test_a_cursor_leads_back_to_its_place(place: list[str | int | None]) -> None:
    assert decode(encode(*place), size=len(place)) == place


@pytest.mark.parametrize("cursor", ["", "%%%", "bnVsbA", encode(1, 2), "W3t9XQ", "é"])
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(BadInput, match="cursor"):
        decode(cursor, size=1)
