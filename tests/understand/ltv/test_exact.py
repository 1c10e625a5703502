"""Sums that do not depend on the order of the rows, and are right also when they are large."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.understand.ltv.rules import exact
from joren.warehouse.sums import total_if_any

whole_numbers = st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=30)
real_numbers = st.lists(st.floats(-1e10, 1e10), min_size=1, max_size=30)

engine = ibis.duckdb.connect()


def answer(values: list[Any], **sums: Any) -> list[Any]:
    table = ibis.memtable(pa.table({"v": values}))
    (row,) = engine.to_pyarrow(table.agg(**{n: f(table.v) for n, f in sums.items()})).to_pylist()
    return [row[name] for name in sums]


@settings(max_examples=30)
@given(whole_numbers)
def test_whole_numbers_add_up_exactly(values: list[int]) -> None:
    total, squares = answer(values, total=total_if_any, squares=lambda v: exact.products(v, v))

    assert total == sum(values)
    assert int(squares) == sum(value * value for value in values)


@settings(max_examples=30)
@given(real_numbers, st.randoms(use_true_random=False))
def test_real_numbers_add_up_the_same_in_any_order(values: list[float], chance: Random) -> None:
    turned = chance.sample(values, len(values))

    sums = answer(values, total=exact.real_total, squares=exact.real_squares)

    assert sums == answer(turned, total=exact.real_total, squares=exact.real_squares)
    assert sums[0] == pytest.approx(float(sum(map(Fraction, values))), rel=1e-12, abs=1e-4)
    squares = float(sum(Fraction(value) ** 2 for value in values))
    assert sums[1] == pytest.approx(squares, rel=1e-12, abs=1e-4)
