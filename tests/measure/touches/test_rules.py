"""When people decide and what they touched, against the same worked out by hand. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import ibis
import pyarrow as pa
import pytest

from joren.core.figures import Figure
from joren.measure.touches.contracts import (
    NOT_THE_SAME_TIME,
    BadLastTouch,
    Experimental,
    LastTouched,
)
from joren.measure.touches.rules import counting, telling

AS_OF = date(2026, 6, 30)


def at(day: str, hour: int = 12) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(
        hours=hour
    )


def touched(*rows: tuple[int, str, str, str, str]) -> ibis.Table:
    """(customer, day, kind, source, number)"""
    columns = {
        "customer_id": [row[0] for row in rows],
        "occurred_at": pa.array([at(row[1]) for row in rows], pa.timestamp("us", "UTC")),
        "occurred_on": [date.fromisoformat(row[1]) for row in rows],
        "kind": [row[2] for row in rows],
        "category": ["promotion" for _ in rows],
        "source": [row[3] for row in rows],
        "number": [row[4] for row in rows],
        "path": ["/tea" if row[2] == "page" else None for row in rows],
    }
    return ibis.memtable(pa.table(columns))


def bought(*rows: tuple[int, str, int]) -> ibis.Table:
    """(customer, day, revenue)"""
    return ibis.memtable(
        pa.table(
            {
                "order_id": list(range(len(rows))),
                "customer_id": [row[0] for row in rows],
                "ordered_on": [date.fromisoformat(row[1]) for row in rows],
                "ordered_at": pa.array([at(row[1], 18) for row in rows], pa.timestamp("us", "UTC")),
                "revenue": [row[2] for row in rows],
            }
        )
    )


def test_the_last_touch_takes_the_whole_order_and_only_within_the_window() -> None:
    seen = touched(
        (1, "2026-06-01", "clicked", "campaign", "1"), (1, "2026-06-03", "clicked", "journey", "2"),
        (1, "2026-06-04", "opened", "campaign", "3"), (2, "2026-05-01", "clicked", "campaign", "1"),
    )  # fmt: skip
    orders = bought((1, "2026-06-04", 900), (2, "2026-06-04", 500), (1, "2026-06-20", 100))

    def rows(opens: bool) -> list[dict[str, object]]:
        last = counting.last_touches(seen, orders, AS_OF, days=7, opens=opens)
        found = counting.last_touched(last)
        return found.to_pyarrow().to_pylist()

    assert rows(False) == [{"source": "journey", "number": "2", "orders": 1, "revenue": 900}]
    assert rows(True) == [{"source": "campaign", "number": "3", "orders": 1, "revenue": 900}]


def test_beside_an_experiment_only_its_days_are_credited() -> None:
    seen = touched(*((who, "2026-06-01", "clicked", "campaign", "1") for who in (1, 2)),
                   (3, "2026-06-02", "clicked", "journey", "1"))  # fmt: skip
    orders = bought((1, "2026-06-02", 900), (2, "2026-06-05", 500), (3, "2026-06-05", 70))
    last = counting.last_touches(seen, orders, AS_OF, days=7, opens=False)
    spans = pa.Table.from_pylist(
        [{"source": "campaign", "number": "1", "since": date(2026, 6, 3), "until": AS_OF}]
    )

    inside = counting.within(last, ibis.memtable(spans)).to_pyarrow().to_pylist()
    rows = counting.last_touched(last).to_pyarrow().to_pylist()
    told = telling.last_touch(rows, {("campaign", 1): (date(2026, 6, 3), AS_OF)}, inside)

    assert [(one.source, one.revenue, one.credited) for one in told] == [
        ("campaign", 1_400, 500), ("journey", 70, None),
    ]  # fmt: skip


def test_a_visitor_who_never_becomes_known_still_waits() -> None:
    events = ibis.memtable(
        pa.table(
            {
                "identity_id": [11, 12, 13],
                "type": ["page", "page", "track"],
                "name": [None, None, "Email Bounced"],
                "occurred_on": [date(2026, 6, 1)] * 3,
                "occurred_at": pa.array([at("2026-06-01")] * 3, pa.timestamp("us", "UTC")),
                **{
                    name: pa.nulls(3, pa.string())
                    for name in ("path", "category", "campaign_source", "campaign_name")
                },
            }
        )
    )
    person_of = ibis.memtable(pa.table({"identity_id": [11], "customer_id": [1]}))
    traits = ibis.memtable(
        pa.table({"customer_id": [1], "registered_on": pa.array([None], pa.date32())})
    )
    seen = counting.heard(events, person_of, AS_OF)

    everybody = counting.people(traits, bought((1, "2026-06-01", 9)), seen, AS_OF)

    for way in ("contact_f1", "page_f1"):
        rows = counting.waited(everybody, way, AS_OF).to_pyarrow().to_pylist()  # type: ignore[arg-type]
        assert [(row["days"], row["gone"], row["left"]) for row in rows] == [(0, 1, 0), (29, 0, 1)]


def test_contents_count_first_touches_that_had_their_thirty_days() -> None:
    seen = touched(
        (1, "2026-05-01", "clicked", "campaign", "1"),
        (1, "2026-05-20", "clicked", "campaign", "1"),
        (2, "2026-05-01", "clicked", "campaign", "1"),
        (3, "2026-06-20", "clicked", "campaign", "1"),
        (2, "2026-05-02", "page", "", ""),
    )  # fmt: skip
    orders = bought((1, "2026-06-10", 1), (2, "2026-05-15", 1), (3, "2026-06-21", 1))

    rows = counting.contents(seen, orders, AS_OF).to_pyarrow().to_pylist()

    assert {(row["content"], row["name"]): (row["people"], row["bought"]) for row in rows} == {
        ("message", "campaign:1"): (2, 1),  # that of 1 came after 40 days, that of 3 is not ripe
        ("type", "promotion"): (2, 1),
        ("page", "/tea"): (1, 1),
    }


def test_a_way_begins_and_ends_on_the_first_of_each() -> None:
    traits = ibis.memtable(
        pa.table(
            {
                "customer_id": [1, 2, 3, 4],
                "registered_on": pa.array(
                    [date(2026, 1, 1), date(2026, 1, 1), None, date(2026, 3, 1)], pa.date32()
                ),
            }
        )
    )
    seen = touched((1, "2025-12-22", "page", "", ""), (2, "2026-01-05", "sent", "campaign", "1"),
                   (3, "2026-02-01", "opened", "campaign", "1"))  # fmt: skip
    orders = bought((1, "2026-01-11", 1), (1, "2026-01-11", 1), (1, "2026-02-10", 1),
                    (4, "2026-02-01", 1))  # fmt: skip
    everybody = counting.people(traits, orders, seen, AS_OF)

    def rows(way: str) -> list[tuple[int, int, int, int]]:
        found = counting.waited(everybody, way, AS_OF).to_pyarrow().to_pylist()  # type: ignore[arg-type]
        return [(row["days"], row["gone"], row["left"], row["before"]) for row in found]

    assert rows("contact_f1") == [(-1, 0, 0, 1), (20, 1, 0, 0), (180, 0, 1, 0)]
    assert rows("message_f1") == [(176, 0, 1, 0)]
    assert rows("f1_f2") == [(30, 1, 0, 0), (149, 0, 1, 0)]
    plain = counting.people(traits, orders, None, AS_OF)
    assert counting.waited(plain, "page_f1", AS_OF).to_pyarrow().num_rows == 0


def test_shares_of_few_are_not_told() -> None:
    few = telling.decision("f1_f2", [{"days": 3, "gone": 5, "left": 5, "before": 2}], "2026-06-30")
    many = telling.decision(
        "f1_f2",
        [{"days": 3, "gone": 50, "left": 0, "before": 0},
         {"days": 400, "gone": 0, "left": 50, "before": 0}],
        "2026-06-30",
    )  # fmt: skip

    assert (few.entered, few.before, few.shares[0].value, few.points) == (10, 2, None, ())
    assert many.shares[0].value == pytest.approx(0.5)
    assert telling.decision("f1_f2", [], "2026-06-30").entered == 0


def test_the_interval_of_the_difference_turns_round() -> None:
    credited = LastTouched("campaign", 1, 9, 1_000)
    effect = Figure("effect_together", 300.0, "JPY", 50, 100.0, 600.0, 0.95)

    span = (date(2026, 6, 1), AS_OF)
    said = Experimental(7, "春", "proven", effect, effect, *span)
    counted = replace(credited, since=span[0], until=span[1], credited=900)

    gap = telling.difference(counted, said, "JPY", "2026-06-30")

    assert (gap.value, gap.low, gap.high) == (600.0, 300.0, 800.0)
    for other in (credited, replace(counted, since=date(2026, 1, 1))):
        elsewhere = telling.difference(other, said, "JPY", "2026-06-30")
        assert (elsewhere.value, elsewhere.why) == (None, NOT_THE_SAME_TIME)
    assert telling.difference(credited, None, "JPY", "").value is None


def test_a_window_is_some_days() -> None:
    for days in (0, 91):
        with pytest.raises(BadLastTouch):
            telling.check_window(days)
