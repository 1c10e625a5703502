"""Word of mouth in a shop with figures: codes in orders, lists, and who is forgotten."""

from __future__ import annotations

import random
from datetime import timedelta

import pyarrow as pa
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from joren.collect.customers.contracts import TRAITS
from joren.collect.customers.models import Customer
from joren.core.erasing import ERASERS, Traces
from joren.decide.segments.contracts import PURCHASED
from joren.measure.referrals import models, selectors, services
from joren.measure.referrals.contracts import NoSuchCode, ReferralRow
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import CUSTOMER_VALUES
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.warehouse import Snapshot, Warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(refreshed_shop: Warehouse) -> Snapshot:
    """Customers 41 … 80 came by the code of one of 1 … 4 (41 by their own); 90 registered by it."""
    house, snapshot = refreshed_shop, values.snapshot()
    models.Code.objects.bulk_create(
        models.Code(code=f"FRIEND{one}", customer_id=one, said_at=snapshot.built_at, said_by="test")
        for one in (1, 2, 3, 4, 41)
    )
    chance = random.Random(2)
    came = snapshot.as_of - timedelta(days=400)
    bought = [
        {"customer_id": one, "order_id": one * 10 + nth, "nth": nth,
         "ordered_on": came + timedelta(days=30 * (nth - 1)),
         "revenue": (2000 if one > 40 else 1000) + chance.randrange(100), "profit": None,
         "coupon_code": " friend41" if one == 41 else f"friend{1 + one % 4} " if one > 40 else "X"}
        for one in range(1, 81)
        for nth in (1, 2)
    ]  # fmt: skip
    rows = [
        {"customer_id": one, "first_on": came, "frequency": 1, "T": 400, "orders": 2,
         "revenue_past": sum(row["revenue"] for row in bought if row["customer_id"] == one),
         "revenue_365d": 500.0}
        for one in range(1, 81)
    ]  # fmt: skip
    ranks = [{"customer_id": one, "decile": 1 + (one - 1) // 8} for one in range(1, 81)]
    traits = [{"customer_id": 90, "acquisition_source": "friend2"}]
    with house.engine.session() as holding:
        for spec, some in (
            (PURCHASED, bought), (CUSTOMER_VALUES, rows), (CUSTOMER_RANKS, ranks),
            (TRAITS, traits),
        ):  # fmt: skip
            kinds = house.snapshots.table(snapshot.id, spec).schema().to_pyarrow()
            house.snapshots.drop(snapshot.id, (spec,))
            table = pa.Table.from_pylist(some, kinds)
            house.snapshots.write(snapshot.id, spec, holding.take(table), house.scratch)
    return snapshot


def test_a_code_in_the_first_order_brings_somebody_and_ones_own_does_not(told: Snapshot) -> None:
    said = selectors.report(told)

    assert (said.referred, said.not_bought, said.by_unknown, said.codes) == (39, 1, 0, 5)
    referred, others = said.groups
    assert (referred.customers, others.customers) == (39, 41)
    assert said.difference.value == pytest.approx(2000, rel=0.1)  # two orders of 1,000 more each
    assert said.difference.low is not None
    assert said.difference.low > 1500
    assert (referred.repeat_rate.value, referred.revenue_expected.value) == (1.0, 500.0)
    first = said.deciles[0]
    assert (first.customers, first.referrers, first.referred) == (8, 4, 39)
    assert sum(one.referred for one in said.deciles) == 39
    assert said.referrers.value == pytest.approx(4 / 80)
    found = selectors.referrers(told)
    assert [one.referred for one in found] == sorted((one.referred for one in found), reverse=True)
    assert sum(one.referred for one in found) == 39
    assert {one.codes for one in found} == {(f"FRIEND{one}",) for one in (1, 2, 3, 4)}


def test_a_list_goes_before_a_code_and_may_not_know_by_whom(told: Snapshot) -> None:
    before = selectors.report(told)
    said = {"said_at": told.built_at, "said_by": "test"}
    models.Pair.objects.create(referred_id=42, referrer_id=10, **said)
    models.Pair.objects.create(referred_id=5, referrer_id=None, **said)

    after = selectors.report(told)

    assert (before.referred, before.by_unknown) == (39, 0)
    assert (after.referred, after.by_unknown) == (40, 1)
    assert {one.customer: one.referred for one in selectors.referrers(told)}[10] == 1
    with_own = [one for one in after.deciles if one.referrers]
    assert [one.decile for one in with_own] == [1, 2]


def test_a_report_knows_at_once_that_a_code_is_gone_and_who_was_merged(told: Snapshot) -> None:
    before = selectors.report(told)
    Customer.objects.bulk_create(Customer(pk=one) for one in (1, 2, 9))
    Customer.objects.filter(pk=1).update(merged_into=9)
    merged = selectors.report(told)
    services.forget_code("FRIEND2", by="test")

    after = selectors.report(told)

    assert (before.codes, before.referred, before.deciles[0].referrers) == (5, 39, 4)
    assert [one.referrers for one in merged.deciles[:2]] == [3, 1]
    assert (after.codes, after.referred) == (4, before.referred - 9)
    assert selectors.report(told) == after


def test_nobody_known_is_told_as_nobody(refreshed_shop: Warehouse) -> None:
    said = selectors.report(values.snapshot())

    assert (said.referred, said.difference.value, said.with_brought.value) == (0, None, None)
    assert said.share.value == 0.0
    assert selectors.referrers(values.snapshot()) == []


def test_pages_and_programs_take_a_list_in_and_tell_what_stayed_out(
    refreshed_shop: Warehouse, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    page = alice_the_admin
    lines = "code,referrer_email\nA1,nobody@example.com\n"
    sent = SimpleUploadedFile("codes.csv", lines.encode("cp932"))

    answered = page.post("/referrals/take/", {"file": sent}).content.decode()

    assert "nobody@example.com" in answered
    assert "該当する顧客がいない" in answered
    told = page.post(
        "/api/referrals", {"rows": [{"code": "A1"}]}, content_type="application/json"
    ).json()
    assert (told["rows"], told["refused"], told["faults"][0]["row"]) == (1, 1, 1)
    assert page.get("/api/referrals").json()["referred"] == 0
    assert bob_the_viewer.get("/api/referrals/referrers").status_code == 403
    assert "紹介と分かる人がまだいません" in bob_the_viewer.get("/referrals/").content.decode()
    with pytest.raises(NoSuchCode):
        services.forget_code("A1", by="alice")


def test_again_is_the_same_and_who_is_forgotten_is_in_neither_place(db: None) -> None:
    known = {"said_by": "test", "said_at": "2026-04-01T00:00:00Z"}
    models.Code.objects.create(code="A", customer_id=1, **known)
    models.Pair.objects.create(referred_id=2, referrer_id=1, **known)
    models.Pair.objects.create(referred_id=1, referrer_id=3, **known)
    eraser = ERASERS["referrals"]

    first = eraser.goes(Traces((1,)))
    eraser.erase(Traces((1,)))

    assert first == {"referrals": 3}
    assert eraser.goes(Traces((1,))) == {"referrals": 0}
    assert list(models.Pair.objects.values_list("referred_id", "referrer_id")) == [(2, None)]
    assert services.take([ReferralRow()], by="alice").refused == 1
