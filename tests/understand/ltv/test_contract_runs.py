from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.collect.inbox.contracts import EVENTS
from joren.understand.ltv.contracts import PURCHASES
from joren.understand.ltv.rules import contract_runs as runs
from joren.warehouse import Engine, Holding
from tests.understand.ltv.naive_contracts import Key, Naive, Order, contracts
from tests.understand.tables import table

START = date(2026, 1, 1)
AS_OF = START + timedelta(days=200)
BEFORE = START + timedelta(days=110)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Order], dict[Key, tuple[str, date]]]:
    """A few contracts: pauses, skipped and repeated numbers, new beginnings, days with two orders.

    Several contracts are one customer's; a contract may be handed on; one number is in two stores.
    """
    orders: list[Order] = []
    said: dict[Key, tuple[str, date]] = {}
    for contract in draw(st.lists(st.sampled_from("ABCDE"), max_size=5, unique=True)):
        for store in draw(st.sampled_from(((1,), (2,), (1, 2)))):
            key, day, number = (store, contract), draw(st.integers(0, 120)), 0
            customer, counts = draw(st.integers(1, 3)), draw(st.booleans())
            interval = draw(st.sampled_from((7, 10, 30)))
            for _ in range(draw(st.integers(1, 7))):
                number = 1 if draw(st.integers(0, 9)) == 0 else number + draw(st.integers(0, 2))
                known = number if counts and draw(st.integers(0, 4)) else None
                on = START + timedelta(days=day)
                orders.append(Order(key, on, known, customer, draw(st.integers(0, 900))))
                steps = (0, interval, interval, interval + 1, 2 * interval, 5 * interval // 2)
                day += draw(st.sampled_from((*steps, steps[-1] + 1, 4 * interval)))
            if draw(st.booleans()):
                word = draw(st.sampled_from(runs.WORDS))
                said[key] = (word, START + timedelta(days=draw(st.integers(0, 203))))
    return orders, said


@settings(max_examples=25)
@given(histories())
def test_the_statement_says_what_plain_python_says(
    engine: Engine,
    holding: Holding,
    history: tuple[list[Order], dict[Key, tuple[str, date]]],
) -> None:
    orders, said = history

    told = _by_statement(engine, holding, orders, said)

    for day in (BEFORE, AS_OF):  # of both at once, and neither knows of the other
        usual, found, counted = told[day]
        expected = _naive(orders, said, day)
        assert usual == expected.usual
        assert found == _rows(expected)
        assert counted == {
            number: (expected.renewed[number], expected.lost[number])
            for number in expected.renewed.keys() | expected.lost.keys()
        }


def _naive(orders: Sequence[Order], said: Mapping[Key, tuple[str, date]], day: date) -> Naive:
    """What plain Python makes of what was known at the end of that day."""
    words = {
        key: (word, on) if on <= day else ("Subscription Paused", on - timedelta(days=1))
        for key, (word, on) in said.items()
        if on - timedelta(days=1) <= day
    }
    return contracts([one for one in orders if one.on <= day], words, day)


def _by_statement(
    engine: Engine,
    holding: Holding,
    orders: Sequence[Order],
    said: Mapping[Key, tuple[str, date]],
) -> dict[date, tuple[int, list[tuple[Any, ...]], dict[int, tuple[int, int]]]]:
    ends = (BEFORE, AS_OF)
    bought = holding.take(_purchases(orders))
    days = holding.hold(runs.seen_at(runs.deliveries(bought), ends))
    intervals = holding.hold(runs.own_intervals(days))
    usual = runs.usual_intervals(engine.rows(runs.spread_of_intervals(intervals)), ends)
    rows = holding.hold(runs.runs(days, intervals, usual))
    words = runs.newest_words(holding.take(_events(said)), ends)
    found = engine.rows(runs.contracts(rows, words))
    counted = engine.rows(runs.renewals(runs.decided(rows)))
    return {
        end: (
            usual[end],
            sorted(
                (row["store_id"], row["subscription_id"], row["run"], row["customer_id"],
                 row["first_on"], row["last_on"], row["deliveries"], row["number"],
                 row["interval_days"], row["revenue"], row["status"], row["ended_on"])
                for row in found if row["at"] == end
            ),
            {
                row["number"]: (row["renewed"], row["lost"])
                for row in counted if row["at"] == end
            },
        )
        for end in ends
    }  # fmt: skip


def _rows(naive: Naive) -> list[tuple[Any, ...]]:
    return sorted(
        (*one.contract, one.run, one.customer, one.deliveries[0][0], one.deliveries[-1][0],
         len(one.deliveries), one.deliveries[-1][1], one.interval, one.revenue, one.status,
         one.ended_on)
        for one in naive.runs
    )  # fmt: skip


def _purchases(orders: Sequence[Order]) -> pa.Table:
    single = {"order_id": 0, "customer_id": 1, "store_id": 1, "ordered_on": START, "revenue": 5}
    rows: list[dict[str, Any]] = [single]
    for place, one in enumerate(orders, start=1):
        store, contract = one.contract
        rows.append(
            {
                "order_id": place,
                "customer_id": one.customer,
                "store_id": store,
                "ordered_on": one.on,
                "revenue": one.revenue,
                "subscription_id": contract,
                "subscription_number": one.number,
            }
        )
    return table(PURCHASES, rows)


def _events(said: Mapping[Key, tuple[str, date]]) -> pa.Table:
    """Before what was said last the source had said something else, and something about nothing."""
    rows: list[dict[str, Any]] = [{"event_id": 0, "name": "Order Completed"}]
    for (store, contract), (word, on) in said.items():
        for age, name in ((0, word), (1, "Subscription Paused")):
            day = on - timedelta(days=age)
            rows.append(
                {
                    "event_id": len(rows),
                    "name": name,
                    "store_id": store,
                    "order_number": contract,
                    "occurred_at": datetime(day.year, day.month, day.day, tzinfo=UTC),
                    "occurred_on": day,
                }
            )
    return table(EVENTS, rows)


def test_months_count_beginnings_and_ends(engine: Engine, holding: Holding) -> None:
    orders = [Order((1, "A"), START + timedelta(days=30 * k), k + 1) for k in range(3)]

    rows = _contract_rows(engine, holding, orders)

    counted = {row["month"]: (row["started"], row["ended"]) for row in engine.rows(rows)}
    assert counted == {date(2026, 1, 1): (1, 0), date(2026, 4, 1): (0, 1)}


def _contract_rows(engine: Engine, holding: Holding, orders: Sequence[Order]) -> Any:
    days = runs.deliveries(holding.take(_purchases(orders)))
    days = holding.hold(runs.seen_at(days, [AS_OF]))
    rows = runs.runs(days, holding.hold(runs.own_intervals(days)), {AS_OF: 30})
    return runs.months(runs.contracts(rows, None))
