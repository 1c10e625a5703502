from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.warehouse import Engine, Holding
from joren.warehouse.sums import number_of, square_total, total


@given(st.lists(st.one_of(st.none(), st.integers(-(10**12), 10**12)), max_size=20))
def test_sums_are_exact_whole_numbers(
    engine: Engine, holding: Holding, numbers: list[int | None]
) -> None:
    table = holding.take(pa.table({"x": pa.array(numbers, pa.int64())}))

    (row,) = engine.rows(
        table.agg(
            total=total(table.x), squares=square_total(table.x), positive=number_of(table.x > 0)
        )
    )

    known = [number for number in numbers if number is not None]
    assert row["total"] == sum(known)
    assert isinstance(row["total"], int)
    assert (row["squares"] or 0.0) == pytest.approx(sum(x * x for x in known), rel=1e-15)
    assert row["positive"] == sum(x > 0 for x in known)
