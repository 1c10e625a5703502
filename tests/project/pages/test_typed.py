"""Numbers that somebody typed: clear where they are none, and never a fault of joren."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import resolve

from joren.core.errors import BadInput
from joren.project.pages.typed import must_be_whole, whole


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), (" 120 ", 120), ("1,980", 1980), ("", None), ("-1", None), ("１２", None),
        ("1e3", None), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None),
    ],
)  # fmt: skip
def test_only_a_number_that_can_be_kept_is_one(text: str, number: int | None) -> None:
    assert whole(text) == number
    if number is None:
        with pytest.raises(BadInput, match="no whole number"):
            must_be_whole(text)
    else:
        assert must_be_whole(text) == number


STRANGE = ["9" * 5_000, "１２", "²", "-1", "٣", "9" * 30]
"""More digits than Python reads, than a database holds, of another script, or none at all."""


@pytest.mark.django_db
@pytest.mark.parametrize("number", STRANGE, ids=lambda one: one[:4])
def test_strange_numbers_are_told_and_break_nothing(alice_the_admin: Client, number: str) -> None:
    posts = {
        "/data/live/sources/": {"name": "x", "kind": "server", "store": "own", "limit": number},
        "/data/quarantine/replace/": {"import": number, "column": "x", "value": "y"},
        "/data/quarantine/drop/": {"import": number},
        "/messages/ledger/settle/": {"row": number, "do": "again"},
        "/messages/guard/limits/": {"of": f"campaign:{number}", "do": "forget"},
        "/settings/ranks/": {"f2_days": number, "rfm": number},
        "/settings/life-stages/": {"number": number, "ja": "x", "en": "x", "words": "x"},
        "/customers/1/life-stage/": {"stage": number},
        "/journeys/ready/": {"place": number},
        "/campaigns/new/": {"segment": number, "template_1": number, "expires_hours": number},
        "/segments/exports/plan/": {"segment": number, "every": "day", "hour": number},
        "/segments/build/": {"r0-key": "is:orders", "remove": number},
    }
    gets = {
        "/messages/ledger/": {"source": f"campaign:{number}"},
        "/customers/": {"store": number},
        "/journeys/1/": {"version": number},
        "/segments/new/": {"ready": number},
        "/segments/1/": {"after": number},
        "/messages/new/": {"ready": number},
        "/data/quarantine/": {"import": number},
    }
    for address in (*posts, *gets):
        resolve(address)  # one that there is not would be found harmless

    for address, sent in posts.items():
        assert alice_the_admin.post(address, sent).status_code < 500, address
    for address, asked in gets.items():
        assert alice_the_admin.get(address, asked).status_code < 500, address
    assert alice_the_admin.get(f"/customers/{number}/").status_code == 404
    rule = {"kind": "is", "field": "first_store", "op": "is", "values": [number]}
    for address in ("/api/segments/preview", "/api/segments/compare"):
        told = alice_the_admin.post(address, json.dumps({"rule": rule}), "application/json")
        assert told.status_code == 422, address
