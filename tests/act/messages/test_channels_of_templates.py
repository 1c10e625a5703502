"""Templates for LINE, SMS, app notices and letters: their fields, their limits, their preview."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from joren.act.messages import selectors, services
from joren.act.messages.contracts import BadTemplate, BrokenTemplate, Content, Text, shape_of
from tests.act.messages.cast import a_template

pytestmark = pytest.mark.django_db

FLEX = '{"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": []}}'


def of(channel: str, body: str = "こんにちは", subject: str = "") -> Content:
    return Content("お知らせ", "brand", "text", {"ja": Text(subject, body)}, {}, channel)


def test_what_has_no_place_for_a_subject_needs_none(home: object) -> None:
    made = services.create(of("sms"), by="tests")

    found, _ = services.preview(made.content, language="ja", whom="example")

    assert (found.whole, found.subject, found.text) == (True, "", "こんにちは\n")
    with pytest.raises(BrokenTemplate):
        services.create(replace(of("push"), name="通知"), by="tests")


@pytest.mark.parametrize(("channel", "longest"), [("line", 5_000), ("sms", 660), ("push", 1_000)])
def test_a_text_ends_where_its_channel_does(home: object, channel: str, longest: int) -> None:
    fits = of(channel, "あ" * longest, "件名")

    services.create(fits, by="tests")

    with pytest.raises(BrokenTemplate) as refused:
        services.create(of(channel, "あ" * (longest - 1) + "😀", "件名"), by="tests")
    assert refused.value.faults[0].say == "text_long"


def test_flex_is_json_of_a_container(home: object) -> None:
    services.create(of("line", FLEX), by="tests")

    for broken in (FLEX[:-1], FLEX.replace("bubble", "box")):
        with pytest.raises(BrokenTemplate) as refused:
            services.create(replace(of("line", broken), name="別"), by="tests")
        assert refused.value.faults[0].say == "flex"
    services.create(replace(of("line", FLEX + " " * 6_000), name="長い"), by="tests")


def test_plain_channels_take_no_html_and_a_template_keeps_its_channel(home: object) -> None:
    with pytest.raises(BadTemplate):
        services.create(replace(a_template(), channel="line"), by="tests")
    made = services.create(of("line"), by="tests")

    with pytest.raises(BadTemplate):
        services.revise(made.id, of("sms"), by="tests")

    assert selectors.template(made.id).content.channel == "line"


def test_a_long_sms_is_several_and_no_mailbox_is_asked_of_it(home: object) -> None:
    _, hints = services.preview(of("sms", "あ" * 71), language="ja", whom="example")
    _, none = services.preview(of("line", "あ"), language="ja", whom="example")

    assert [one.say for one in hints if one.say != "links_of_nobody"] == ["sms_parts"]
    assert [one.say for one in none if one.say != "links_of_nobody"] == []


@pytest.mark.parametrize("channel", ["line", "sms", "push", "post"])
def test_the_page_makes_one_for_each_channel(
    alice_the_admin: Client, home: object, channel: str
) -> None:
    page = alice_the_admin.get(
        f"/messages/new/?channel={channel}", headers={"accept-language": "ja"}
    ).content.decode()
    sent = {"name": "お知らせ", "kind": "brand", "form": "text", "channel": channel,
            "subject_ja": "件名", "body_ja": "こんにちは"}  # fmt: skip

    shown = alice_the_admin.post("/messages/preview/", sent).content.decode()
    answer = alice_the_admin.post("/messages/new/", {**sent, "do": "save"})

    assert f'name="channel" value="{channel}"' in page
    assert ('name="subject_ja"' in page) is bool(shape_of(channel).subject)
    assert '<option value="mjml"' not in page
    assert 'class="speech"' in shown
    assert answer.status_code == 302
    (kept,) = selectors.templates()
    assert (kept.content.channel, kept.content.form) == (channel, "text")
    again = alice_the_admin.post(answer["Location"], {**sent, "body_ja": "別", "do": "save"})
    assert again.status_code == 302
    assert selectors.template(kept.id).content.texts["ja"].body == "別"


def test_the_list_says_the_channel(alice_the_admin: Client, home: object) -> None:
    services.create(of("line"), by="tests")

    page = alice_the_admin.get("/messages/", headers={"accept-language": "ja"}).content.decode()

    assert "LINE" in page
    assert "/messages/new/?channel=sms" in page
