"""Each gets it by their own clock, as far as their zone is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from joren.act.campaigns import selectors, services
from joren.act.campaigns.contracts import BadCampaign
from joren.act.messages import models as ledger
from joren.act.messages import services as messages
from joren.collect.customers.models import Customer
from joren.core import clock
from tests.act.campaigns.test_campaigns import NOON, a_plan, launch, template
from tests.act.journeys.test_rehearsing import ordered
from tests.act.messages.cast import people

pytestmark = pytest.mark.django_db


def test_it_leaves_when_the_clock_of_each_shows_that_time(everybody: int) -> None:
    numbers = [*Customer.objects.order_by("pk").values_list("pk", flat=True)[:3]]
    Customer.objects.filter(pk=numbers[0]).update(time_zone="America/New_York")
    messages.set_zone(numbers[1], "Pacific/Auckland", by="alice")
    one = services.plan(replace(a_plan(everybody), share=0.25, their_clock=True), by="alice")
    services.schedule(one.id, by="alice")

    launch()

    rows = ledger.Send.objects.exclude(reason="no_consent:unasked")
    wanted = {row.customer_id: row.next_at if row.reason == "not_yet" else NOON for row in rows}
    # Noon in Tokyo; in New York it is the evening before, in Auckland four in the afternoon.
    assert wanted[numbers[0]] == datetime(2026, 12, 1, 17, tzinfo=UTC)
    assert wanted[numbers[1]] == datetime(2026, 12, 1, 23, tzinfo=UTC)
    assert {at for who, at in wanted.items() if who not in numbers[:2]} == {NOON}


def test_the_rest_of_a_test_leaves_at_the_time_of_the_plan(
    everybody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = a_plan(everybody, template("甲"), template("乙"))
    one = services.plan(replace(plan, test_share=0.5, their_clock=True), by="alice")
    services.schedule(one.id, by="alice")
    launch()
    first = {*ledger.Send.objects.values_list("customer_id", flat=True)}
    number = Customer.objects.exclude(pk__in=first).order_by("pk").values_list("pk", flat=True)[0]
    Customer.objects.filter(pk=number).update(time_zone="America/New_York")
    night = NOON + timedelta(days=1, hours=16, minutes=10)  # ten past four in Tokyo
    monkeypatch.setattr(clock, "now", lambda: night)

    services.send_rest(one.id, winner=2, by="alice")
    launch()

    rest = ledger.Send.objects.filter(reason="not_yet").exclude(customer_id__in=first)
    wanted = dict(rest.values_list("customer_id", "next_at"))
    assert wanted.pop(number) == datetime(2026, 12, 2, 17, tzinfo=UTC) + timedelta(1)
    assert {*wanted.values()} == {NOON + timedelta(2)}


def test_who_works_late_lets_nobody_wait_for_another_day(
    everybody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = services.plan(replace(a_plan(everybody), their_clock=True), by="alice")
    services.schedule(one.id, by="alice")
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=3))

    launch()

    assert not ledger.Send.objects.filter(reason="not_yet").exists()


def test_a_day_must_be_left_for_it(everybody: int) -> None:
    with pytest.raises(BadCampaign):
        services.plan(replace(a_plan(everybody), their_clock=True, expires_hours=12), by="alice")


def test_hours_are_counted_by_the_clock_of_each(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    people([1, 2])
    Customer.objects.filter(pk=2).update(time_zone="America/New_York")
    half_past_eight = timedelta(hours=3, minutes=30) / timedelta(days=1)
    ordered([(who, days + half_past_eight, 1_000) for who in (1, 2) for days in range(2, 28)])

    hours = selectors.hours_of([1, 2])

    assert hours == [8, 19]  # New York is thirteen hours behind Tokyo in October


def test_the_page_and_the_program_ask_for_it(everybody: int, alice_the_admin: Client) -> None:
    kept = services.plan(replace(a_plan(everybody), their_clock=True), by="alice")

    shown = alice_the_admin.get(f"/campaigns/{kept.id}/plan/").content.decode()
    said = alice_the_admin.get(f"/api/campaigns/{kept.id}").json()

    assert 'name="their_clock" value="yes" checked' in shown
    assert said["plan"]["their_clock"] is True
