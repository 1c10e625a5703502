"""Every channel against the one suite; mail against servers that refuse, delay and break off."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint
from types import SimpleNamespace
from typing import Any

import pytest
from anymail.exceptions import AnymailRecipientsRefused
from django.core import mail
from pytest_django.fixtures import Settings

from joren.act.messages import channels, selectors
from joren.act.messages.channels.email import channel
from joren.act.messages.channels.email.channel import CHANNEL as EMAIL
from joren.act.messages.channels.sandbox.channel import CHANNEL as SANDBOX
from joren.act.messages.channels.sandbox.channel import KEPT
from joren.act.messages.conformance import MESSAGE, Arrived, conform
from joren.act.messages.contracts import Message, NoChannel, Outcome

pytestmark = pytest.mark.django_db


def in_the_outbox() -> list[Arrived]:
    return [
        Arrived(
            one.to,
            one.subject,
            str(one.body),
            next((str(part.content) for part in getattr(one, "alternatives", [])), None),
            {name: str(value) for name, value in one.message().items()},
        )
        for one in mail.outbox
    ]


def in_the_house() -> list[Arrived]:
    return [
        Arrived([one.to], one.subject, one.text, one.html, dict(one.headers))
        for one in reversed(selectors.kept_back(limit=KEPT))
    ]


def test_mail_keeps_to_what_a_channel_promises() -> None:
    conform(EMAIL, in_the_outbox)


def test_the_sandbox_keeps_to_what_a_channel_promises() -> None:
    conform(SANDBOX, in_the_house)


@dataclass(frozen=True)
class Careless:
    """A channel that raises, or that takes everything."""

    name: str = "careless"

    def send(self, message: Message, *, key: str) -> Outcome:
        return Outcome("accepted", key, message.to)


def test_the_suite_finds_out_a_channel_that_brings_nothing_anywhere() -> None:
    with pytest.raises((AssertionError, ValueError)):
        conform(Careless(), list)


def test_the_sandbox_keeps_one_message_of_one_key_and_the_newest_alone() -> None:
    for _ in range(2):
        SANDBOX.send(MESSAGE, key="one")
    assert len(in_the_house()) == 1

    for number in range(KEPT + 5):
        SANDBOX.send(MESSAGE, key=str(number))

    assert len(selectors.kept_back(limit=KEPT * 2)) == KEPT


def test_no_address_stands_in_a_reason(settings: Settings, server: Server) -> None:
    server.answers["RCPT"] = "550 <hanako@customer.example> unknown"

    outcome = EMAIL.send(MESSAGE, key="k")

    assert "hanako" not in outcome.reason


@pytest.mark.parametrize(
    ("word", "says", "state", "again"),
    [
        ("RCPT", "550 no such user", "refused", False),
        ("RCPT", "451 later", "refused", True),
        ("MAIL", "553 not you", "refused", False),
        ("DONE", "554 spam", "refused", False),
        ("DONE", "452 full", "refused", True),
        ("DONE", "", "unknown", False),
        ("", "", "accepted", False),
    ],
)
def test_what_a_server_says_becomes_an_outcome(
    server: Server, word: str, says: str, state: str, again: bool
) -> None:
    server.answers[word] = says

    outcome = EMAIL.send(MESSAGE, key="k")

    assert (outcome.state, outcome.again) == (state, again), outcome
    assert bool(outcome.reason) == (state != "accepted")


@pytest.mark.parametrize("pipelines", [False, True])
@pytest.mark.parametrize(
    ("word", "says", "nobody"),
    [
        ("RCPT", "550 5.1.1 <c@shop.example> User unknown", True),
        ("RCPT", "550-5.1.1 There is none.\r\n550 5.1.1 Look again.", True),
        ("RCPT", "556 5.1.10 the domain takes no mail", True),
        ("RCPT", "550 no such user", True),
        ("RCPT", "550 5.7.1 unknown user or access denied", False),
        ("RCPT", "550 relaying denied", False),
        ("RCPT", "450 4.1.1 greylisted", False),
        ("MAIL", "550 5.1.1 user unknown", False),
        ("DONE", "550 5.1.1 user unknown", False),
    ],
)
def test_what_is_no_mailbox_is_told_from_what_rules_forbid(
    server: Server, pipelines: bool, word: str, says: str, nobody: bool
) -> None:
    server.answers[word] = says
    if pipelines:
        server.answers["EHLO"] = "250-here\r\n250 PIPELINING"

    outcome = EMAIL.send(MESSAGE, key="k")

    assert (outcome.state, outcome.no_mailbox) == ("refused", nobody), outcome


@pytest.mark.parametrize(("status", "nobody"), [("invalid", True), ("rejected", False)])
def test_an_address_that_a_service_finds_invalid_is_no_mailbox(
    monkeypatch: pytest.MonkeyPatch, status: str, nobody: bool
) -> None:
    class Service:
        def open(self) -> None: ...

        def close(self) -> None: ...

        def send_messages(self, mails: list[Any]) -> int:
            mails[0].anymail_status = SimpleNamespace(status={status})
            raise AnymailRecipientsRefused

    monkeypatch.setattr(channel, "get_connection", lambda **_: Service())

    assert EMAIL.send(MESSAGE, key="k").no_mailbox is nobody


def test_a_server_that_is_not_there_has_certainly_taken_nothing(
    settings: Settings,
) -> None:
    _by_smtp(settings, 1)

    outcome = EMAIL.send(MESSAGE, key="k")

    assert (outcome.state, outcome.again) == ("refused", True)


def test_both_headers_of_one_click_reach_the_server(server: Server) -> None:
    EMAIL.send(MESSAGE, key="k")

    head = server.arrived[0].replace("\r\n ", " ")
    assert "List-Unsubscribe: <https://shop.example/u/x>" in head
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
    assert "Bcc" not in head


def test_notices_return_to_the_return_path_and_nobody_guesses_a_message_id(
    server: Server, settings: Settings
) -> None:
    path = "bounces+1-aaaa@mail.shop.example"
    first = EMAIL.send(replace(MESSAGE, returns_to=path), key="send-1").provider_id
    again = EMAIL.send(MESSAGE, key="send-1").provider_id
    settings.SECRET_KEY = "another"

    other = EMAIL.send(MESSAGE, key="send-1").provider_id

    assert server.senders == [path, MESSAGE.sender.email, MESSAGE.sender.email]
    assert first == again != other
    assert path not in server.arrived[0]


def test_what_is_no_channel_is_refused_at_the_door() -> None:
    for value in ("smtplib:SMTP", "nowhere:CHANNEL", "os:sep"):
        with pytest.raises(NoChannel):
            channels.admitted(EntryPoint("pigeon", value, channels.GROUP))


def test_templates_are_for_every_channel_but_the_sandbox() -> None:
    assert "email" in channels.names()
    assert "sandbox" not in channels.names()
    with pytest.raises(NoChannel):
        channels.named("pigeon")


class Server:
    """A mail server that says what it is told to; "" breaks the line off."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.arrived: list[str] = []
        self.senders: list[str] = []
        outer = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"220 here\r\n")
                greeted = False
                while line := self.rfile.readline().decode().strip():
                    word = line[:4].upper()
                    if word == "MAIL":
                        outer.senders.append(line[10:].strip("<>"))
                    if word == "QUIT":
                        self.wfile.write(b"221 bye\r\n")
                        return
                    if word == "DATA":
                        self.wfile.write(b"354 go on\r\n")
                        word = "DONE"
                        outer.arrived.append(self._data())
                    greeted = greeted or word in ("EHLO", "HELO")
                    says = outer.answers.get(word, "250 well")
                    says = says if greeted else "503 greet first"
                    if not says:
                        return
                    self.wfile.write(f"{says}\r\n".encode())

            def _data(self) -> str:
                lines = []
                while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
                    lines.append(line)
                return "".join(lines)

        self.listener = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self.port = int(self.listener.server_address[1])
        threading.Thread(target=self.listener.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    made = Server()
    _by_smtp(settings, made.port)
    yield made
    made.listener.shutdown()
    made.listener.server_close()


def _by_smtp(settings: Settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False


def test_a_message_to_nobody_reaches_no_server(server: Server) -> None:
    EMAIL.send(replace(MESSAGE, to=""), key="k")

    assert server.arrived == []
