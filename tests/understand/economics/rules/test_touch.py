from __future__ import annotations

import pyarrow as pa
import pytest

from joren.understand.economics.rules.touch import Paid, plain, touch
from joren.warehouse import Engine, Holding

PAID = Paid(
    mediums=("cpc", "display"),
    sources={"google", "line"},
    pairs={("line", "push"), ("google", "cpc")},
)


@pytest.mark.parametrize(
    ("source", "medium", "expected"),
    [
        ("yahoo", "cpc", "paid"),  # a paid medium, spend recorded or not
        (" Yahoo ", "CPC", "paid"),
        ("line", "push", "paid"),  # spend is recorded of this very pair
        ("google", "organic", "unpaid"),
        ("google", None, "paid"),
        ("google", "", "paid"),
        ("yahoo", None, "unpaid"),
        (None, None, "unknown"),
        ("", " ", "unknown"),
        (None, "cpc", "paid"),
        (None, "organic", "unpaid"),
    ],
)
def test_how_somebody_came(
    engine: Engine, holding: Holding, source: str | None, medium: str | None, expected: str
) -> None:
    written = pa.table(
        {"source": pa.array([source], pa.string()), "medium": pa.array([medium], pa.string())}
    )
    table = holding.take(written)

    (row,) = engine.rows(table.select(touch=touch(plain(table.source), plain(table.medium), PAID)))

    assert row["touch"] == expected


def test_a_source_alone_says_nothing_where_no_spend_is_recorded(
    engine: Engine, holding: Holding
) -> None:
    written = pa.table({"source": ["google"], "medium": pa.array([None], pa.string())})
    table = holding.take(written)

    way = touch(table.source, table.medium, Paid(("cpc",), (), ()))

    assert engine.rows(table.select(touch=way)) == [{"touch": "unknown"}]
