"""Some are left out of everything, nobody for longer than a year, and it can be switched off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client

from joren.collect.customers.services import merge_customers
from joren.core import clock
from joren.decide.holdouts import models, rules, selectors, services
from joren.decide.holdouts.contracts import ReasonMissing
from joren.decide.holdouts.services import drawing, globally
from joren.decide.segments import selectors as segments
from joren.decide.segments.contracts import All
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Warehouse
from tests.act.messages.cast import people as cast
from tests.refreshed_homes import CUSTOMERS

pytestmark = pytest.mark.django_db
BEGIN = date(2026, 12, 1)
MONTH = timedelta(days=30)


class Calendar:
    """The day that the clock shows."""

    day = BEGIN

    def __call__(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 3, tzinfo=UTC)


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch, refreshed_shop: Warehouse) -> Calendar:
    found = Calendar()
    monkeypatch.setattr(clock, "now", found)
    monkeypatch.setattr(globally, "FEWEST_GLOBAL", 20)
    services.set_global(0.2, by="alice")
    return found


def left_out(day: date) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT customer_id FROM ({selectors.globally_left_out(day)}) AS g")
        return {customer for (customer,) in cursor.fetchall()}


def test_four_cohorts_take_turns_and_nobody_stays_longer_than_a_year(calendar: Calendar) -> None:
    out: dict[date, set[int]] = {}
    for month in range(30):
        calendar.day = BEGIN + month * MONTH
        services.rotate()
        assert services.rotate() == []
        assert len([one for one in selectors.cohorts() if one.closed_at is None]) == rules.COHORTS
        out[calendar.day] = left_out(calendar.day)

    for customer in set().union(*out.values()):
        days = sorted(day for day, some in out.items() if customer in some)
        begun = days[0]
        for first, later in pairwise(days):
            if later - first > MONTH:
                assert later - first > timedelta(days=300)  # one who comes again has rested
                begun = later
            assert later - begun <= timedelta(days=365)
    assert all(selectors.drawn_again(one.id) == 0 for one in selectors.cohorts())


def test_another_share_waits_for_the_next_cohort_and_none_needs_a_reason(
    calendar: Calendar,
) -> None:
    services.rotate()
    before = left_out(BEGIN)

    services.set_global(0.1, by="alice")
    assert left_out(BEGIN) == before
    with pytest.raises(ReasonMissing):
        services.set_global(0, by="alice", reason=" ")
    services.set_global(0, by="alice", reason="年末商戦")

    assert left_out(BEGIN) == set()
    assert services.rotate() == []
    assert all(one.closed_at is not None for one in selectors.cohorts())
    assert (selectors.global_rule().share, selectors.global_rule().reason) == (0, "年末商戦")
    assert len(selectors.cohorts()) == rules.COHORTS


def test_it_can_be_switched_off_and_on_again_on_one_day(calendar: Calendar) -> None:
    before = {one.name for one in services.rotate()}
    services.set_global(0, by="alice", reason="間違い")
    services.set_global(0.2, by="alice")

    after = services.rotate()

    assert {one.name.removesuffix(" (2)") for one in after} == before
    assert all(selectors.drawn_again(one.id) == 0 for one in after)
    assert left_out(BEGIN)


def test_a_small_shop_leaves_nobody_out(
    calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(globally, "FEWEST_GLOBAL", CUSTOMERS + 1)

    assert services.rotate() == []
    assert models.GloballyHeld.objects.count() == 0


def test_a_marketer_chooses_the_share_on_the_page(
    calendar: Calendar, alice_the_admin: Client
) -> None:
    services.rotate()

    told = alice_the_admin.post("/holdouts/global/", {"share": "0", "reason": ""}, follow=True)
    assert "理由" in told.content.decode() or "why" in told.content.decode()
    alice_the_admin.post("/holdouts/global/", {"share": "10"})
    page = alice_the_admin.get("/holdouts/").content.decode()

    assert selectors.global_rule().share == 0.1
    for one in selectors.cohorts():
        assert one.name in page
        assert alice_the_admin.get(f"/holdouts/{one.id}/").status_code == 200


def test_who_is_left_out_is_so_under_whatever_number_they_have(calendar: Calendar) -> None:
    services.rotate()
    today = globally._today()
    held = sorted(left_out(today))
    free = sorted(set(range(1, CUSTOMERS + 1)) - set(held))
    first, second, older, younger = held[-1], held[0], free[0], free[-1]
    assert first > older
    assert second < younger
    cast((first, second, older, younger))
    merge_customers(older, first, by="alice")  # type: ignore[arg-type]
    merge_customers(second, younger, by="alice")  # type: ignore[arg-type]
    members = segments.members_table(All())

    drawable = drawing.without_held(members, since=today)

    found = {row["customer_id"] for row in warehouse().engine.rows(drawable)}
    assert not found & {first, second, older, younger}
    assert found == set(free) - {older, younger}
