"""Whoever comes by an order: what counts is what they bought after they came."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from joren.collect.customers.models import Customer
from joren.core import clock
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts import services
from joren.decide.holdouts.contracts import Holdout
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments import rules, selectors
from joren.measure.experiments.selectors import adjusting, counting, people
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse
from tests.measure.experiments.cast import half_is_profit

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
Rows = dict[int, list[dict[str, Any]]]


@pytest.fixture
def orders(refreshed_shop: Warehouse) -> Rows:
    """Of each customer, the first one first."""
    bought = refreshed_shop.snapshots.table(values.snapshot().id, PURCHASED)
    found: Rows = {}
    for row in refreshed_shop.engine.rows(bought.order_by("ordered_at")):
        found.setdefault(row["customer_id"], []).append(row)
    return found


@pytest.fixture
def thanked(
    orders: Rows, refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> tuple[Holdout, dict[int, datetime]]:
    """A journey to which everybody comes by their second order, a minute after it."""
    one = services.stand("お礼", share=0.5, by="alice")
    came = {who: rows[1]["ordered_at"] + MINUTE for who, rows in orders.items() if len(rows) > 1}
    for who, moment in sorted(came.items()):
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        services.assign(one.id, [who])
    services.log_arrivals(refreshed_shop)
    return holdouts.holdout(one.id), came


def test_the_order_by_which_they_came_is_nothing_that_the_journey_brought(
    thanked: tuple[Holdout, dict[int, datetime]], orders: Rows
) -> None:
    one, came = thanked

    found = selectors.result(one.id)
    over_time = {each.days: each for each in selectors.horizons(one.id)}

    for arm, told in zip(("treated", "held_out"), found.arms, strict=True):
        people = holdouts.customers_of(one.id, arm, limit=10_000)
        again = {who: [r for r in orders[who] if r["ordered_at"] > came[who]] for who in people}
        assert told.customers == len(people)
        assert told.orders == sum(map(len, again.values()))
        assert told.buyers == sum(map(bool, again.values())) < len(people)
        assert told.revenue == sum(r["revenue"] for rows in again.values() for r in rows)
    assert over_time[30].customers == over_time[30].drawn == len(came)


def test_who_came_under_two_numbers_counts_in_the_arm_that_they_came_into_first(
    orders: Rows, refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = services.stand("お礼", share=0.5, by="alice")
    day = values.snapshot().as_of - timedelta(days=400)
    moment = datetime.combine(day, time(3), tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    for who in sorted(orders, reverse=True):
        services.assign(one.id, [who])
    services.log_arrivals(refreshed_shop)
    before = [arm.revenue for arm in selectors.result(one.id).arms]
    treated, held = (
        holdouts.customers_of(one.id, arm, limit=10_000) for arm in ("treated", "held_out")
    )
    # The treated place was drawn first: the one who stands there has the younger number.
    spent = {
        who: sum(r["revenue"] for r in rows if r["ordered_at"] > moment)
        for who, rows in orders.items()
    }
    younger = max(treated)
    older = next(who for who in held if who < younger and spent[who] != spent[younger])
    Customer.objects.bulk_create(Customer(pk=who) for who in (older, younger))
    Customer.objects.filter(pk=younger).update(merged_into_id=older)

    found = selectors.result(one.id)
    done = services.assign(one.id, [older])["held_out"].to_pylist()

    moved = spent[older] - spent[younger]
    assert done == [False]
    assert [arm.revenue for arm in found.arms] == [before[0] + moved, before[1] - moved]
    assert found.in_both == 1


def test_it_belongs_to_what_was_known_of_them_before(
    thanked: tuple[Holdout, dict[int, datetime]], orders: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, came = thanked
    monkeypatch.setattr(rules.adjusting, "FEWEST", 1)
    monkeypatch.setattr(counting, "with_margin", half_is_profit)
    seen: list[float] = []

    def sharper(*arms: Any) -> Any:
        seen.append(sum(arm.total("before_lately") for arm in arms[:2]))
        return rules.adjusting.sharper(*arms)

    monkeypatch.setattr(adjusting, "sharper", sharper)

    selectors.adjusted(one.id)

    lately = [
        row for who, moment in came.items() for row in orders[who]
        if row["ordered_at"] < moment
        and (orders[who][1]["ordered_on"] - row["ordered_on"]).days <= 90
    ]  # fmt: skip
    assert seen == [len(lately)]
    assert len(lately) > len(came)


def test_what_holding_out_costs_is_of_the_days_that_each_has_had(
    thanked: tuple[Holdout, dict[int, datetime]],
) -> None:
    one, came = thanked

    found = selectors.result(one.id)

    drawn, _ = people.drawn_people(one, values.snapshot())
    had = [(each["last"] - each["start"]).days + 1 for each in drawn.to_pylist()]
    each, cost = found.realised_per_customer.value, found.held_back.value
    assert len(had) == len(came)
    assert max(had) == found.days > 1.2 * sum(had) / len(had)
    assert each
    assert cost == pytest.approx(each * found.arms[1].customers * 30 / (sum(had) / len(had)))
