"""Chat rooms are told in words, at an address that nobody sees again."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.act.deliveries import models, selectors, services
from joren.act.deliveries.contracts import AddressRefused, BadReceiver
from joren.act.deliveries.rules import chat
from tests.act.deliveries.test_services import Receiver, announce, carry_all
from tests.act.deliveries.test_services import receiver as receiver

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
CHOSEN = ("figures.refreshed",)


@given(st.text(max_size=5_000), st.sampled_from(["slack", "teams", "lineworks", "chatwork"]))
def test_every_text_arrives_whole_or_ends_with_an_ellipsis(text: str, shape: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    body, headers = chat.body_of(shape, text, token="t")

    if shape == "chatwork":
        assert headers["X-ChatWorkToken"] == "t"
        said = parse_qs(body.decode(), keep_blank_values=True)["body"][0]
    else:
        document = json.loads(body)
        said = {
            "slack": lambda: _plain(document["text"]),
            "lineworks": lambda: document["body"]["text"],
            "teams": lambda: document["attachments"][0]["content"]["body"][0]["text"].replace(
                "\n\n", "\n"
            ),
        }[shape]()
    wanted = text if len(text) <= 3_000 else text[:2_999] + "…"
    assert said == wanted.replace("\n\n", "\n") if shape == "teams" else said == wanted


def test_a_room_of_slack_hears_words_and_no_tag_of_ours(receiver: Receiver) -> None:
    services.add_chat(
        "店長室", shape="slack", url=f"{receiver.url}/T0/SECRET", announcements=CHOSEN
    )

    announce(snapshot=3, file="<!channel> & co")
    assert carry_all() == 1

    [(headers, body)] = receiver.heard
    assert "webhook-signature" not in headers
    said = json.loads(body)["text"]
    assert said.startswith("joren: figures.refreshed")
    assert "&lt;!channel&gt; &amp; co" in said


def test_the_address_of_a_room_is_sealed_and_never_shown(receiver: Receiver) -> None:
    made = services.add_chat("室", shape="teams", url=f"{receiver.url}/SECRET",
                             announcements=CHOSEN)  # fmt: skip

    row = models.Receiver.objects.get()
    assert "SECRET" not in row.url + row.secret + repr(selectors.endpoints())
    assert made.url == "http://localhost/…"
    with pytest.raises(BadReceiver):
        services.rotate_secret(made.id)


def test_chatwork_takes_a_form_and_a_token(receiver: Receiver) -> None:
    services.add_chat("室", shape="chatwork", url=receiver.url, token="abc", announcements=CHOSEN)

    announce(snapshot=3)
    carry_all()

    [(headers, body)] = receiver.heard
    assert headers["X-ChatWorkToken"] == "abc"
    assert "figures.refreshed" in parse_qs(body)["body"][0]


def test_a_room_that_refuses_is_told_again_later(receiver: Receiver) -> None:
    receiver.code = 500
    services.add_chat("室", shape="lineworks", url=receiver.url, announcements=CHOSEN)

    announce(snapshot=3)
    carry_all()

    [waits] = selectors.deliveries().items
    assert (waits.state, waits.code, waits.attempts) == ("waiting", 500, 1)


@pytest.mark.parametrize(
    ("shape", "url", "token"),
    [("irc", "https://a.example/x", ""), ("chatwork", "https://a.example/x", ""),
     ("slack", "", ""), ("chatwork", "https://a.example/x", "a\nb")],
)  # fmt: skip
def test_what_cannot_be_told_is_refused(shape: str, url: str, token: str) -> None:
    with pytest.raises(BadReceiver):
        services.add_chat("室", shape=shape, url=url, token=token, announcements=CHOSEN)


def test_a_name_that_is_too_long_is_refused() -> None:
    with pytest.raises(BadReceiver):
        services.add_chat(
            "室" * 201, shape="slack", url="https://a.example/x", announcements=CHOSEN
        )


def test_an_address_without_tls_is_refused() -> None:
    with pytest.raises(AddressRefused):
        services.add_chat("室", shape="slack", url="http://10.0.0.1/x", announcements=CHOSEN)


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_an_endpoint_has_a_name_that_a_list_can_show() -> None:
    for name in (" ", "x" * 201):
        with pytest.raises(BadReceiver):
            services.add_endpoint(
                name, url="https://erp.example/", announcements=["figures.refreshed"]
            )
