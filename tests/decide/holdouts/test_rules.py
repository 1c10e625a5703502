"""The lot: as many as was promised, in every stratum, and the same for everybody."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.decide.holdouts import rules
from joren.decide.holdouts.contracts import Design, ShareNotDrawable

strata = st.lists(st.integers(0, 10), min_size=1, max_size=300)


def drawn(some: list[int], design: Design, salt: str = "a"):
    numbers = np.array(some, dtype=np.int64)
    places = rules.places_in(numbers, rules.order_of(np.arange(numbers.size), salt))
    return numbers, places, rules.held_out(numbers, places, design, salt)


@given(strata, st.sampled_from([0.01, 0.05, 0.1, 0.25, 0.3, 0.5]))
def test_every_full_block_leaves_out_exactly_its_share(some: list[int], share: float) -> None:
    design = rules.design_of(share)

    numbers, places, held = drawn(some, design)

    for stratum in set(some):
        here = numbers == stratum
        assert sorted(places[here]) == list(range(int(here.sum())))
        for block in range(int(here.sum()) // design.block):
            inside = here & (places // design.block == block)
            assert held[inside].sum() == design.held
        # Of a block that is not full yet no more are left out than it has.
        assert held[here].sum() <= design.held * -(-int(here.sum()) // design.block)


@given(strata, st.integers(1, 299))
def test_whoever_comes_later_changes_nothing_for_those_who_were_there(
    some: list[int], first: int
) -> None:
    design = rules.design_of(0.2)
    numbers = np.array(some, dtype=np.int64)
    places = rules.places_in(numbers, np.arange(numbers.size))

    whole = rules.held_out(numbers, places, design, "salt")
    part = rules.held_out(numbers[:first], places[:first], design, "salt")

    assert (whole[:first] == part).all()


def test_every_place_of_a_block_is_left_out_equally_often() -> None:
    design = Design(10, 1)
    place = np.tile(np.arange(10), 20_000)
    stratum = np.repeat(np.arange(20_000), 10)  # as many strata as blocks: each its own lot

    held = rules.held_out(stratum, place, design, "fair")

    counts = np.bincount(place[held], minlength=10)
    chi_squared = float(((counts - 2_000) ** 2 / 2_000).sum())
    assert counts.sum() == 20_000
    assert chi_squared < 27.9  # p = .001 with nine degrees of freedom


def test_another_salt_is_another_lot() -> None:
    some = [1] * 1_000
    one, other = (drawn(some, Design(10, 1), salt)[2] for salt in ("one", "other"))

    both = int((one & other).sum())

    assert one.sum() == other.sum() == 100
    assert both < 30  # ten by chance


def test_the_order_in_which_customers_are_taken_says_nothing_of_them() -> None:
    order = rules.order_of(np.arange(2_000), "salt")

    assert len(set(order.tolist())) == 2_000
    assert abs(np.corrcoef(np.arange(2_000), order)[0, 1]) < 0.1


@pytest.mark.parametrize(
    ("share", "block", "held"), [(0.1, 10, 1), (0.05, 20, 1), (0.15, 20, 3), (0.5, 2, 1)]
)
def test_a_share_becomes_the_smallest_block(share: float, block: int, held: int) -> None:
    assert rules.design_of(share) == Design(block, held)


@pytest.mark.parametrize("share", [0, -0.1, 0.6, 1, 0.1234, float("nan")])
def test_a_share_that_cannot_be_drawn_is_refused(share: float) -> None:
    with pytest.raises(ShareNotDrawable):
        rules.design_of(share)


def test_the_lot_is_the_same_for_ever() -> None:
    _, _, held = drawn([1, 1, 1, 1, 2, 2, 2, 2, 2, 2] * 3, Design(5, 1), "joren")

    found = Counter(np.flatnonzero(held).tolist())

    assert sorted(found) == [1, 2, 3, 4, 5, 6, 16]
