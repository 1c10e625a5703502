"""LINE, SMS, letters and mail by a service against the one suite, and what their ends answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from anymail.exceptions import AnymailAPIError
from django.core import mail
from pytest_django.fixtures import Settings

from joren.accounts.selectors import business
from joren.act.messages import models, selectors
from joren.act.messages.channels.email.channel import CHANNEL as EMAIL
from joren.act.messages.channels.line.channel import CHANNEL as LINE
from joren.act.messages.channels.post.channel import CHANNEL as POST
from joren.act.messages.channels.webhook.channel import SMS
from joren.act.messages.conformance import MESSAGE, Arrived, conform
from joren.act.messages.contracts import Sender
from joren.act.messages.opening import opened
from joren.act.messages.services import print_letters, set_sender
from joren.core import clock
from tests.act.messages.cast import people
from tests.act.messages.other_ends import SECRET, OtherEnd, other_end

pytestmark = pytest.mark.django_db
TO_A_FRIEND = replace(MESSAGE, to="U" + "0" * 32)


@pytest.fixture
def line(settings: Settings) -> Iterator[OtherEnd]:
    with other_end() as made:
        settings.JOREN_LINE_API = f"http://127.0.0.1:{made.port}"
        settings.JOREN_LINE_TOKEN = "token"
        yield made


@pytest.fixture
def carrier(settings: Settings) -> Iterator[OtherEnd]:
    with other_end() as made:
        settings.JOREN_SMS = (f"http://127.0.0.1:{made.port}/sms", SECRET)
        settings.JOREN_WEBHOOK_HOSTS = (f"127.0.0.1:{made.port}",)
        yield made


def test_line_keeps_to_what_a_channel_promises(line: OtherEnd) -> None:
    conform(LINE, lambda: line.by_line, to=TO_A_FRIEND.to, carries=())


def test_sms_keeps_to_what_a_channel_promises(carrier: OtherEnd) -> None:
    conform(SMS, lambda: carrier.by_webhook, to="+819012345678")


def test_letters_keep_to_what_a_channel_promises() -> None:
    conform(
        POST,
        lambda: [
            Arrived([one.recipient], one.subject, one.text, None, {})
            for one in opened(list(models.Letter.objects.order_by("pk")))
        ],
        to="常連 花子",
        carries=("subject",),
    )


def test_a_service_of_anymail_keeps_to_what_a_channel_promises(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    settings.JOREN_ESP = True

    conform(
        EMAIL,
        lambda: [
            Arrived(
                one.to, one.subject, str(one.body),
                next((str(part.content) for part in getattr(one, "alternatives", [])), None),
                {name: str(value) for name, value in one.extra_headers.items()},
            )
            for one in mail.outbox
        ],
    )  # fmt: skip

    assert mail.outbox[0].metadata["joren"].startswith("<")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("code", "state", "again"),
    [
        (200, "accepted", False),
        (400, "refused", False),
        (401, "refused", True),
        (409, "accepted", False),
        (429, "refused", True),
        (500, "unknown", True),
        (-1, "unknown", True),
    ],
)
def test_what_line_answers_becomes_an_outcome(
    line: OtherEnd, code: int, state: str, again: bool
) -> None:
    line.answers = [code]

    outcome = LINE.send(TO_A_FRIEND, key="k")

    assert (outcome.state, outcome.again) == (state, again), outcome


def test_a_push_whose_answer_was_lost_arrives_once_however_often_it_is_repeated(
    line: OtherEnd,
) -> None:
    line.answers = [500, 503]

    states = [LINE.send(TO_A_FRIEND, key="k").state for _ in range(4)]

    assert states == ["unknown", "unknown", "accepted", "accepted"]
    assert len(line.taken) == 1


def test_the_text_of_a_template_may_be_a_bubble(line: OtherEnd) -> None:
    bubble = '{"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": []}}'

    well = LINE.send(replace(TO_A_FRIEND, text=bubble), key="k")
    none = ('{"type": "bubble", ', '{"hero": {"type": "box"}}', '{"type": ["bubble"]}')
    ill = [LINE.send(replace(TO_A_FRIEND, text=text), key="l") for text in none]

    assert well.state == "accepted"
    assert {(one.state, one.again) for one in ill} == {("refused", False)}
    (taken,) = line.taken.values()
    assert taken["messages"][0]["contents"]["type"] == "bubble"
    assert taken["messages"][0]["altText"] == MESSAGE.subject


def test_an_address_inside_the_own_network_is_told_nothing(
    carrier: OtherEnd, settings: Settings
) -> None:
    settings.JOREN_WEBHOOK_HOSTS = ()

    outcome = SMS.send(replace(MESSAGE, to="+819012345678"), key="k")

    assert (outcome.state, carrier.asked) == ("refused", 0)


@pytest.mark.parametrize(
    ("status", "state", "again"),
    [(400, "refused", False), (429, "refused", True), (503, "unknown", False)],
)
def test_what_a_service_answers_becomes_an_outcome(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, status: int, state: str, again: bool
) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"

    def fail(*_: object) -> int:
        problem = AnymailAPIError("hanako@customer.example is not wanted")
        problem.status_code = status
        raise problem

    monkeypatch.setattr("anymail.backends.test.EmailBackend.send_messages", fail)

    outcome = EMAIL.send(MESSAGE, key="k")

    assert (outcome.state, outcome.again) == (state, again)
    assert "hanako" not in outcome.reason


def test_a_channel_says_what_it_lacks(settings: Settings) -> None:
    set_sender(Sender("常連珈琲", "hello@shop.example"), by="member:1")

    assert selectors.mode("line").lacks == ("line",)
    assert selectors.mode("sms").lacks == ("sms",)
    assert selectors.mode("post").live
    settings.JOREN_LINE_TOKEN = "token"
    assert selectors.mode("line").live


def test_a_letter_is_printed_once_and_again_by_its_day() -> None:
    people([7])
    POST.send(replace(MESSAGE, to="客7", about=7), key="k")

    (first,) = print_letters(by="member:1")
    rest = print_letters(by="member:1")
    today = clock.shop_day(clock.now(), business().time_zone)
    (again,) = print_letters(by="member:1", printed_on=today)

    assert (first.customer, first.recipient, rest) == (7, "客7", [])
    assert again == first
