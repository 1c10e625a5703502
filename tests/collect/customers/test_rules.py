"""Who is the same person."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from joren.collect.customers.rules import (
    groups,
    phone_keys,
    phone_tail,
    searchable,
    winners,
)

sightings = st.lists(
    st.tuples(st.sampled_from(["+8190", "+8191"]), st.sampled_from(["", "山田", "佐藤"])),
    max_size=8,
)


def test_a_family_that_shares_a_phone_stays_several_people() -> None:
    keys, _ = phone_keys(["+8190", "+8190"], ["山田 太郎", "山田 花子"], {})

    assert keys[0] != keys[1]


def test_a_row_without_a_name_joins_the_one_who_answers_the_phone() -> None:
    keys, _ = phone_keys(["+8190", "+8190"], ["山田 太郎", ""], {})

    assert keys[0] == keys[1]


def test_a_row_without_a_name_joins_nobody_of_a_family() -> None:
    keys, _ = phone_keys(["+8190"] * 3, ["山田 太郎", "山田 花子", ""], {})

    assert keys[2] is None


def test_full_width_and_spaces_make_no_other_name() -> None:
    assert searchable("ﾔﾏﾀﾞ　タロウ") == searchable("ヤマダ タロウ")


def test_the_last_digits_of_a_phone_come_first() -> None:
    assert phone_tail("+81 90-1234-5678").startswith("8765")


@given(sightings)
def test_keys_do_not_depend_on_the_order_of_rows(rows: list[tuple[str, str]]) -> None:
    forward, _ = phone_keys([p for p, _ in rows], [n for _, n in rows], {})
    backward, _ = phone_keys([p for p, _ in rows[::-1]], [n for _, n in rows[::-1]], {})

    assert forward == backward[::-1]


def test_keys_of_one_row_are_one_group() -> None:
    group = groups(4, np.array([0, 1]), np.array([1, 2]))

    assert group[0] == group[1] == group[2] != group[3]


def test_the_oldest_customer_wins_and_an_undone_merge_is_not_repeated() -> None:
    group, owner = np.array([0, 0, 0]), np.array([7, 3, -1])

    stays, merges = winners(group, owner, frozenset())
    _, later = winners(group, owner, frozenset({(3, 7)}))

    assert (stays, merges, later) == ({0: 3}, [(3, 7)], [])
