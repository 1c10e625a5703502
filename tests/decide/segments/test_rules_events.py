"""What a rule finds of live events is what one finds by reading them one by one."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joren.collect.customers.contracts import TRAITS
from joren.collect.inbox.contracts import EVENTS
from joren.collect.orders.contracts import ORDER_LINES
from joren.core import clock
from joren.decide.segments.contracts import (
    PURCHASED,
    All,
    Did,
    Is,
    Not,
    RuleMeaningless,
    Window,
)
from joren.decide.segments.rules import (
    Sources,
    Words,
    check,
    customers,
    properties_of,
    read,
    sentence,
    written,
)
from joren.understand.ltv.contracts import CUSTOMER_SUBSCRIPTIONS, CUSTOMER_VALUES
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.understand.shifts.contracts import CUSTOMER_SHIFTS
from joren.warehouse.engine import Holding
from tests.understand.tables import table

ZONE, AS_OF = "America/New_York", date(2026, 3, 10)  # two days after the clocks went forward
NOON = datetime(2026, 3, 10, 16, tzinfo=UTC)
PEOPLE = range(1, 7)
NAMES = ("Product Viewed", "Product Added", "Checkout Started", "ミニ診断")

events = st.fixed_dictionaries(
    {
        "customer_id": st.sampled_from(PEOPLE),
        "type": st.sampled_from(["track", "track", "track", "page"]),
        "name": st.sampled_from(NAMES),
        "hours": st.integers(0, 24 * 12),  # before noon of the as-of day
        "sku": st.sampled_from([None, "Beans ", "tea"]),
        "category": st.sampled_from([None, "豆", "紅茶"]),
        "value": st.sampled_from([None, 0, 500, 3000]),
        "properties": st.sampled_from([{}, {"color": "Red"}, {"color": 7, "rating": 4.5},
                                       {"rating": "2", "products": [{"color": "red"}]}]),
    }
)  # fmt: skip
orders = st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(0, 24 * 12)), max_size=5)
wheres = st.lists(
    st.sampled_from(
        [
            Is("sku", "is", ("beans",)),
            Is("category", "is_not", ("豆",)),
            Is("value", "at_least", (500,)),
            Is("property:color", "is", ("red", "7")),
            Is("property:color", "unknown"),
            Is("number:rating", "between", (2, 4.5)),
        ]
    ),
    max_size=2,
    unique=True,
).map(tuple)
windows = st.sampled_from(
    [
        Window(), Window(last_days=1), Window(last_days=3), Window(last_days=9, but_days=2),
        Window(start="2026-03-07"), Window(end="2026-03-08"),
        Window(start="2026-03-08", end="2026-03-08"),
    ]
)  # fmt: skip
asks = st.sampled_from(
    [
        ("times", "at_least", (1,), ""), ("times", "at_least", (2,), ""),
        ("times", "at_most", (1,), ""), ("times", "between", (0, 0), ""),
        ("days", "at_least", (2,), ""), ("distinct", "at_least", (2,), "sku"),
        ("distinct", "at_most", (0,), "property:color"), ("first_on", "in_last_days", (3,), ""),
        ("last_on", "not_in_last_days", (2,), ""), ("last_on", "on_or_after", ("2026-03-08",), ""),
    ]
)  # fmt: skip
conditions = st.builds(
    lambda event, ask, where, window, but_not: Did(
        event, ask[0], ask[1], ask[2], where, window, ask[3], "" if but_not == event else but_not
    ),
    st.sampled_from(["product added", "Product Viewed", "Page Viewed", "*", "ミニ診断"]),
    asks, wheres, windows, st.sampled_from(["", "order", "Checkout Started"]),
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(heard=st.lists(events, max_size=25), bought=orders, rule=conditions)
def test_it_finds_whom_reading_one_by_one_finds(
    holding: Holding, heard: list[dict[str, Any]], bought: list[tuple[int, int]], rule: Did
) -> None:
    check(All((rule, Not(rule))))
    assert read(written(rule)) == rule

    found = holding.engine.rows(customers(rule, sources_of(holding, heard, bought)))

    assert {row["customer_id"] for row in found} == {
        who for who in PEOPLE if fits(rule, who, heard, bought)
    }


def sources_of(
    holding: Holding, heard: list[dict[str, Any]], bought: list[tuple[int, int]]
) -> Sources:
    rows = []
    whose: dict[int, int] = {}
    for number, one in enumerate(heard):
        at = NOON - timedelta(hours=one["hours"])
        rows.append(
            {name: one[name] for name in ("type", "name", "sku", "category", "value")}
            | {"event_id": number, "occurred_at": at, "occurred_on": clock.shop_day(at, ZONE),
               "properties": json.dumps(one["properties"]) if one["properties"] else None}
        )  # fmt: skip
        whose[number] = one["customer_id"]
    events = table(EVENTS, rows).append_column(
        "customer_id",
        ibis.memtable({"c": [*whose.values()]}, schema={"c": "int64"}).to_pyarrow()["c"],
    )
    purchases = [
        {"customer_id": who, "order_id": number, "ordered_at": _ordered_at(hours),
         "ordered_on": _shop_day(hours)}
        for number, (who, hours) in enumerate(bought)
    ]  # fmt: skip

    def nobody(*_: object) -> Any:
        raise AssertionError

    return Sources(
        people=holding.take(table(TRAITS, [{"customer_id": who} for who in PEOPLE])),
        values=holding.take(table(CUSTOMER_VALUES, [])),
        contracts=holding.take(table(CUSTOMER_SUBSCRIPTIONS, [])),
        ranks=holding.take(table(CUSTOMER_RANKS, [])),
        shifts=holding.take(table(CUSTOMER_SHIFTS, [])),
        purchases=holding.take(table(PURCHASED, purchases)),
        lines=holding.take(table(ORDER_LINES, [])),
        events=holding.take(events),
        as_of=AS_OF, of_figures=AS_OF, earlier=nobody, members=nobody,
    )  # fmt: skip


def _ordered_at(hours: int) -> datetime:
    """To the second; of each third order the file gives the day alone, as it is taken in."""
    if hours % 3:
        return NOON - timedelta(hours=hours) + timedelta(seconds=17)
    return datetime.combine(_shop_day(hours), time(), ZoneInfo(ZONE)).astimezone(UTC)


def _shop_day(hours: int) -> date:
    return clock.shop_day(NOON - timedelta(hours=hours), ZONE)


def _stops(rule: Did, event: dict[str, Any], hours: int) -> bool:
    if rule.but_not == "order" and hours % 3 == 0:
        return _shop_day(hours) >= _day(event)
    return bool(hours <= event["hours"])


def fits(rule: Did, who: int, heard: list[dict[str, Any]], bought: list[tuple[int, int]]) -> bool:
    """The rule by reading what one customer did, in plain Python."""
    theirs = [one for one in heard if one["customer_id"] == who]
    stops = [hours for buyer, hours in bought if buyer == who] if rule.but_not == "order" else [
        one["hours"] for one in theirs if _is_named(one, rule.but_not)
    ]  # fmt: skip
    counted = [
        one
        for one in theirs
        if _is_named(one, rule.event)
        and _in(rule.window, _day(one))
        and all(_chosen(leaf, one) for leaf in rule.where)
        and not (rule.but_not and any(_stops(rule, one, hours) for hours in stops))
    ]
    days = [_day(one) for one in counted]
    kinds = {_text(one, rule.by) for one in counted} - {None} if rule.by else set()
    numbers = {"times": len(counted), "days": len({*days}), "distinct": len(kinds)}
    if rule.measure in numbers:
        low, high = {"at_least": (rule.values[0], 99), "at_most": (0, rule.values[0])}.get(
            rule.op, (rule.values[0], rule.values[-1])
        )
        return bool(low <= numbers[rule.measure] <= high)  # type: ignore[operator]
    if not days:
        return False
    day = min(days) if rule.measure == "first_on" else max(days)
    if rule.op == "on_or_after":
        return day >= date.fromisoformat(str(rule.values[0]))
    since = AS_OF - timedelta(days=int(rule.values[0]))
    return day > since if rule.op == "in_last_days" else day <= since


def _is_named(one: dict[str, Any], name: str) -> bool:
    if name in ("*", "Page Viewed"):
        return name == "*" or one["type"] == "page"
    return one["type"] == "track" and one["name"].lower() == name.lower()


def _day(one: dict[str, Any]) -> date:
    return clock.shop_day(NOON - timedelta(hours=one["hours"]), ZONE)


def _in(window: Window, day: date) -> bool:
    if window.last_days is not None:
        return window.but_days <= (AS_OF - day).days < window.last_days
    return (window.start or "") <= day.isoformat() <= (window.end or "9999")


def _text(one: dict[str, Any], field: str) -> str | None:
    value = one["properties"].get(field.split(":")[1]) if ":" in field else one[field]
    return None if value is None else str(value).strip().lower()


def _chosen(leaf: Is, one: dict[str, Any]) -> bool:
    text = _text(one, leaf.field)
    if leaf.op == "unknown":
        return text is None
    if text is None:
        return False
    if leaf.op in ("is", "is_not"):
        return (text in leaf.values) is (leaf.op == "is")
    high = leaf.values[1] if leaf.op == "between" else 1e9
    return float(leaf.values[0]) <= float(text) <= float(high)


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"event": " "}, ""),
        ({"event": "somebody@example.com"}, ""),
        ({"but_not": "product added"}, ""),
        ({"values": [0]}, ""),
        ({"op": "known", "values": []}, ""),
        ({"op": "is", "values": [1]}, ""),
        ({"measure": "distinct"}, ""),
        ({"by": "sku"}, ""),
        ({"measure": "distinct", "by": "coupon"}, "where.0"),
        ({"where": [{"kind": "is", "field": "number:rating", "op": "is", "values": ["x"]}]},
         "where.0"),
        ({"where": [{"kind": "is", "field": "property:no name", "op": "known"}]}, "where.0"),
        ({"where": [{"kind": "is", "field": "sku", "op": "known", "ago": 3}]}, "where.0"),
        ({"window": {"last_days": 3, "start": "2026-01-01"}}, "window"),
    ],
)  # fmt: skip
def test_what_nobody_can_mean_of_events_is_refused(more: dict[str, Any], place: str) -> None:
    document = {"kind": "did", "event": "Product Added", "measure": "times", "op": "at_least",
                "values": [1]}  # fmt: skip
    assert read(document)

    with pytest.raises(RuleMeaningless) as refused:
        read(document | more)

    assert refused.value.message.startswith(place)
    assert refused.value.hint


def test_a_sentence_says_what_was_done_and_what_not() -> None:
    rule = Did(
        "Product Added", "times", "at_least", (1,),
        (Is("category", "is", ("豆",)), Is("property:color", "is", ("赤",))),
        Window(last_days=3), but_not="order",
    )  # fmt: skip
    other = Did("ミニ診断", "distinct", "at_least", (2,), by="property:answer",
                but_not="Checkout Started")  # fmt: skip

    assert sentence(rule, Words("ja")) == (
        "直近3日の「カートに入れた」の回数が1回以上"
        "(対象: カテゴリが「豆」、かつcolorが「赤」)(その後に購入していない)"
    )
    assert sentence(rule, Words("en")) == (
        "“added to cart”: times is at least 1 time in the last 3 days "
        "(where Category is “豆” and color is “赤”) (and no order since)"
    )
    assert sentence(other, Words("ja")) == (
        "「ミニ診断」のanswerの種類が2種類以上(その後に「購入手続きを始めた」がない)"
    )
    assert sentence(other, Words("en")) == (
        "“ミニ診断”: different answer is at least 2 (and no “checkout started” since)"
    )
    assert properties_of(All((rule, Not(other)))) == {"color", "answer"}
