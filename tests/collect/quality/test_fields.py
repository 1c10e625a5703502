"""Each field of what came from where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from joren.collect.customers import selectors as customers
from joren.collect.customers.models import Customer, Double
from joren.collect.customers.rules import BITS
from joren.collect.customers.rules.secrets import Vault
from joren.collect.quality.amounts import outliers
from joren.collect.quality.contracts import OF_FEEDS, Coverage, FieldQuality, Part
from joren.collect.quality.filling import Looked
from joren.collect.quality.selectors import quality_report
from joren.core import clock
from joren.plumbing.warehouse import warehouse
from tests.collect.customers.arriving import add_person, keep
from tests.understand.ltv.facts import Shop, order, refund, written

AS_OF = date(2026, 3, 31)


def looked(home: Path, **facts: Any) -> Mapping[tuple[str, str, int | None], FieldQuality]:
    written(warehouse(), Shop(home, **facts))
    report = quality_report(warehouse(), as_of=AS_OF)
    return {(one.feed, one.field, one.store_id): one for one in report.fields}


@pytest.mark.django_db
def test_a_mall_that_gives_no_e_mails_shows_among_the_customers_of_its_store(home: Path) -> None:
    (alice,) = keep(home, {"email": "a@example.com", "customer_number": "1"})
    (bob,) = keep(home, {"customer_number": "2"}, store="mall")
    identities = {who: customers.identity_ids_of(who)[0] for who in (alice, bob) if who is not None}

    found = looked(
        home,
        orders=[
            order(1, identities[alice], "2026-03-01", 100, store_id=1),
            order(2, identities[bob], "2026-03-02", 100, store_id=2),
            order(3, identities[alice], "2026-03-05", 100, store_id=2),
        ],
    )

    assert found["customers", "email", None].missing == Part(1, 2)
    assert found["customers", "email", 1].missing == Part(0, 1)
    assert found["customers", "email", 2].missing == Part(1, 2)
    assert found["customers", "email", 2].filled_on == date(2026, 3, 5)


@pytest.mark.django_db
def test_contacts_are_counted_without_being_opened(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_person(1, name="山田 花子", email="h@example.com", phone="+819012345678")
    add_person(2, name="山田 花子", email="H@example.com")
    add_person(3, prefecture="東京都")
    Double.objects.create(
        one_id=1, other_id=2, evidence=BITS["name_postal"], score=50, found_at=clock.now()
    )
    monkeypatch.setattr(Vault, "unseal", lambda *_: pytest.fail("a contact was opened"))

    found = looked(home, orders=[order(1, 7, "2026-03-01", 100)])

    of = {name: one for (feed, name, _), one in found.items() if feed == "customers"}
    assert of["email"].missing == of["name"].missing == Part(1, 3)
    assert of["phone"].missing == of["prefecture"].missing == Part(2, 3)
    assert of["email"].duplicate == of["name"].duplicate == Part(1, 3)
    assert of["phone"].duplicate == Part(0, 3)
    assert of["gender"].duplicate is None
    assert of["address"].missing == Part(3, 3)


@pytest.mark.django_db
def test_who_came_after_the_day_is_not_counted_and_of_no_day_only_on_the_newest(home: Path) -> None:
    told = [{"customer_number": str(number)} for number in range(1, 5)]
    early, late, registered, _nothing = keep(home, *told)
    Customer.objects.filter(pk=registered).update(registered_at=datetime(2026, 3, 30, tzinfo=UTC))
    ids = {who: customers.identity_ids_of(who)[0] for who in (early, late) if who is not None}
    orders = [
        order(1, ids[early], "2026-03-01", 100),
        order(2, ids[late], "2026-03-20", 100),
        order(3, ids[late], "2026-03-20", 100, store_id=2),
    ]
    written(warehouse(), Shop(home, orders=orders))

    found = {
        day: {
            one.store_id: one.missing.of
            for one in quality_report(warehouse(), as_of=date(2026, 3, day)).fields
            if (one.feed, one.field) == ("customers", "email")
        }
        for day in (10, 20, 31)
    }

    assert found == {10: {None: 1, 1: 1}, 20: {None: 3, 1: 2, 2: 1}, 31: {None: 4, 1: 2, 2: 1}}


@pytest.mark.django_db
def test_a_birthday_that_nobody_alive_has_is_odd(home: Path) -> None:
    keep(home, *({"customer_number": str(n), "birthday": day} for n, day in enumerate(BORN)))

    found = looked(home, orders=[order(1, None, "2026-03-01", 100)])

    assert found["customers", "birthday", None].outlier == Part(2, 3)


BORN = ("1985-04-01", "1899-12-31", "2026-04-01")


@pytest.mark.django_db
def test_a_field_is_stale_from_the_day_on_that_it_ceases(home: Path) -> None:
    orders = [
        order(1, 7, "2026-03-01", 100, medium="mail"),
        order(2, 7, "2026-03-02", 100, medium="mail"),
        order(3, 7, "2026-03-02", 100),
        order(4, 7, "2026-03-03", 100),
        order(5, 7, "2026-03-04", 100),
    ]

    found = looked(home, orders=orders)["orders", "medium", 1]

    assert found.missing == Part(3, 5)
    assert (found.stale, found.filled_on) == (Part(2, 5), date(2026, 3, 2))


@pytest.mark.django_db
def test_catalogue_spend_and_refunds_are_covered_too(home: Path) -> None:
    written(
        warehouse(),
        Shop(
            home,
            orders=[order(1, 7, "2026-03-01", 100)],
            products=[{"sku": sku, "import_id": 1, "name": "Tea"} for sku in "AB"],
            refunds=[
                refund(1, "2026-03-05", 40, order_id=1),
                refund(2, "2026-03-05", 40, order_id=1),
                refund(3, "2026-04-05", 40, order_id=1),
            ],
        ),
    )

    report = quality_report(warehouse(), as_of=AS_OF)

    of = {(one.feed, one.field): one for one in report.fields}
    assert of["products", "name"].duplicate == Part(1, 2)
    assert of["products", "price"].missing == Part(2, 2)
    assert of["products", "name"].stale is None
    assert of["refunds", "order"].duplicate == Part(1, 2)
    assert of["refunds", "identity"].missing == Part(2, 2)
    day = date(2026, 3, 5)
    assert Coverage("products", 2) in report.coverage
    assert Coverage("refunds", 2, 1, day, day, store_id=1) in report.coverage
    assert {one.feed for one in report.coverage} == {"orders", "products", "refunds"}


def test_what_was_never_filled_is_missing_and_not_stale() -> None:
    day = {"day": AS_OF, "n": 4} | {f"has_{name}": 0 for name in OF_FEEDS["refunds"]}

    for one in Looked("refunds", [day]).fields():
        assert (one.missing, one.stale, one.filled_on) == (Part(4, 4), None, None)


def test_an_outlier_lies_beyond_ten_times_what_is_usual_in_its_currency() -> None:
    usual = [{"store_id": 1, "currency": code, "size": size, "n": 500}
             for code, size in (("JPY", 160), ("USD", 40))]  # fmt: skip
    odd = [{"store_id": 2, "currency": code, "size": size, "n": 1}
           for code, size in (("JPY", 160 + 53), ("JPY", 160 + 52), ("USD", 160))]  # fmt: skip

    found = outliers([*usual, *odd])

    assert (found[1], found[2]) == (0, 2)
