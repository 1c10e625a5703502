"""An hour of their own is read against the usual one, once everybody has had their days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from django.test import Client

from joren.act.campaigns import selectors as campaigns
from joren.act.campaigns import services as sending
from joren.act.messages.models import Send
from joren.collect.orders.contracts import ORDERS
from joren.core import clock
from joren.measure.experiments import selectors
from joren.measure.experiments.contracts import NoOwnHour
from joren.understand.ltv import selectors as values
from tests.act.campaigns.conftest import everybody
from tests.act.campaigns.test_campaigns import a_plan, launch
from tests.act.messages.cast import people
from tests.collect.products.test_products import append

__all__ = ["everybody"]
pytestmark = pytest.mark.django_db


def _begun(segment: int, days_ago: int, monkeypatch: pytest.MonkeyPatch) -> int:
    day = values.snapshot().as_of - timedelta(days=days_ago)
    moment = datetime.combine(day, time(3), tzinfo=UTC)  # noon in Tokyo
    monkeypatch.setattr(clock, "now", lambda: moment)
    wanted = replace(a_plan(segment), send_at=moment, own_hour=True, usual_part=0.4)
    one = sending.plan(wanted, by="alice")
    sending.schedule(one.id, by="alice")
    launch()
    return one.id


def test_each_gets_it_at_their_hour_and_a_part_at_the_moment(
    everybody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours = {number: 9 + number % 12 for number in range(1, 1_000)}
    monkeypatch.setattr(campaigns, "hours_of", lambda some: [hours[one] for one in some])

    number = _begun(everybody, 60, monkeypatch)

    begun = campaigns.campaign(number).begun_at
    assert begun is not None
    drawn = campaigns.timed(number).to_pylist()
    own = {row["customer_id"] for row in drawn if row["variant"] == 2}
    assert 0 < len(own) < len(drawn)
    for row in Send.objects.filter(lot=None, next_at__isnull=False):
        local = row.next_at.astimezone(clock.zone("Asia/Tokyo"))
        if row.customer_id in own:
            assert (local.hour, local.minute) == (hours[row.customer_id], 0)
            assert begun <= row.next_at < begun + timedelta(days=1)
        else:
            assert row.next_at == begun


def test_the_gain_is_told_on_its_day_and_not_before(
    everybody: int, monkeypatch: pytest.MonkeyPatch, alice_the_admin: Client
) -> None:
    early, late = _begun(everybody, 10, monkeypatch), 0
    before = selectors.hour_test(early)
    sending.call_off(early, by="alice")
    plan = replace(campaigns.campaign(early).plan, name="もう一度")
    moment = datetime.combine(values.snapshot().as_of - timedelta(60), time(3), tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    late = sending.plan(replace(plan, send_at=moment), by="alice").id
    sending.schedule(late, by="alice")
    launch()

    after = selectors.hour_test(late)

    assert (before.taken, before.evidence, before.gain.value) == (False, "not_yet", None)
    assert after.taken
    assert after.evidence in ("too_small", "not_proven", "proven_more", "proven_less")
    sizes = after.usual.customers + after.own.customers
    assert sizes == campaigns.timed(late).num_rows
    assert 'id="hours"' in alice_the_admin.get(f"/campaigns/{late}/").content.decode()
    plain = sending.plan(replace(plan, name="同じ時刻", own_hour=False), by="alice")
    with pytest.raises(NoOwnHour):
        selectors.hour_test(plain.id)


def test_hours_whose_arms_are_cut_have_no_gain(
    everybody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _begun(everybody, 60, monkeypatch)
    drawn = campaigns.timed(number)
    usual = drawn.filter(pc.equal(drawn["variant"], 1))
    cut = pa.concat_tables([drawn.filter(pc.equal(drawn["variant"], 2)), usual.slice(0, 1)])
    monkeypatch.setattr(campaigns, "timed", lambda _number: cut)

    test = selectors.hour_test(number)

    assert (test.usual.customers, test.evidence, test.gain.value) == (1, "broken", None)


def test_the_hour_is_that_of_their_orders_by_the_shops_clock_and_wakes_nobody(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 12, 1, 3, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    people([1, 2, 3])
    assert campaigns.hours_of([1]) is None  # nothing is known of anybody
    hours = [(1, 19)] * 8 + [(2, 2)] * 9 + [(2, 12)] * 30 + [(3, 0)] * 9
    append(ORDERS, *(
        {"order_id": n, "identity_id": who, "store_id": 1, "order_number": f"N{n}",
         "ordered_at": at, "ordered_on": at.date(), "status": "paid"}
        for n, (who, hour) in enumerate(hours)
        # 3 is of a log that knows the day alone
        for minute in [0 if who == 3 else 7]
        for at in [datetime(2026, 11, 1 + n % 20, (hour - 9) % 24, minute, tzinfo=UTC)]
    ))  # fmt: skip

    found = campaigns.hours_of([1, 2, 3, 10**9])

    assert found == [19, 12, 12, 12]
