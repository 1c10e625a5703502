"""Who is late by their own measure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from joren.decide.segments.rules import READY_MADE
from joren.warehouse.engine import Holding
from tests.decide.segments.valued import AS_OF, asked


def _bought(who: int, quiet: int, *, frequency: int, interval: int) -> dict[str, Any]:
    last, days = AS_OF - timedelta(quiet), frequency * interval
    return {"customer_id": who, "orders": frequency + 1, "frequency": frequency, "recency": days,
            "last_on": last, "first_on": last - timedelta(days)}  # fmt: skip


def test_about_to_go_dormant_goes_by_each_customers_own_interval(holding: Holding) -> None:
    (ready,) = [one for one in READY_MADE if one.en == "About to go dormant"]
    values = [
        _bought(1, 44, frequency=3, interval=30),
        _bought(2, 45, frequency=3, interval=30),
        _bought(3, 120, frequency=2, interval=100),
        _bought(4, 150, frequency=2, interval=100),
        _bought(5, 89, frequency=0, interval=0),
        _bought(6, 90, frequency=0, interval=0),
        _bought(7, 13, frequency=9, interval=2),
        _bought(8, 200, frequency=3, interval=30),
    ]
    ranks = [{"customer_id": one, "stage": "active"} for one in range(1, 8)]

    found = asked(
        holding, ready.rule, values, ranks=[*ranks, {"customer_id": 8, "stage": "lapsed"}]
    )

    assert found == {2, 4, 6}
