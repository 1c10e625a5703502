"""The journey map of a few people, counted by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from django.test import Client

from joren.collect.customers.contracts import TRAITS
from joren.collect.inbox.contracts import EVENTS
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv.services import Refresh
from joren.understand.paths import selectors, services
from joren.understand.paths.contracts import (
    JourneyMap,
    PathTarget,
    PathWay,
    TargetMeaningless,
    Way,
)
from joren.understand.paths.rules import telling
from joren.understand.ranks.services import rank_customers
from joren.warehouse import Snapshot
from tests.understand.refreshing import Shop
from tests.understand.tables import Bought, table

AS_OF = date(2026, 6, 30)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def _ago(days_ago: int) -> date:
    return AS_OF - timedelta(days=days_ago)


def drawn(
    bought: Iterable[Bought],
    registered: Mapping[int, int],
    heard: Iterable[tuple[int, str | None, int]] = (),
    sources: Mapping[int, str] | None = None,
    *,
    ranked: bool = False,
) -> Snapshot:
    """``registered`` and ``heard`` say how many days ago; identities are customers up to 100."""
    listed = list(bought)
    known = sorted({*registered, *(one.customer for one in listed)})
    rows = [
        {"customer_id": who, "registered_on": _ago(registered[who]) if who in registered else None,
         "acquisition_source": (sources or {}).get(who)}
        for who in known
    ]  # fmt: skip
    events = [
        {"event_id": place, "name": name, "type": "track" if name else "page",
         "occurred_on": _ago(ago), "identity_id": who}
        for place, (who, name, ago) in enumerate(heard)
    ]  # fmt: skip
    people = pa.table({"identity_id": pa.array(known, pa.int64()),
                       "customer_id": pa.array(known, pa.int64())})  # fmt: skip

    def step(refresh: Refresh) -> dict[str, Any]:
        house, holding = refresh.warehouse, refresh.holding
        house.snapshots.write(
            refresh.snapshot_id, TRAITS, holding.take(table(TRAITS, rows)), house.scratch
        )
        given = {**vars(refresh), "events": holding.take(table(EVENTS, events)) if events else None,
                 "person_of": holding.take(people)}  # fmt: skip
        ranks = rank_customers(refresh)["ranks"] if ranked else None
        return services.map_journeys(Refresh(**given), ranks)

    return Shop(warehouse(), "paths", step).refresh(listed, as_of=AS_OF)


def _way(found: JourneyMap, way: Way) -> PathWay:
    return next(one for one in found.ways if one.way == way)


def test_places_ways_and_leads_are_those_of_each_persons_days() -> None:
    made = drawn(
        [
            *(Bought(1, _ago(one)) for one in (300, 290, 10)),  # falls dormant, comes back
            Bought(2, _ago(20), subscription=True),
            Bought(3, _ago(400)),  # dormant; signed up after the order
        ],
        registered={1: 310, 2: 30, 3: 100, 4: 5, 5: 50},
        heard=[
            (1, None, 320), (4, "Product Viewed", 4), (4, "Product Added", 3),
            (5, "Email Opened", 40), (7001, None, 9), (7001, None, 8),
        ],
    )  # fmt: skip

    found = selectors.journey_map(made)

    assert {one.place: one.people for one in found.places} == {
        "visit": 3, "signup": 5, "f1": 3, "f2": 1, "f3": 1, "subscription": 1, "vip": 0,
        "dormant": 2, "back": 1,
    }  # fmt: skip
    assert {one.now: one.people for one in found.nows} == {
        "visitor": 1, "lead": 2, "f1": 1, "f2": 0, "f3": 1, "vip": 0, "dormant": 1
    }  # fmt: skip
    assert {one.lead: one.people for one in found.leads} == {
        "signed_up": 0, "opened": 1, "clicked": 0, "viewed": 0, "cart": 1
    }  # fmt: skip
    signup = _way(found, "signup_f1")
    assert (signup.before, signup.told.entered, signup.told.gone) == (1, 4, 2)
    assert [(one.day, one.gone, one.left) for one in signup.steps] == [(5, 0, 1), (10, 2, 0),
                                                                        (50, 0, 1)]  # fmt: skip
    back = _way(found, "dormant_back").told
    assert (back.entered, back.gone, back.waiting) == (2, 1, 1)
    assert signup.told.median.value is None  # of four people nothing is told
    assert signup.told.median.why == "fewer than 20 people entered"


def test_a_vip_is_one_from_the_day_on_which_a_year_s_purchases_came_to_the_bound() -> None:
    small = [Bought(who, _ago(50), revenue=100) for who in range(10, 30)]
    regular = [Bought(1, _ago(one), revenue=4_000) for one in (500, 120, 60, 10)]

    made = drawn([*small, *regular], registered={}, ranked=True)

    found = selectors.journey_map(made)
    assert found.vip_from == 12_000  # of the last 365 days: the order of 500 days ago is none
    assert next(one.people for one in found.places if one.place == "vip") == 1
    assert next(one.people for one in found.nows if one.now == "vip") == 1
    assert [(one.day, one.gone) for one in _way(found, "f1_vip").steps if one.gone] == [(490, 1)]


def test_leads_are_told_by_month_and_source_and_targets_beside_what_is_so(
    alice_the_admin: Client,
) -> None:
    people = range(1, 61)
    bought = [Bought(who, _ago(100 - who % 20)) for who in people if who % 3]
    made = drawn(bought, registered=dict.fromkeys(people, 100),
                 sources={who: "google" if who % 2 else "" for who in people})  # fmt: skip
    services.change_targets(
        [PathTarget("f1_f2", 0.5, 30), PathTarget("signup_f1", 0.5, 30)], by="x"
    )

    found = selectors.journey_map(made)
    page = alice_the_admin.get("/cohorts/journey-map/").content.decode()

    (month,) = found.months
    assert (month.name, month.told.entered, month.told.gone) == ("2026-03", 60, 40)
    assert month.told.shares[0].value == pytest.approx(2 / 3)
    assert month.told.shares[2].value is None  # nobody was followed for 180 days
    assert [one.name for one in found.sources] == ["", "google"]
    told = selectors.against_targets(found)
    assert [(one.target.way, one.verdict) for one in told] == [
        ("signup_f1", "met"), ("f1_f2", "missed"),
    ]  # fmt: skip
    assert "会員登録 → 初回購入(F1)" in page
    assert "達成" in page
    assert alice_the_admin.get("/cohorts/journey-map/?format=csv&table=leads").status_code == 200
    sent = {"f1_f2-share": "30", "f1_f2-days": "90"}
    assert alice_the_admin.post("/cohorts/journey-map/targets/", sent).status_code == 302
    assert selectors.targets().targets == (PathTarget("f1_f2", 0.3, 90),)
    assert [len(one.targets) for one in selectors.targets_history()] == [1, 2, 0]
    assert len(alice_the_admin.get("/api/journey-map").json()["ways"]) == 8


def test_a_target_that_nobody_could_meet_is_refused() -> None:
    with pytest.raises(TargetMeaningless, match="is no share"):
        telling.checked([PathTarget("f1_f2", 1.2, 30)])
    with pytest.raises(TargetMeaningless, match="one way"):
        telling.checked([PathTarget("f1_f2", 0.2, 30), PathTarget("f1_f2", 0.3, 60)])


def test_what_is_kept_of_a_curve_says_the_same_up_to_its_end() -> None:
    rows = [{"days": day, "gone": 1, "left": 1} for day in range(0, 1000, 7)]

    kept = telling.line_of(telling.steps(rows))

    whole = telling.told(rows, "2026-06-30")
    for day, figure in zip((30, 90, 180, 365), whole.shares, strict=True):
        assert telling.share(kept, day, "").value == pytest.approx(figure.value)
