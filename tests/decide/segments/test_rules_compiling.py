"""What an expression finds is what one finds by looking at each customer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joren.collect.customers.contracts import TRAITS
from joren.collect.inbox.contracts import EVENTS
from joren.collect.orders.contracts import ORDER_LINES
from joren.decide.segments.contracts import (
    PURCHASED,
    All,
    AtLeast,
    Bought,
    Is,
    Member,
    Not,
    Rule,
    Window,
)
from joren.decide.segments.contracts import Any as Either
from joren.decide.segments.rules import Sources, check, customers
from joren.understand.ltv.contracts import CUSTOMER_SUBSCRIPTIONS, CUSTOMER_VALUES
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.understand.shifts.contracts import CUSTOMER_SHIFTS
from joren.warehouse.engine import Holding
from tests.understand.tables import table

AS_OF = date(2026, 2, 27)
PEOPLE = [
    {"customer_id": 1, "prefecture": "東京都", "birth_day": "02-29",
     "registered_on": date(2024, 2, 29)},
    {"customer_id": 2, "prefecture": "大阪府", "birth_day": "03-01", "life_stage": 3,
     "life_stage_changed_on": AS_OF - timedelta(9), "may_email_surveys": True,
     "may_push": False},
    {"customer_id": 3, "prefecture": None, "birth_day": None, "registered_on": AS_OF},
    {"customer_id": 4, "prefecture": "東京都", "birth_day": "02-27",
     "registered_on": date(2025, 2, 27)},
    {"customer_id": 5, "prefecture": "北海道", "birth_day": "12-31",
     "registered_on": date(2020, 2, 1)},
]  # fmt: skip
VALUES = [
    {"customer_id": 1, "orders": 3, "revenue_past": 6000, "last_on": AS_OF, "p_alive": 0.9,
     "subscriber": True},
    {"customer_id": 2, "orders": 1, "revenue_past": 1000, "last_on": AS_OF - timedelta(100),
     "p_alive": None, "subscriber": False},
    {"customer_id": 3, "orders": 2, "revenue_past": 0, "last_on": AS_OF - timedelta(30),
     "p_alive": 0.5, "subscriber": False},
    {"customer_id": 5, "orders": 1, "revenue_past": -50, "last_on": AS_OF - timedelta(29),
     "p_alive": 0.1, "subscriber": True},
]  # fmt: skip
ORDERS = [  # customer, order, days ago, revenue, coupon, lines of (sku, quantity)
    (1, 11, 0, 1000, "SPRING", [("beans", 1), ("cup", 2)]),
    (1, 12, 40, 2000, None, [("beans", 4)]),
    (1, 13, 90, 3000, None, []),
    (2, 21, 100, 1000, "SPRING", [("cup", 1)]),
    (3, 31, 30, 0, None, [("beans", 1)]),
    (3, 32, 31, 0, "", [("tea", 9)]),
    (5, 51, 29, -50, None, [("tea", 1)]),
]
SHIFTS = [
    {"customer_id": 1, "shift_to": "Baby", "shift_from": "coffee", "shifted_on": AS_OF},
    {"customer_id": 2, "shift_to": "tea", "shift_from": "coffee",
     "shifted_on": AS_OF - timedelta(120)},
    {"customer_id": 3, "shift_to": None, "shift_from": None, "shifted_on": None},
]  # fmt: skip


@pytest.fixture(scope="module")
def sources(holding: Holding) -> Sources:
    bought = [
        {"customer_id": who, "order_id": order, "ordered_on": AS_OF - timedelta(ago),
         "revenue": revenue, "coupon_code": coupon or None, "store_id": 1, "nth": 1,
         "with_coupon": bool(coupon), "with_points": order % 2 == 0, "status": "paid",
         "campaign": "spring" if order > 30 else None, "channel": "app" if order == 11 else "web",
         "subscription_number": order % 10 if order < 20 else None}
        for who, order, ago, revenue, coupon, _ in ORDERS
    ]  # fmt: skip
    lines = [
        {"order_id": order, "sku": sku, "quantity": quantity, "amount": 100 * quantity,
         "ordered_on": None if order == 12 else AS_OF - timedelta(ago)}
        for _, order, ago, _, _, items in ORDERS
        for sku, quantity in items
    ]  # fmt: skip

    def taken(rows: pa.Table) -> Any:
        return holding.take(rows)

    segment: Rule = Is("orders", "at_least", (2,))
    found = Sources(
        people=taken(table(TRAITS, PEOPLE)),
        values=taken(table(CUSTOMER_VALUES, VALUES)),
        contracts=taken(table(CUSTOMER_SUBSCRIPTIONS, [])),
        ranks=taken(table(CUSTOMER_RANKS, [{"customer_id": 1, "stage": "active", "vip": True}])),
        shifts=taken(table(CUSTOMER_SHIFTS, SHIFTS)),
        purchases=taken(table(PURCHASED, bought)),
        lines=taken(table(ORDER_LINES, lines)),
        events=taken(table(EVENTS, [])).mutate(customer_id=ibis.null("int64")),
        as_of=AS_OF,
        of_figures=AS_OF,
        earlier=lambda _table, _days: None,
        members=lambda _number: customers(segment, found),
    )
    return found


Ask = Callable[[Rule], set[int]]


@pytest.fixture(scope="module")
def ask(holding: Holding, sources: Sources) -> Ask:
    def asked(rule: Rule) -> set[int]:
        check(rule)
        rows = holding.engine.rows(customers(rule, sources))
        assert len({row["customer_id"] for row in rows}) == len(rows)
        return {row["customer_id"] for row in rows}

    return asked


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (All(), {1, 2, 3, 4, 5}),
        (Is("orders", "at_least", (2,)), {1, 3}),
        (Is("revenue_past", "between", (0, 1000)), {2, 3}),
        (Is("p_alive", "unknown"), {2, 4}),
        (Is("p_alive", "at_most", (0.5,)), {3, 5}),
        (Not(Is("p_alive", "at_most", (0.5,))), {1, 2, 4}),
        (Is("prefecture", "is", (" 東京都",)), {1, 4}),
        (Is("prefecture", "is_not", ("東京都",)), {2, 5}),
        (Is("subscriber", "no"), {2, 3}),
        (Is("vip", "yes"), {1}),
        (Is("shift_to", "is", ("baby",)), {1}),
        (Is("shifted_on", "in_last_days", (90,)), {1}),
        (Is("shift_to", "unknown"), {3, 4, 5}),
        (Is("life_stage", "is", ("3",)), {2}),
        (Is("life_stage_changed_on", "in_last_days", (30,)), {2}),
        (Is("stage", "is", ("active",)), {1}),
        (Is("last_on", "in_last_days", (30,)), {1, 5}),
        (Is("last_on", "not_in_last_days", (30,)), {2, 3}),
        (Is("birthday", "this_month"), {1, 4}),
        (Is("birthday", "in_next_days", (1,)), {1, 4}),  # 29 February is kept on the 28th
        (Is("birthday", "in_next_days", (2,)), {1, 2, 4}),
        (Is("registered_on", "anniversary_in_next_days", (1,)), {1, 4}),  # and 29 February
        (Is("registered_on", "anniversary_this_month"), {1, 4, 5}),
        (Is("stage", "is", ("active",), ago=30), set()),
        (Member(7), {1, 3}),
        (Bought("orders", "at_least", (1,), window=Window(last_days=30)), {1, 5}),
        (Bought("orders", "at_most", (0,), window=Window(last_days=30)), {2, 3, 4}),
        (Bought("orders", "between", (1, 1), window=Window(last_days=60, but_days=30)), {1}),
        (Bought("orders", "at_least", (1,), (Is("coupon", "is", ("spring",)),)), {1, 2}),
        (Bought("orders", "at_most", (0,), (Is("coupon", "unknown"),)), {2, 4}),
        (Bought("revenue", "at_most", (0,)), {3, 4, 5}),
        (Bought("mean_revenue", "at_most", (0,)), {3, 5}),
        (Bought("quantity", "at_least", (5,), (Is("sku", "is", ("beans",)),)), {1}),
        (Bought("quantity", "at_least", (4,), (Is("sku", "is", ("beans",)),),
                Window(last_days=41)), {1}),
        (Bought("products", "at_least", (2,)), {1, 3}),
        (Bought("last_on", "not_in_last_days", (90,)), {2}),
        (Bought("orders", "at_least", (1,), (Is("with_points", "yes"),)), {1, 3}),
        (Bought("orders", "at_least", (1,), (Is("channel", "is", ("APP",)),)), {1}),
        (Bought("orders", "at_least", (1,), (Is("campaign", "known"),)), {3, 5}),
        (Bought("orders", "at_least", (1,), (Is("subscription_number", "at_least", (3,)),)), {1}),
        (Bought("orders", "at_most", (0,), (Is("status", "is", ("paid",)),)), {4}),
        (Bought("quantity", "at_least", (1,), (Is("with_coupon", "yes"),
                                               Is("sku", "is", ("cup",)))), {1, 2}),
        (Bought("lines", "at_least", (1,), (Is("nth", "at_least", (2,)),)), set()),
        (Bought("first_line_on", "on_or_before", ("2026-01-18",), (Is("sku", "is", ("beans",)),)),
         {1}),
        (Bought("last_line_on", "in_last_days", (30,), (Is("sku", "is", ("beans",)),)), {1}),
        (Bought("last_line_on", "not_in_last_days", (30,), (Is("sku", "is", ("tea",)),)), {3}),
        (Is("may_email_surveys", "yes"), {2}),
        (Is("may_push", "no"), {2}),
        (Either((Is("vip", "yes"), Is("p_alive", "unknown"))), {1, 2, 4}),
        (AtLeast(2, (Is("vip", "yes"), Is("orders", "at_least", (2,)), Is("p_alive", "known"))),
         {1, 3}),
    ],
)  # fmt: skip
def test_it_finds_whom_the_rule_means(ask: Ask, rule: Rule, found: set[int]) -> None:
    assert ask(rule) == found


CONDITIONS = st.sampled_from(
    [
        Is("orders", "at_least", (2,)),
        Is("p_alive", "unknown"),
        Is("prefecture", "is", ("東京都",)),
        Bought("orders", "at_most", (0,), window=Window(last_days=30)),
        Bought("quantity", "at_least", (2,)),
        Member(7),
    ]
)
RULES: st.SearchStrategy[Rule] = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(
        st.builds(All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Either, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda of: AtLeast(2, tuple(of))),
    ),
    max_leaves=6,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rule=RULES)
def test_groups_are_the_sets_of_their_parts(ask: Ask, rule: Rule) -> None:
    everybody = {row["customer_id"] for row in PEOPLE}

    def meant(one: Rule) -> set[Any]:
        if isinstance(one, All):
            return everybody.intersection(*map(meant, one.of))
        if isinstance(one, Either):
            return set[Any]().union(*map(meant, one.of))
        if isinstance(one, AtLeast):
            parts = [meant(part) for part in one.of]
            return {who for who in everybody if sum(who in p for p in parts) >= one.count}
        return everybody - meant(one.of) if isinstance(one, Not) else ask(one)

    assert ask(rule) == meant(rule)


WHERES = st.lists(
    st.sampled_from(
        [
            Is("with_coupon", "yes"),
            Is("with_points", "no"),
            Is("channel", "is", ("web",)),
            Is("campaign", "unknown"),
            Is("sku", "is", ("beans", "cup")),
            Is("sku", "is_not", ("tea",)),
            Is("quantity", "at_least", (2,)),
        ]
    ),
    max_size=2,
    unique_by=lambda one: one.field,
).map(tuple)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    measure=st.sampled_from(["lines", "quantity", "amount", "first_line_on", "last_line_on"]),
    where=WHERES,
    back=st.integers(1, 120),
    bound=st.integers(0, 120),
)
def test_lines_are_those_that_one_finds_by_looking(
    ask: Ask, measure: Any, where: tuple[Is, ...], back: int, bound: int
) -> None:
    kept: dict[int, list[tuple[date, int]]] = {}
    for who, order, ago, _, coupon, items in ORDERS:
        said = {
            "with_coupon": bool(coupon), "with_points": order % 2 == 0,
            "channel": "app" if order == 11 else "web",
            "campaign": "spring" if order > 30 else None,
        }  # fmt: skip
        for sku, quantity in items:
            row = {**said, "sku": sku, "quantity": quantity}
            if ago < back and all(_so(one, row[one.field]) for one in where):
                kept.setdefault(who, []).append((AS_OF - timedelta(ago), quantity))
    found = {
        "lines": lambda rows: len(rows),
        "quantity": lambda rows: sum(n for _, n in rows),
        "amount": lambda rows: sum(100 * n for _, n in rows),
        "first_line_on": lambda rows: min(day for day, _ in rows),
        "last_line_on": lambda rows: max(day for day, _ in rows),
    }[measure]  # fmt: skip
    day = AS_OF - timedelta(bound)
    dated = measure.endswith("_on")
    op: Any = "on_or_after" if dated else "at_least"
    least: Any = day if dated else bound + 1

    rule = Bought(measure, op, (str(day) if dated else least,), where, Window(last_days=back))

    assert ask(rule) == {who for who, rows in kept.items() if found(rows) >= least}


def _so(one: Is, value: Any) -> bool:
    return {
        "yes": lambda: bool(value),
        "no": lambda: not value,
        "unknown": lambda: value is None,
        "is": lambda: value in one.values,
        "is_not": lambda: value not in one.values,
        "at_least": lambda: value >= one.values[0],
    }[one.op]()  # fmt: skip


def test_a_lot_number_is_even_and_has_nothing_to_do_with_the_customers_own(
    holding: Holding, sources: Sources
) -> None:
    size = 200_000
    crowd = holding.take(pa.table({"customer_id": pa.array(range(1, size + 1), pa.int64())}))
    slice_of = Is("lot_number", "at_most", (5,))

    found = holding.engine.arrow(customers(slice_of, replace(sources, people=crowd)))
    every = customers(Is("lot_number", "between", (1, 100)), replace(sources, people=crowd))

    kept = np.sort(found["customer_id"].to_numpy())
    assert kept.size / size == pytest.approx(0.05, abs=0.003)  # six standard errors
    for parts in (2, 7, 10, 100):  # neighbours, and every n-th, are drawn as often
        counts = np.bincount(kept % parts, minlength=parts)
        expected = kept.size / parts
        assert ((counts - expected) ** 2 / expected).sum() < parts + 6 * np.sqrt(2 * parts)
    gaps = np.diff(kept)
    assert np.mean(gaps == 1) == pytest.approx(0.05, abs=0.015)
    (row,) = holding.engine.rows(every.aggregate(n=every.count()))
    assert row["n"] == size
    expected_of_1 = pow(48_271, 2, 2**31 - 1) % 100 + 1
    assert (1 in kept) == (expected_of_1 <= 5)
