"""The team's pages: parts, thanks, notes, the log as a file, and one's own notices."""

from __future__ import annotations

import pytest
from django.test import Client

from joren.accounts import selectors as accounts
from joren.act.deliveries import selectors as deliveries
from joren.decide.holdouts import services as holdouts
from joren.measure.practices import services as practices
from joren.measure.team import selectors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def alice(alice_the_admin: Client) -> int:
    return int(accounts.member("alice@example.com").id)


def test_parts_are_shared_out_by_form_and_a_viewer_may_not(
    alice_the_admin: Client, bob_the_viewer: Client, alice: int
) -> None:
    key = practices.add("手書きのカード", by="alice").key
    address = f"/reviews/team/actions/practice/{key}/"

    refused = bob_the_viewer.post(address, {"decider": alice})
    alice_the_admin.post(address, {"decider": alice, "consulted": [alice]})

    one = selectors.action("practice", key)
    assert refused.status_code == 403
    assert one.decider is not None
    assert [each.id for each in one.consulted] == [alice]
    assert "手書きのカード" in alice_the_admin.get("/reviews/team/").content.decode()


def test_the_log_is_searched_and_taken_away_as_a_file(
    alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    holdouts.set_global(share=0, reason="繁忙期", by="alice")

    page = bob_the_viewer.get("/reviews/decisions/", {"words": "繁忙期"}).content.decode()
    nothing = bob_the_viewer.get("/reviews/decisions/", {"words": "閑散期"}).content.decode()
    file = bob_the_viewer.get("/reviews/decisions/", {"format": "csv"})

    assert "繁忙期" in page
    assert "<table" not in nothing
    assert "繁忙期" in b"".join(file.streaming_content).decode()


def test_everybody_chooses_their_own_notices_and_nobody_elses(
    alice_the_admin: Client, bob_the_viewer: Client, alice: int
) -> None:
    bob = int(accounts.member("bob@example.com").id)

    bob_the_viewer.post(
        "/reviews/team/notices/choose/", {"topics": ["guard_stopped"], "language": "en"}
    )

    assert selectors.choice(bob).topics == ("guard_stopped",)
    assert selectors.choice(alice).topics != ("guard_stopped",)


def test_a_chat_room_is_added_and_its_address_is_not_shown(alice_the_admin: Client) -> None:
    sent = {
        "name": "店長室", "shape": "slack", "url": "https://hooks.example/SECRET",
        "topics": ["guard_stopped"], "language": "ja",
    }  # fmt: skip

    alice_the_admin.post("/reviews/team/chats/", sent)

    [made] = deliveries.endpoints()
    assert made.announcements == ("team.guard_stopped",)
    page = alice_the_admin.get("/reviews/team/notices/").content.decode()
    assert "店長室" in page
    assert "SECRET" not in page
    assert "SECRET" not in alice_the_admin.get("/data/outgoing/").content.decode()


def test_thanks_and_notes_are_written_by_form(alice_the_admin: Client, alice: int) -> None:
    alice_the_admin.post("/reviews/team/praise/act/", {"member": alice, "what": "電話対応"})
    alice_the_admin.post(
        "/reviews/team/meetings/act/",
        {"held_on": "2026-11-01", "title": "定例", "notes": "全員賛成", "present": [alice]},
    )

    assert "電話対応" in alice_the_admin.get("/reviews/team/praise/").content.decode()
    assert "全員賛成" in alice_the_admin.get("/reviews/team/meetings/").content.decode()
    number = selectors.meetings()[0].id
    alice_the_admin.post("/reviews/team/meetings/act/", {"do": "forget", "number": number})
    assert selectors.meetings() == []
