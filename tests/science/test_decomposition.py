"""The change of a product, told by factor, with nothing left over."""

from __future__ import annotations

from math import fsum, log

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.science.decomposition import decompose

value = st.one_of(st.just(0.0), st.floats(1e-3, 1e6))
factors = st.fixed_dictionaries({"customers": value, "orders": value, "spend": value})


@given(factors, factors)
def test_the_parts_add_up_to_the_change(before, after) -> None:
    found = decompose(before, after)

    scale = max(found.before, found.after)
    assert fsum(found.parts.values()) == pytest.approx(found.change, abs=1e-15 * scale)


@given(factors, factors)
def test_exchanging_the_periods_changes_the_signs_alone(before, after) -> None:
    there, back = decompose(before, after), decompose(after, before)

    scale = max(there.before, there.after)
    for name in before:
        assert there.parts[name] == pytest.approx(-back.parts[name], abs=1e-9 * scale)


@given(factors, factors)
def test_whole_yen_add_up_to_whole_yen(before, after) -> None:
    found = decompose(before, after)
    assume(abs(found.change) < 1e12)

    whole = found.whole_parts()

    assert sum(whole.values()) == round(found.change)
    assert all(abs(whole[name] - found.parts[name]) <= 1.001 for name in whole)


def test_a_worked_example() -> None:
    found = decompose({"a": 100.0, "b": 2.0}, {"a": 121.0, "b": 1.8})

    mean = 17.8 / log(217.8 / 200)
    assert found.parts == pytest.approx({"a": mean * log(1.21), "b": mean * log(0.9)})


def test_a_factor_that_did_not_move_did_nothing() -> None:
    found = decompose({"a": 3.0, "b": 7.0}, {"a": 5.0, "b": 7.0})

    assert found.parts == pytest.approx({"a": 14.0, "b": 0.0})


def test_a_factor_that_starts_from_nothing_did_it_all() -> None:
    found = decompose({"a": 0.0, "b": 2.0, "c": 3.0}, {"a": 10.0, "b": 4.0, "c": 1.0})

    assert dict(found.parts) == {"a": 40.0, "b": 0.0, "c": 0.0}


def test_factors_that_vanish_together_share_it_evenly() -> None:
    found = decompose({"a": 5.0, "b": 2.0, "c": 3.0}, {"a": 0.0, "b": 0.0, "c": 1.0})

    assert dict(found.parts) == {"a": -15.0, "b": -15.0, "c": 0.0}


def test_nothing_before_and_nothing_after_is_no_change() -> None:
    found = decompose({"a": 0.0, "b": 2.0}, {"a": 9.0, "b": 0.0})

    assert dict(found.parts) == {"a": 0.0, "b": 0.0}


def test_opposite_moves_that_cancel_are_both_told() -> None:
    found = decompose({"a": 2.0, "b": 3.0}, {"a": 3.0, "b": 2.0})

    assert found.change == 0
    assert found.parts["a"] == pytest.approx(6 * log(1.5))
    assert found.parts["b"] == pytest.approx(-6 * log(1.5))


def test_a_negative_factor_is_refused() -> None:
    with pytest.raises(BadInput, match=r"b after is -1\.0"):
        decompose({"a": 1.0, "b": 1.0}, {"a": 1.0, "b": -1.0})


def test_different_factors_are_refused() -> None:
    with pytest.raises(BadInput, match="before: a; after: b"):
        decompose({"a": 1.0}, {"b": 1.0})
