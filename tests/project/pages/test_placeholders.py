"""The page of contacts that name nobody, and who is told of it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from joren.collect.customers import selectors
from tests.collect.customers.arriving import keep

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/customers/placeholders/"


def test_what_joren_found_is_listed_until_somebody_says_that_it_is_a_persons(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    keep(tmp_path, *({"customer_number": str(n), "email": "shop@shop.jp"} for n in range(21)))
    assert selectors.placeholders_found() == 1

    shown = alice_the_admin.get(PAGE).content.decode()
    said = alice_the_admin.post(f"{PAGE}say/", {"contact": "shop@shop.jp", "real": "1"})

    assert "shop@shop.jp" in shown
    assert "21" in shown
    assert said.status_code == 302
    assert selectors.placeholders_found() == 0
    assert [one.real for one in selectors.placeholders()] == [True]


def test_they_come_a_page_at_a_time_and_by_whom_is_said_by_name(
    home: Path, alice_the_admin: Client
) -> None:
    for number in range(51):
        alice_the_admin.post(f"{PAGE}say/", {"contact": f"one{number}@shop.jp"})

    first = alice_the_admin.get(PAGE).content.decode()
    (after,) = re.findall(r'href="(\?after=[^"]+)"', first)
    second = alice_the_admin.get(PAGE + unescape(after)).content.decode()

    assert (first.count("@shop.jp</th>"), second.count("@shop.jp</th>")) == (50, 1)
    assert "one0@shop.jp" in second
    assert "member:" not in first


def test_what_is_no_contact_is_said_to_be_none(home: Path, alice_the_admin: Client) -> None:
    said = alice_the_admin.post(f"{PAGE}say/", {"contact": "nobody"}, follow=True)

    assert said.status_code == 200
    assert selectors.placeholders() == ()


def test_a_program_says_who_is_nobody(home: Path, alice_the_admin: Client) -> None:
    made = alice_the_admin.post(
        "/api/placeholders", {"contact": "0312345678"}, content_type="application/json"
    )
    (listed,) = alice_the_admin.get("/api/placeholders").json()["items"]

    assert made.status_code == 204
    assert (listed["contact"], listed["real"], listed["numbers"]) == ("+81312345678", False, None)
