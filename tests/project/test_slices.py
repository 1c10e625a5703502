"""Long lists of the API in slices: each once, in order, until there is no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client

from joren.decide.segments import selectors as segments
from joren.decide.segments import services
from joren.decide.segments.contracts import Bought, Window
from joren.protect.audit.models import Entry
from joren.protect.erasure import services as privacy
from joren.warehouse import Warehouse
from tests.project.pages.test_customers import HANAKO, JIRO, bought
from tests.project.refreshing import refreshed


def read_through(ask: Callable[[str], HttpResponse]) -> list[Any]:
    seen: list[Any] = []
    after = ""
    for _ in range(1_000):
        answer = ask(after)
        assert answer.status_code == 200, answer.content
        part = json.loads(answer.content)
        seen += part["items"]
        if not (after := part["next"]):
            return seen
    raise AssertionError("the list never ends")


def test_a_search_goes_on_behind_whom_it_showed_and_each_slice_is_written_down(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    bought(tmp_path, HANAKO, {**JIRO, "name": "山田 次郎"})

    def ask(after: str) -> HttpResponse:
        words = {"words": "山田", "limit": 1, "after": after}
        return alice_the_admin.post("/api/customers/search", words, "application/json")

    found = read_through(ask)

    assert {one["name"] for one in found} == {HANAKO["name"], "山田 次郎"}
    seen = Entry.objects.filter(action="customers.searched").order_by("pk")
    assert [one.detail["customers"] for one in seen] == [[one["id"]] for one in found]


def test_moves_of_a_segment_come_in_slices(
    unrefreshed_shop: Warehouse, bob_the_viewer: Client
) -> None:
    recent = Bought("orders", "at_least", (1,), window=Window(last_days=30))
    kept = services.create("recent", recent, by="alice")
    refreshed(as_of=date(2026, 3, 31))
    refreshed(as_of=date(2026, 4, 30))

    address = f"/api/segments/{kept.id}/moves"
    moves = read_through(lambda after: bob_the_viewer.get(address, {"limit": 7, "after": after}))

    every = segments.moves_of(kept.id, limit=10_000)
    assert len(every) > 7
    assert [(one["customer_id"], one["entered"], one["moved_on"]) for one in moves] == [
        (one.customer_id, one.entered, one.moved_on.isoformat()) for one in every
    ]
    forged = bob_the_viewer.get(address, {"after": "WzEsMiwzXQ"})
    assert forged.status_code == 422


def test_requests_about_personal_data_come_in_slices(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    bought(tmp_path, HANAKO, JIRO)
    made = [privacy.ask(one, "export", by="alice") for one in (1, 2)]

    found = read_through(
        lambda after: alice_the_admin.get("/api/privacy/requests", {"limit": 1, "after": after})
    )

    assert sorted(one["id"] for one in found) == sorted(made)
