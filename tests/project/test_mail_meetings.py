"""Counting bits tells the same as looking at each customer."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.project.mail_meetings import Bound, meetings, packed

PEOPLE = np.array([3, 4, 7, 9, 20, 21, 22, 40, 41, 50, 63], dtype=np.int64)
MAILINGS = st.lists(
    st.tuples(st.integers(1, 9), st.sets(st.sampled_from(PEOPLE.tolist()))), min_size=1, max_size=8
)


@given(MAILINGS, st.integers(1, 3), st.integers(1, 5))
@settings(deadline=None)
def test_shared_and_beyond_are_those_of_each_customer(
    mailings: list[tuple[int, set[int]]], most: int, days: int
) -> None:
    mailings = sorted(mailings, key=lambda one: one[0])
    bits = [packed(PEOPLE, np.array(sorted(who), dtype=np.int64)) for _, who in mailings]
    bound = Bound(tuple(range(len(mailings))), most, days)

    found = meetings(bits, [day for day, _ in mailings], [bound, Bound((), 1, 1)])

    assert found.shared == {
        (one, other): n
        for one, other in combinations(range(len(mailings)), 2)
        if mailings[one][0] == mailings[other][0]
        and (n := len(mailings[one][1] & mailings[other][1]))
    }
    over = {
        place: sum(
            sum(each in theirs for then, theirs in mailings if day - days < then <= day) > most
            for each in who
        )
        for place, (day, who) in enumerate(mailings)
    }
    assert found.over == {place: n for place, n in over.items() if n}


def test_strangers_count_nowhere_and_nobody_is_no_trouble() -> None:
    nobody = np.array([], dtype=np.int64)

    assert packed(PEOPLE, np.array([5, 63, 99], dtype=np.int64)).tolist() == [0, 32]
    assert packed(nobody, PEOPLE).size == 0
    assert meetings([], [], []).shared == {}


def test_many_customers_are_counted_part_by_part() -> None:
    people = np.arange(150_000, dtype=np.int64)
    every, odd = packed(people, people), packed(people, people[1::2])

    found = meetings([every, odd], [1, 1], [Bound((0, 1), 1, 1)])

    assert found.shared == {(0, 1): 75_000}
    assert found.over == {0: 75_000, 1: 75_000}
