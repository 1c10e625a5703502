"""All that happened with one customer: one list, in slices that miss and repeat nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.act.messages import models as ledger
from joren.act.messages import services as messages
from joren.collect.customers import selectors as people
from joren.collect.inbox import services as inbox
from joren.core.errors import BadInput
from joren.core.ids import CustomerId
from joren.plumbing.cursor import encode
from joren.plumbing.warehouse import warehouse
from joren.project import timeline
from joren.project.timeline import SOURCES, Moment, Place, timeline_of
from joren.protect.consent import services as consent
from joren.protect.consent.contracts import Said
from tests.act.messages.cast import a_template
from tests.project.pages.test_customers import HANAKO, bought, hanako
from tests.project.pages.test_live import send

ALICE = CustomerId(1)


def walked(customer: CustomerId, *, limit: int, kinds: tuple[str, ...] = ()) -> list[Moment]:
    """The whole list, slice by slice."""
    found: list[Moment] = []
    after = ""
    while True:
        part = timeline_of(customer, kinds=kinds, after=after, limit=limit)
        assert len(part.items) <= limit
        found += part.items
        after = part.next
        if not after:
            return found


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["orders", "events", "messages"]), st.integers(0, 4)),
        max_size=40,
    ),
    st.integers(1, 7),
)
def test_slices_of_any_size_are_the_whole_list_once(
    drawn: list[tuple[str, int]], limit: int
) -> None:
    """Many at one moment, of one kind and of several."""
    kept: dict[str, list[Moment]] = {"orders": [], "events": [], "messages": []}
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number, (kind, minute) in enumerate(drawn):
        signed = -number if kind == "messages" else number
        kept[kind].append(Moment(start + timedelta(minutes=minute), kind, signed, None))
    whole = dict(SOURCES._entries)
    SOURCES._entries = {
        kind: (lambda _c, place, most, kind=kind: timeline._from(kept[kind], place, most))
        for kind in kept
    }
    try:
        found = walked(ALICE, limit=limit)
    finally:
        SOURCES._entries = whole

    every = [one for listed in kept.values() for one in listed]
    assert len(found) == len(every)
    assert {(one.kind, one.number) for one in found} == {(one.kind, one.number) for one in every}
    assert [one.at for one in found] == sorted((one.at for one in every), reverse=True)


@pytest.fixture
def somebody(home: Path, tmp_path: Path) -> CustomerId:
    """Who has bought, was sent messages at one moment, and said something."""
    bought(tmp_path, *({**HANAKO, "order_number": f"A-{number}"} for number in range(4)))
    her = hanako()
    (first, *_) = timeline_of(her, kinds=("orders",)).items
    template = messages.create(a_template(), by="alice")
    errand = ledger.Errand.objects.create(
        source="test", source_id=1, step="1", template_id=template.id, channel="email",
        kind="incentive", made_at=first.at,
    )  # fmt: skip
    for place in range(5):
        ledger.Send.objects.create(
            errand_id=errand.pk, customer_id=her, occurrence=place, state="suppressed",
            reason="cap", asked_at=first.at, expires_at=first.at + timedelta(hours=1),
        )  # fmt: skip
    consent.record(her, Said("email", "marketing", "granted", "form"), by="alice")
    return her


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_orders_messages_and_consents_stand_in_one_list(somebody: CustomerId, limit: int) -> None:
    found = walked(somebody, limit=limit)

    kinds = {one.kind for one in found}
    keys = [(one.kind, one.number) for one in found]
    assert {"orders", "messages", "consents"} <= kinds
    assert len(set(keys)) == len(keys)
    assert sum(one.kind == "messages" for one in found) == 5
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)
    assert {one.kind for one in walked(somebody, limit=limit, kinds=("messages",))} == {"messages"}
    assert set(keys) == {(one.kind, one.number) for one in walked(somebody, limit=1000)}


@pytest.mark.django_db
def test_live_events_are_sliced_across_inbox_and_warehouse(home: Path) -> None:
    _, key = inbox.add_source("shop", kind="server", store="own")
    at = "2026-03-01T10:00:00Z"

    def track(number: int, when: str = at) -> dict[str, Any]:
        return {"type": "track", "userId": "u", "messageId": str(number), "event": f"E{number}",
                "timestamp": when}  # fmt: skip

    send(key, *(track(number) for number in range(6)))
    inbox.drain(warehouse())
    (person,) = people.everybody(limit=9)
    send(key, *(track(number) for number in range(4, 9)), track(9, "2026-03-01T09:00:00Z"))

    for limit in (1, 2, 4, 50):
        found = walked(person.id, limit=limit, kinds=("events",))
        assert sorted(one.what.name for one in found) == [f"E{number}" for number in range(10)]
        assert found[-1].what.name == "E9"


@pytest.mark.django_db
def test_the_page_shows_kinds_to_choose_and_older_ones(
    somebody: CustomerId, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    page = alice_the_admin.get(f"/customers/{somebody}/").content.decode()
    alone = alice_the_admin.get(f"/customers/{somebody}/?kind=consents").content.decode()
    part = bob_the_viewer.get(f"/customers/{somebody}/timeline/?kind=messages").content.decode()
    told = alice_the_admin.get(f"/api/customers/{somebody}/timeline?kind=messages&limit=3").json()
    then = alice_the_admin.get(
        f"/api/customers/{somebody}/timeline?kind=messages&limit=3&after={told['next']}"
    ).json()

    assert "タイムライン" in page
    assert 'class="is-orders"' in page
    assert 'class="is-consents"' in alone
    assert 'class="is-orders"' not in alone
    assert part.count('class="is-messages"') == 5
    assert [one["kind"] for one in told["items"] + then["items"]] == ["messages"] * 5
    assert then["next"] == ""
    assert bob_the_viewer.get(f"/api/customers/{somebody}/timeline").status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    "after",
    ["x", encode(1, 2), encode("a", 0, 0), encode(2**60, 0, 0), encode(-1, 0, 0),
     encode(0, 0, 2**63), encode(0.5, 0, 0), encode(0, None, 0)],
)  # fmt: skip
def test_a_cursor_of_no_list_is_refused(
    somebody: CustomerId, alice_the_admin: Client, after: str
) -> None:
    with pytest.raises(BadInput):
        timeline_of(somebody, after=after)

    assert alice_the_admin.get(f"/customers/{somebody}/?after={after}").status_code == 422
    assert (
        alice_the_admin.get(f"/api/customers/{somebody}/timeline?after={after}").status_code == 422
    )


@pytest.mark.django_db
def test_a_kind_that_there_is_not_is_refused(somebody: CustomerId, alice_the_admin: Client) -> None:
    answer = alice_the_admin.get(f"/api/customers/{somebody}/timeline?kind=tickets")

    assert answer.status_code == 422
    assert "orders" in json.dumps(answer.json())
    assert Place(None, 0).before is None
