"""Values that are typed with commas between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.project.pages import rule_picks

a_value = st.text('ab ,、"肉魚', min_size=1, max_size=8).map(str.strip).filter(bool)


@given(st.lists(a_value, max_size=4))
def test_what_is_typed_is_read_as_the_same_values(values: list[str]) -> None:
    assert rule_picks.words(rule_picks.typed(values)) == tuple(values)


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("a, b、c", ("a", "b", "c")),
        ('"SUMMER10, VIP5", x', ("SUMMER10, VIP5", "x")),
        (" , ", ()),
        ("", ()),
    ],
)
def test_people_may_type_either_comma(typed: str, values: tuple[str, ...]) -> None:
    assert rule_picks.words(typed) == values


def test_one_that_is_picked_stands_beside_the_others_once() -> None:
    once = rule_picks.joined("豆", "肉、魚")

    assert once == '豆, "肉、魚"'
    assert rule_picks.joined(once, "肉、魚") == once
