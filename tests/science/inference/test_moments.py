"""Moments: parts add up to the whole, rows of a table are as good as rows of customers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.science.inference import Moments, added, by_arm, pairs

rows = st.lists(st.tuples(*[st.integers(-1000, 1000)] * 3), min_size=2, max_size=30)
NAMES = ("spend", "history", "orders")


def moments_of(values) -> Moments:
    return Moments.of(dict(zip(NAMES, np.array(values, dtype=float).T, strict=True)))


@given(st.lists(rows, min_size=1, max_size=4))
def test_moments_of_parts_are_the_moments_of_the_whole(parts) -> None:
    together = added(moments_of(part) for part in parts)

    whole = moments_of([row for part in parts for row in part])
    assert together.n == whole.n
    assert together.totals.tolist() == whole.totals.tolist()
    assert together.products.tolist() == whole.products.tolist()


@given(rows)
def test_covariances_are_numpys(values) -> None:
    found = moments_of(values).covariance(NAMES, NAMES)

    assert found == pytest.approx(np.cov(np.array(values, dtype=float).T), rel=1e-9, abs=1e-6)


@given(rows)
def test_a_row_of_a_table_of_sums_says_the_same(values) -> None:
    whole = moments_of(values)
    row = {"n": whole.n, **dict(zip(NAMES, whole.totals.tolist(), strict=True))}
    for one, other in pairs(["spend"], ["history", "orders"]):
        i, j = NAMES.index(one), NAMES.index(other)
        row[f"{other}*{one}"] = float(whole.products[i, j])

    found = Moments.of_row(row, NAMES)

    assert found.products.tolist() == whole.products.tolist()


def test_rows_of_one_arm_in_a_table_are_added() -> None:
    table = [
        {"arm": "held", "day": 1, "n": 3, "spend": 5, "spend*spend": 25},
        {"arm": "sent", "day": 1, "n": 7, "spend": 9, "spend*spend": 41},
        {"arm": "held", "day": 2, "n": 2, "spend": 1, "spend*spend": 1},
    ]

    found = by_arm(table, ["spend"])

    assert set(found) == {"held", "sent"}
    assert (found["held"].n, float(found["held"].sums("spend").squares)) == (5, 26)
    with pytest.raises(BadInput, match="no column 'group'"):
        by_arm(table, ["spend"], arm="group")


def test_only_the_products_that_are_needed_are_asked_for() -> None:
    assert pairs(["spend", "visit"], ["history"]) == (
        ("spend", "spend"),
        ("visit", "visit"),
        ("spend", "history"),
        ("visit", "history"),
        ("history", "history"),
    )


def test_a_product_that_nobody_counted_is_named() -> None:
    some = Moments.of_row({"n": 5, "spend": 10, "visit": 2, "spend*spend": 40}, ["spend", "visit"])

    with pytest.raises(BadInput, match="no product of spend and visit was counted"):
        some.covariance(["spend"], ["visit"])
    assert float(some.sums("spend").mean) == 2


def test_a_missing_sum_and_a_missing_column_are_named() -> None:
    with pytest.raises(BadInput, match="no sum of visit"):
        Moments.of_row({"n": 5, "spend": 10}, ["spend", "visit"])
    with pytest.raises(BadInput, match="no column 'visit'"):
        moments_of([(1, 2, 3)]).sums("visit")
    with pytest.raises(BadInput, match="do not add up"):
        moments_of([(1, 2, 3)]) + Moments.of({"spend": [1.0]})
