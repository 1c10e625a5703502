"""The funnel of a few people, counted by hand; targets, the tree, and what a review takes of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from django.test import Client

from joren.accounts import selectors as accounts
from joren.collect.customers.contracts import TRAITS
from joren.collect.inbox.contracts import EVENTS
from joren.measure.indicators import selectors, services
from joren.measure.indicators.contracts import (
    IndicatorFunnel,
    IndicatorGoal,
    IndicatorPlan,
    IndicatorStanding,
    ResultIsNoKpi,
)
from joren.measure.reviews import services as reviews
from joren.measure.reviews.contracts import ReviewPlan
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv.services import Refresh
from joren.warehouse import Warehouse
from tests.understand.refreshing import Shop
from tests.understand.tables import Bought, table

AS_OF = date(2026, 6, 30)
pytestmark = pytest.mark.django_db


def _ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def drawn(
    bought: Iterable[Bought], heard: Iterable[tuple[int, str | None, int]]
) -> IndicatorFunnel:
    """``heard`` says how many days ago; identities are customers up to 1000."""
    listed = list(bought)
    known = sorted({one.customer for one in listed} | {who for who, _, _ in heard if who < 1000})
    traits = [{"customer_id": who, "registered_on": None} for who in known]
    events = [
        {"event_id": place, "name": name, "type": "track", "occurred_on": _ago(ago),
         "identity_id": who}
        for place, (who, name, ago) in enumerate(heard)
    ]  # fmt: skip
    people = pa.table({"identity_id": pa.array(known, pa.int64()),
                       "customer_id": pa.array(known, pa.int64())})  # fmt: skip

    def step(refresh: Refresh) -> dict[str, Any]:
        house, holding = refresh.warehouse, refresh.holding
        house.snapshots.write(
            refresh.snapshot_id, TRAITS, holding.take(table(TRAITS, traits)), house.scratch
        )
        given = {**vars(refresh), "events": holding.take(table(EVENTS, events)) if events else None,
                 "person_of": holding.take(people)}  # fmt: skip
        return services.follow_indicators(Refresh(**given))

    return selectors.funnel(Shop(warehouse(), "indicators", step).refresh(listed, as_of=AS_OF))


def node(code: str, period: str | None = None) -> IndicatorStanding:
    return next(one for one in selectors.tree(period).nodes if one.code == code)


@pytest.mark.usefixtures("home")
def test_who_came_where_is_counted_once_and_in_its_order() -> None:
    crowd = range(1, 31)  # began 200 days ago; every second used it, every third achieved
    found = drawn(
        [
            *(Bought(one, _ago(200)) for one in crowd),
            *(Bought(one, _ago(20)) for one in (3, 6)),  # long after they achieved
            Bought(9, _ago(100)),
            Bought(50, _ago(5)),
        ],
        [
            *((one, None, 230) for one in crowd),
            (60, "Email Sent", 230), (60, "Message Opened", 220),  # no visit: they did nothing
            *((one, "Service Used", 190) for one in crowd if one % 2 == 0),
            *((one, "Goal Achieved", 150) for one in crowd if one % 3 == 0),
            (1, "Service Used", 210),  # before the purchase: not of this
            (50, "Service Used", 4),
            (7001, None, 200), (7001, None, 190),  # a device nobody is known on
        ],
    )  # fmt: skip

    steps = {one.way: (one.entered, one.gone) for one in found.steps}
    # Used: 15 by an event, and 5 more who achieved without one.
    assert steps == {
        "aware_start": (31, 30), "start_use": (30, 20), "use_achieve": (20, 10),
        "achieve_again": (10, 1),
    }  # fmt: skip
    places = {one.place: one.people for one in found.places}
    assert places == {"aware": 32, "start": 31, "use": 21, "achieve": 10, "again": 3}
    rate = found.figures["achievement_rate"]
    assert (rate.value, rate.n) == (pytest.approx(1 / 3), 30)
    assert (found.figures["users"].value, found.figures["new_customers_30d"].value) == (1, 1)


@pytest.mark.usefixtures("home")
def test_each_goal_has_a_rate_of_its_own() -> None:
    services.write_plan(
        IndicatorPlan(
            goals=(
                IndicatorGoal("hair", "", "Hair"),
                IndicatorGoal("mood", "", "Mood"),
                IndicatorGoal("skin", "", "Skin"),
            ),
            kpis=("goal:hair",),
        ),
        by="alice",
    )

    found = drawn(
        [Bought(one, _ago(200)) for one in range(1, 41)],
        [
            *((one, "Hair", 150) for one in range(1, 11)),
            *((one, "Mood", 150) for one in range(6, 26)),
        ],
    )

    shares = {code: one.value for code, one in found.figures.items() if one.unit == "share"}
    assert shares["achievement_rate"] == pytest.approx(25 / 40)
    assert shares["goal:skin"] is None  # nobody records it
    assert (shares["goal:hair"], shares["goal:mood"]) == (pytest.approx(0.25), pytest.approx(0.5))


@pytest.mark.usefixtures("home")
def test_where_nothing_is_recorded_nothing_is_claimed() -> None:
    found = drawn([Bought(one, _ago(200)) for one in range(1, 41)], [])

    assert [one.share.value for one in found.steps] == [None] * 4
    assert found.figures["achievement_rate"].value is None
    assert found.figures["users"].why == "no event says that somebody uses it"


def test_a_target_makes_a_gap_and_keeps_who_said_it(refreshed_shop: Warehouse) -> None:
    services.aim("2026-03", {"f2_90d": 0.99, "order_value": 1.0}, by="alice")
    services.aim("2026-03", {"f2_90d": 0.98}, by="bob")

    f2 = node("f2_90d")

    assert f2.target == 0.98
    assert f2.actual.value is not None
    assert f2.gap == pytest.approx(f2.actual.value - 0.98)
    assert (f2.verdict, node("order_value").verdict) == ("missed", "met")
    said = [(one.value, one.changed_by) for one in selectors.target_history()
            if one.indicator == "f2_90d"]  # fmt: skip
    assert said == [(0.98, "bob"), (0.99, "alice")]
    services.aim("2026-03", {"f2_90d": None}, by="alice")
    assert node("f2_90d").target is None


def test_an_earlier_month_has_its_own_figures(twice_refreshed_shop: Warehouse) -> None:
    services.aim("2026-Q1", {"f2_90d": 0.5}, by="alice")

    march, april, may = (selectors.tree(one) for one in ("2026-03", "2026-04", "2026-05"))

    assert (march.as_of, april.as_of, may.as_of) == (date(2026, 3, 31), date(2026, 4, 30), None)
    assert (node("f2_90d", "2026-03").target, node("f2_90d", "2026-04").target) == (0.5, None)
    assert node("f2_90d", "2026-05").verdict == "not_yet"
    assert [one.period for one in selectors.months()] == ["2026-03", "2026-04"]


def test_a_review_takes_the_gaps(refreshed_shop: Warehouse, alice_the_admin: Client) -> None:
    services.aim("2026", {"f2_90d": 0.99, "order_value": 1.0}, by="alice")
    alice = int(accounts.member("alice@example.com").id)
    planned = reviews.plan(ReviewPlan(date(2026, 4, 1), alice, "close the gap"), by="alice")

    agenda = reviews.open_data(planned.id, by="alice").agenda or ()

    [gap] = [one for one in agenda if one.kind == "gap"]
    assert (gap.name, gap.said, gap.target) == ("f2_90d", "missed", 0.99)
    page = alice_the_admin.get(f"/reviews/{planned.id}/").content.decode()
    assert "F2" in page


def test_the_page_keeps_targets_and_refuses_a_result_as_kpi(
    refreshed_shop: Warehouse, alice_the_admin: Client
) -> None:
    sent = {"period": "2026-03", "f2_90d": "30", "order_value": "5,000"}
    alice_the_admin.post("/reviews/indicators/targets/", sent)
    plan = {"growth": "maturity", "days": "60", "use_events": "Used", "goals": "a = Done = good",
            "kpis": ["users"]}  # fmt: skip
    answer = alice_the_admin.post("/reviews/indicators/plan/", plan, follow=True)

    assert node("f2_90d").target == pytest.approx(0.3)
    assert selectors.plan().changed_by == ""
    assert answer.status_code == 200
    alice_the_admin.post("/reviews/indicators/plan/", {**plan, "kpis": ["goal:a"]})
    held = selectors.plan().plan
    assert (held.growth, held.days, held.kpis, held.goals[0].name) == (
        "maturity", 60, ("goal:a",), "good",
    )  # fmt: skip
    shown = alice_the_admin.get("/reviews/indicators/?format=csv&table=results")
    lines = b"".join(shown.streaming_content).decode()  # type: ignore[attr-defined]
    assert "0.3" not in lines.splitlines()[0]
    assert len(lines.splitlines()) > 10


def test_a_program_says_and_asks_the_same(
    refreshed_shop: Warehouse, alice_the_admin: Client
) -> None:
    put = alice_the_admin.put(
        "/api/indicators/targets/2026-03", {"targets": {"f2_90d": 0.4}}, "application/json"
    )
    tree = alice_the_admin.get("/api/indicators").json()
    refused = alice_the_admin.put(
        "/api/indicators/plan",
        {"growth": "growth", "use_events": ["a"], "goals": [{"code": "a", "event": "b"}],
         "kpis": ["continuation_365d"]},
        "application/json",
    )  # fmt: skip

    assert put.status_code == 200
    f2 = next(one for one in tree["nodes"] if one["code"] == "f2_90d")
    assert (f2["target"], f2["kpi"], f2["result"]) == (0.4, False, True)
    assert refused.status_code == 409


def test_a_result_is_refused_before_anything_is_kept(home: Any) -> None:
    with pytest.raises(ResultIsNoKpi):
        services.write_plan(IndicatorPlan(kpis=("users",)), by="alice")

    assert selectors.plan().changed_at is None
