"""Which fields of whom are filled, on both kinds of database."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from joren.collect.customers.models import Customer, Double
from joren.collect.customers.rules import BITS
from joren.collect.customers.selectors import filled
from joren.core import clock
from tests.collect.customers.arriving import add_person, keep

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 31)


def test_each_field_says_of_everybody_whether_it_is_filled(home: Path) -> None:
    add_person(1, name="山田", email="a@example.com", phone="+819012345678", gender="F")
    add_person(2, name="佐藤", email="A@example.com", prefecture="東京都")
    add_person(3)
    Customer.objects.filter(pk=2).update(birthday=date(1899, 1, 1))
    Customer.objects.filter(pk=1).update(registered_at=clock.now())
    Double.objects.create(
        one_id=1, other_id=3, evidence=BITS["phone_shared"], score=25, found_at=clock.now()
    )

    rows = {row["customer_id"]: row for row in filled("Asia/Tokyo", DAY).to_pylist()}

    assert [rows[n]["has_email"] for n in (1, 2, 3)] == [True, True, False]
    assert [rows[n]["has_gender"] for n in (1, 2, 3)] == [True, False, False]
    assert [rows[n]["has_prefecture"] for n in (1, 2, 3)] == [False, True, False]
    assert [rows[n]["odd_birthday"] for n in (1, 2, 3)] == [False, True, False]
    assert [rows[n]["twice_email"] for n in (1, 2, 3)] == [False, True, False]
    assert [rows[n]["twice_phone"] for n in (1, 2, 3)] == [False, False, True]
    assert [rows[n]["registered_on"] is None for n in (1, 2, 3)] == [False, True, True]


def test_who_was_merged_is_nobodys_double_any_more(home: Path) -> None:
    for number in (1, 2, 3, 4, 5):
        add_person(number, name="山田")
    for one, other in ((1, 2), (2, 3), (4, 5)):
        Double.objects.create(
            one_id=one, other_id=other, evidence=EVERY, score=50, found_at=clock.now()
        )
    Customer.objects.filter(pk=1).update(merged_into_id=2)
    Customer.objects.filter(pk=5).update(merged_into_id=3)

    rows = filled("Asia/Tokyo", DAY).to_pylist()

    # 1 and 2 are one now; 5 is 3 now, whom 4 is younger than.
    for name in ("twice_email", "twice_phone", "twice_name"):
        assert {row["customer_id"] for row in rows if row[name]} == {3, 4}

    Customer.objects.filter(pk__in=(3, 4)).update(merged_into_id=2)
    assert not any(row["twice_name"] for row in filled("Asia/Tokyo", DAY).to_pylist())


EVERY = BITS["email_alike"] | BITS["phone_shared"] | BITS["name_postal"]


def test_an_address_is_somebodys_by_any_identity(home: Path) -> None:
    (one,) = keep(home, {"customer_number": "1", "street": "1-1", "city": "千代田区"})
    add_person(99)

    rows = {row["customer_id"]: row["has_address"] for row in filled("Asia/Tokyo", DAY).to_pylist()}

    assert rows == {one: True, 99: False}


def test_of_nobody_nothing_is_said(home: Path) -> None:
    found = filled("Asia/Tokyo", DAY)

    assert found.num_rows == 0
    assert {"has_email", "twice_name", "odd_birthday"} <= set(found.column_names)
