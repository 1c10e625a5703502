"""Templates for programs, for the terminal and on their pages; and a test to oneself."""

from __future__ import annotations

import json
import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings
from typer.testing import CliRunner

from joren.act.messages import selectors, services
from joren.act.messages.contracts import Sender
from joren.core.erasing import ERASERS, Traces
from joren.project.cli import app
from joren.protect.audit import selectors as audit
from tests.act.messages.cast import MJML, a_template, people
from tests.conftest import _signed_in

pytestmark = pytest.mark.django_db

SENT = {
    "name": "新着", "kind": "brand", "form": "mjml", "subject_ja": "{{ customer.name }}さまへ",
    "body_ja": MJML, "subject_en": "", "body_en": "", "utm_source": "joren",
}  # fmt: skip
ASKED = {
    "name": "新着", "kind": "brand", "form": "text",
    "texts": {"ja": {"subject": "件名", "body": "{{ customer.name }}さま"}},
}  # fmt: skip


def test_an_empty_list_offers_ready_made_ones(alice_the_admin: Client, home: object) -> None:
    page = alice_the_admin.get("/messages/", headers={"accept-language": "ja"}).content.decode()

    assert "まだテンプレートがありません" in page
    assert page.count("/messages/new/?ready=") == 5
    assert "メールは外へ出ません" in page


def test_a_ready_made_one_is_saved_as_it_stands_and_offered_no_more(
    alice_the_admin: Client, home: object
) -> None:
    page = alice_the_admin.get(
        "/messages/new/?ready=0", headers={"accept-language": "ja"}
    ).content.decode()
    ready = selectors.READY_MADE[0]
    assert "ようこそ" in page

    sent = {
        **SENT, "name": ready.ja, "do": "save",
        **{f"subject_{one}": text.subject for one, text in ready.texts.items()},
        **{f"body_{one}": text.body for one, text in ready.texts.items()},
    }  # fmt: skip
    answer = alice_the_admin.post("/messages/new/", sent)

    assert answer.status_code == 302
    assert len(selectors.ready_made_left("ja")) == 4
    (kept,) = selectors.templates()
    assert set(kept.content.texts) == {"ja", "en"}
    assert kept.sendable == 1


def test_a_broken_template_comes_back_with_what_was_typed_and_where_it_is_wrong(
    alice_the_admin: Client, home: object
) -> None:
    sent = {**SENT, "body_ja": "<mjml>\n<mj-body>", "do": "save"}

    answer = alice_the_admin.post("/messages/new/", sent, headers={"accept-language": "ja"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "2行目 1文字目" in page
    assert "このままでは送れないテンプレートです。" in page
    assert "「&lt;mj-body&gt;」が閉じられていません" in page
    assert "&lt;mjml&gt;\n&lt;mj-body&gt;</textarea>" in page
    assert selectors.templates() == []


def test_a_draft_of_it_is_kept(alice_the_admin: Client, home: object) -> None:
    alice_the_admin.post("/messages/new/", {**SENT, "body_ja": "{% if", "do": "draft"})

    (kept,) = selectors.templates()
    assert kept.sendable is None


def test_the_preview_brings_a_document_that_only_its_frame_shows(
    alice_the_admin: Client, home: object
) -> None:
    page = alice_the_admin.post("/messages/preview/", {**SENT, "whom": "example"}).content.decode()
    document = re.search(r'name="document" value="([^"]+)"', page)
    assert document is not None

    frame = alice_the_admin.post("/messages/frame/", {"document": document[1]})

    policy = frame["Content-Security-Policy"]
    assert policy.startswith("sandbox;")
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "こんにちは" in frame.content.decode()


def test_a_frame_shows_no_document_that_is_not_ours(alice_the_admin: Client, home: object) -> None:
    frame = alice_the_admin.post("/messages/frame/", {"document": "<script>alert(1)</script>"})

    assert frame.content == b""


def test_a_customer_found_by_words_is_shown_and_the_look_is_written_down(
    alice_the_admin: Client, home: object
) -> None:
    people([7, 8])

    page = alice_the_admin.post(
        "/messages/preview/", {**SENT, "whom": "customer", "who": "客8"}
    ).content.decode()

    assert "客8さまへ" in page
    (look,) = [one for one in audit.entries().items if one.action == "customers.seen"]
    assert look.subject_id == "8"


def test_an_older_version_is_looked_at_and_made_the_newest(
    alice_the_admin: Client, home: object
) -> None:
    made = services.create(a_template("いち", form="text"), by="member:1")
    services.revise(made.id, a_template("に", form="text"), by="member:1")

    page = alice_the_admin.get(f"/messages/{made.id}/?version=1").content.decode()
    alice_the_admin.post(f"/messages/{made.id}/act/", {"do": "1"})

    assert "いち</textarea>" in page
    assert selectors.template(made.id).content.texts["ja"].body == "いち"


def test_a_test_stays_in_the_house_until_the_shop_says_whom_it_is_from(
    alice_the_admin: Client, home: object
) -> None:
    alice_the_admin.post("/messages/new/", {**SENT, "do": "test", "whom": "example"})

    (kept,) = selectors.kept_back()
    assert mail.outbox == []
    assert kept.to == "alice@example.com"
    assert kept.subject == "[test] 山田 花子さまへ"
    assert kept.subject in alice_the_admin.get("/messages/kept/").content.decode()
    one = alice_the_admin.get(f"/messages/kept/{kept.id}/")
    assert "frame-src 'self'" in one["Content-Security-Policy"]
    frame = alice_the_admin.get(f"/messages/kept/{kept.id}/frame/")
    assert frame["Content-Security-Policy"].startswith("sandbox;")


def test_a_test_leaves_for_ones_own_address_alone_and_is_written_down_without_it(
    alice_the_admin: Client, home: object, settings: Settings
) -> None:
    settings.JOREN_SMTP, settings.JOREN_URL = True, "https://joren.shop.example"
    services.set_sender(Sender("常連珈琲", "hello@shop.example"), by="member:1")

    alice_the_admin.post(
        "/messages/new/", {**SENT, "do": "test", "to": "charlie@example.com", "whom": "nobody"}
    )

    (sent,) = mail.outbox
    assert sent.to == ["alice@example.com"]
    assert sent.from_email == "=?utf-8?b?5bi46YCj54+I55Cy?= <hello@shop.example>"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (deed,) = [one for one in audit.entries().items if one.action == "messages.test_sent"]
    assert deed.detail["outcome"] == "accepted"
    assert "@" not in json.dumps(dict(deed.detail))


def test_what_was_kept_of_a_customer_goes_with_them(alice_the_admin: Client, home: object) -> None:
    people([7])
    alice_the_admin.post("/messages/new/", {**SENT, "do": "test", "whom": "customer", "who": "客7"})
    (kept,) = selectors.kept_back()
    assert "客7" in kept.text

    eraser = ERASERS["messages"]
    theirs = Traces(customers=(7,))
    assert eraser.export(theirs)[0]["件名"] == kept.subject
    assert sum(eraser.goes(theirs).values()) == 1
    assert sum(eraser.erase(theirs).values()) == 1
    assert sum(eraser.erase(theirs).values()) == 0

    assert selectors.kept_back() == []


def test_a_sender_whom_no_answer_reaches_is_refused(alice_the_admin: Client, home: object) -> None:
    for bad in ({"name": "", "email": "a@shop.example"}, {"name": "店", "email": "nobody"},
                {"name": "店\r\nBcc: x@x.example", "email": "a@shop.example"}):  # fmt: skip
        assert alice_the_admin.post("/messages/sender/", bad).status_code == 422

    good = {"name": "店", "email": "a@shop.example", "postal_address": "京都市"}
    assert alice_the_admin.post("/messages/sender/", good).status_code == 302
    assert selectors.sender() == Sender("店", "a@shop.example", "", "京都市")


def test_a_program_keeps_renders_and_takes_back_templates(
    alice_the_admin: Client, home: object
) -> None:
    api = "/api/messages/templates"
    made = alice_the_admin.post(api, ASKED, "application/json").json()
    alice_the_admin.put(
        f"{api}/{made['id']}", {**ASKED, "name": "新着2", "why": "名前"}, "application/json"
    )
    broken = {**ASKED, "texts": {"ja": {"subject": "x", "body": "{{ today | nope }}"}}}
    refused = alice_the_admin.put(f"{api}/{made['id']}", broken, "application/json")
    back = alice_the_admin.post(f"{api}/{made['id']}/versions/1/restore").json()
    shown = alice_the_admin.post(
        "/api/messages/render", {"template": made["id"], "whom": "nobody"}, "application/json"
    ).json()
    unsaved = alice_the_admin.post(
        "/api/messages/render", {"content": broken}, "application/json"
    ).json()

    assert (refused.status_code, refused.json()["code"]) == (422, "BrokenTemplate")
    assert "line 1, column 12" in refused.json()["detail"]
    assert (back["name"], back["version"], back["sendable"]) == ("新着", 3, 3)
    versions = alice_the_admin.get(f"{api}/{made['id']}/versions").json()["items"]
    assert [one["number"] for one in versions] == [3, 2, 1]
    assert shown["text"] == "さま\n"
    assert {one["code"] for one in shown["hints"]} >= {"no_unsubscribe", "no_postal"}
    assert [(one["code"], one["grave"]) for one in unsaved["faults"]] == [("unknown_filter", True)]


def test_a_program_shows_a_customer_only_to_those_who_may_see_people(
    alice_the_admin: Client, home: object
) -> None:
    people([7])
    asked = {"content": ASKED, "whom": 7}

    found = alice_the_admin.post("/api/messages/render", asked, "application/json")

    assert found.json()["text"] == "客7さま\n"
    bob = _signed_in("bob@example.com", role="viewer")
    assert bob.post("/api/messages/render", asked, "application/json").status_code == 403


def test_the_terminal_lists_shows_and_renders(home: object) -> None:
    made = services.create(a_template(), by="member:1")
    run = CliRunner().invoke

    listed = json.loads(run(app, ["messages", "list", "--json"]).stdout)
    shown = run(app, ["messages", "show", str(made.id)]).stdout
    rendered = run(app, ["messages", "render", str(made.id), "--for", "nobody"]).stdout
    html = run(app, ["messages", "render", str(made.id), "--html"]).stdout

    assert [one["name"] for one in listed] == ["新着"]
    assert "<mj-body>" in shown
    assert "お客さま、こんにちは" in rendered
    assert "<!doctype html>" in html
