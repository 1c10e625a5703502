"""Nobody is told anything during a pause, and what waited goes as one message or not at all."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from typer.testing import CliRunner

from joren.act.deliveries import models as deliveries
from joren.act.deliveries import services as telling
from joren.act.deliveries.contracts import BadPause, NotPaused, PausedAlready
from joren.act.deliveries.services import carrying
from joren.act.deliveries.services.chatting import words_of
from joren.core import clock
from joren.measure.reviews import models as reviews
from joren.measure.team import models, selectors, services
from joren.measure.team.commands import team_app
from joren.protect.audit.models import Entry
from tests.measure.team.test_notices import a_late_action, alice, bob, mail_leaves

__all__ = ["alice", "bob", "mail_leaves"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def rooms(alice: int) -> None:
    """A chat room and a program, both told of late actions."""
    told = ["team.action_overdue"]
    telling.add_chat("店長室", shape="slack", url="https://chat.example.com/S",
                     announcements=told, by="alice")  # fmt: skip
    telling.add_endpoint(
        name="倉庫", url="https://example.com/hook", announcements=told, by="alice"
    )


def late(owner: int, *names: str) -> None:
    for place, name in enumerate(names):
        one = a_late_action(owner, days=3 + place)
        reviews.Action.objects.filter(pk=one.pk).update(what=name)


def chats() -> list[tuple[str, str]]:
    rows = deliveries.Delivery.objects.exclude(receiver__shape="signed").order_by("pk")
    return list(rows.values_list("message__type", "state"))


def test_what_waits_is_told_in_one_mail_and_one_message(
    mail_leaves: None, rooms: None, alice: int, bob: int
) -> None:
    services.pause_notices("棚卸し", by="alice")
    late(bob, "原稿", "写真")

    assert (services.look(), services.mail_due(), mail.outbox) == (2, 0, [])
    first, second = carrying.claim(now=clock.now()), carrying.claim(now=clock.now())
    assert first is not None
    assert first.shape == "signed"  # programs are told as before
    assert second is None
    [now] = selectors.pauses()
    assert (now.mails, now.chats, now.ended_at) == (2, 2, None)

    ended = services.resume_notices("digest", by="alice")
    sent = services.mail_due()

    assert (ended.mails, ended.chats, ended.ended_how) == (2, 2, "digest")
    [left] = mail.outbox
    assert (sent, left.to) == (1, ["bob@example.com"])
    assert "一時停止中のお知らせ（2件）" in left.subject
    assert "原稿" in str(left.body)
    assert "写真" in str(left.body)
    assert {*models.NoticeMail.objects.values_list("state", flat=True)} == {"done"}
    assert chats() == [("team.action_overdue", "gathered")] * 2 + [("joren.digest", "waiting")]
    body = json.loads(deliveries.Message.objects.get(type="joren.digest").body)
    words = words_of("joren.digest", body["data"], "ja")
    assert words.startswith("joren：一時停止中のお知らせ")
    assert "原稿" in words
    assert "写真" in words
    acts = Entry.objects.filter(action__startswith="deliveries.notices").order_by("pk")
    assert [(one.action, one.actor) for one in acts] == [
        ("deliveries.notices_paused", "alice"), ("deliveries.notices_resumed", "alice"),
    ]  # fmt: skip


def test_a_pause_ends_by_itself_after_its_last_day_as_was_said(
    mail_leaves: None, rooms: None, bob: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = clock.now().date() + timedelta(days=1)
    services.pause_notices("連休", until=today, then="drop", by="alice")
    late(bob, "原稿")
    services.look()
    services.mail_due()
    assert selectors.pauses()[0].ended_at is None

    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    services.mail_due()

    [over] = selectors.pauses()
    assert (over.ended_by, over.ended_how, over.mails, over.chats) == ("joren", "drop", 1, 1)
    assert mail.outbox == []
    assert chats() == [("team.action_overdue", "dropped")]
    late(bob, "写真")
    services.look()
    assert services.mail_due() == 1


def test_a_pause_needs_a_reason_and_there_is_one_at_a_time() -> None:
    with pytest.raises(BadPause):
        services.pause_notices(" ", by="alice")
    with pytest.raises(BadPause):
        services.pause_notices("昨日", until=clock.now().date() - timedelta(2), by="alice")
    with pytest.raises(BadPause):
        services.pause_notices("棚卸し", then="perhaps", by="alice")
    with pytest.raises(NotPaused):
        services.resume_notices("drop", by="alice")
    services.pause_notices("棚卸し", by="alice")
    with pytest.raises(PausedAlready):
        services.pause_notices("連休", by="bob")


def test_page_programs_and_terminal_pause_and_resume(
    alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    api = "/api/team/notices/"
    run = CliRunner()

    def said(client: Client, address: str, **body: Any) -> Any:
        return client.post(api + address, body, content_type="application/json")

    assert bob_the_viewer.post("/reviews/team/notices/pause/", {"why": "x"}).status_code == 403
    assert said(bob_the_viewer, "pauses", why="x").status_code == 403
    alice_the_admin.post("/reviews/team/notices/pause/", {"why": "棚卸し", "then": "digest"})
    page = alice_the_admin.get("/reviews/team/notices/").content.decode()
    english = alice_the_admin.get(
        "/reviews/team/notices/", headers={"accept-language": "en"}
    ).content.decode()
    twice = said(alice_the_admin, "pauses", why="連休")
    ended = said(alice_the_admin, "resume", pending="drop").json()
    made = run.invoke(team_app, ["pause-notices", "--why", "端末", "--until", "2099-01-31"])
    listed = run.invoke(team_app, ["pauses"]).output
    alice_the_admin.post("/reviews/team/notices/pause/", {"do": "resume", "pending": "digest"})
    after = alice_the_admin.get("/reviews/team/notices/").content.decode()

    assert "お知らせを一時停止しています" in page
    assert "棚卸し" in page
    assert "Notices are paused" in english
    assert twice.status_code == 409
    assert (ended["why"], ended["ended_how"]) == ("棚卸し", "drop")
    assert "until 2099-01-31, then digest" in made.output, made.output
    assert "端末" in listed
    assert "until" in listed
    assert len(alice_the_admin.get(f"{api}pauses").json()["items"]) == 2
    assert "これまでの一時停止" in after
    assert "送らずに破棄" in after
