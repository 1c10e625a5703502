"""Several lines to one mail server: each mail is there once or accounted for."""

from __future__ import annotations

import smtplib
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.act.messages.channels.email import lines
from joren.act.messages.channels.email.lines import MOST, Lines, Opened
from joren.act.messages.channels.email.talking import Line, Mail
from joren.act.messages.contracts import Message, Outcome, Sender

SENDER = Sender("常連珈琲", "hello@shop.example")


@dataclass
class Behaviour:
    """What the server does with the n-th mail, or with any."""

    refused: dict[int, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    breaks_after: set[int] = field(default_factory=set)
    delay: float = 0.0
    pipelines: bool = True
    most: int = 99


class Server:
    """It keeps what it takes, in the order in which it does."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.taken: list[str] = []
        self.at_once = self.here = 0
        self.lock = threading.Lock()
        outer = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with outer.lock:
                    outer.here += 1
                    outer.at_once = max(outer.at_once, outer.here)
                    full = outer.here > behaviour.most
                if not full:
                    outer.talk(self.rfile, self.wfile, behaviour)
                else:
                    self.wfile.write(b"421 too many\r\n")
                with outer.lock:
                    outer.here -= 1

        socketserver.ThreadingTCPServer.daemon_threads = True
        self.listener = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self.port = int(self.listener.server_address[1])
        threading.Thread(target=self.listener.serve_forever, args=(0.02,), daemon=True).start()

    def talk(self, read, write, behaviour: Behaviour) -> None:  # type: ignore[no-untyped-def]
        write.write(b"220 here\r\n")
        to = ""
        while line := read.readline().decode().strip():
            word = line[:4].upper()
            if word == "EHLO":
                more = b"250-PIPELINING\r\n" if behaviour.pipelines else b""
                write.write(b"250-here\r\n" + more + b"250 8BITMIME\r\n")
            elif word == "RCPT":
                to = line[line.index("<") + 1 : -1]
                gone = to in behaviour.unknown
                to = "" if gone else to
                write.write(b"550 gone\r\n" if gone else b"250 well\r\n")
            elif word == "DATA":
                write.write(b"354 go on\r\n")
                while (said := read.readline()) != b".\r\n":
                    if not said:  # the line was cut in the middle of a mail
                        return
                time.sleep(behaviour.delay)
                if not to:
                    write.write(b"554 to nobody\r\n")
                    continue
                with self.lock:
                    place = len(self.taken)
                    refusal = behaviour.refused.pop(place, "")
                    if not refusal:
                        self.taken.append(to)
                if refusal:
                    write.write(f"{refusal}\r\n".encode())
                    continue
                if place in behaviour.breaks_after:
                    return
                write.write(b"250 taken\r\n")
            elif word == "QUIT":
                write.write(b"221 bye\r\n")
                return
            else:
                write.write(b"250 well\r\n")


def _mail_of(message: Message, key: str) -> Mail | Outcome:
    whole = f"Subject: {message.subject}\r\n\r\n{message.text}".replace("\n", "\r\n").encode()
    return Mail(key, f"<{key}>", message.sender.email, message.to, whole)


def _sent(
    behaviour: Behaviour, count: int, mail_of: Callable[[Message, str], Mail | Outcome] = _mail_of
) -> tuple[dict[str, Outcome], Server]:
    server = Server(behaviour)

    def dial() -> Opened:
        there = smtplib.SMTP("127.0.0.1", server.port, timeout=10)
        there.ehlo_or_helo_if_needed()
        return Opened(Line(there), there.close)

    opened = Lines(dial)
    messages = [
        (f"c{n}", Message(f"c{n}@x.example", "s", f".{n}\n", None, SENDER)) for n in range(count)
    ]
    try:
        found = list(opened.send_all(messages, mail_of))
    finally:
        opened.close()
        server.listener.shutdown()
        server.listener.server_close()
    assert len(found) == len(dict(found)) == count  # of each one outcome
    return dict(found), server


def _accounts_for_all(found: dict[str, Outcome], server: Server) -> None:
    there = Counter(to.partition("@")[0] for to in server.taken)
    assert max(there.values(), default=0) <= 1
    for key, outcome in found.items():
        assert outcome.provider_id == f"<{key}>"
        if outcome.state == "accepted":
            assert there[key] == 1
        elif outcome.state == "refused":
            assert there[key] == 0
            assert outcome.reason
        else:
            assert not outcome.again


@pytest.mark.parametrize("pipelines", [True, False])
@settings(max_examples=15, deadline=None)
@given(
    refused=st.dictionaries(
        st.integers(0, 9), st.sampled_from(["451 later", "554 spam", "421 closing"]), max_size=3
    ),
    unknown=st.sets(st.integers(0, 9), max_size=4),
    breaks=st.sets(st.integers(0, 9), max_size=3),
)
def test_each_mail_is_there_once_or_said_not_to_be(
    pipelines: bool, refused: dict[int, str], unknown: set[int], breaks: set[int]
) -> None:
    behaviour = Behaviour(
        refused=refused, unknown={f"c{n}@x.example" for n in unknown}, breaks_after=breaks,
        pipelines=pipelines,
    )  # fmt: skip

    found, server = _sent(behaviour, 10)

    _accounts_for_all(found, server)
    assert all(found[f"c{n}"].state != "accepted" for n in unknown)


def test_a_slow_server_is_spoken_to_on_several_lines_and_a_quick_one_on_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as on_a_busy_machine:
        on_a_busy_machine.setattr(lines, "_SLOW", 10)
        _, quick = _sent(Behaviour(), 40)
    since = time.monotonic()
    found, slow = _sent(Behaviour(delay=0.05), 40)
    took = time.monotonic() - since

    assert (quick.at_once, slow.at_once) == (1, MOST)
    assert took < 40 * 0.05
    _accounts_for_all(found, slow)


def test_a_server_that_takes_few_lines_is_asked_for_no_more() -> None:
    found, server = _sent(Behaviour(delay=0.03, most=2), 30)

    _accounts_for_all(found, server)
    assert {one.state for one in found.values()} == {"accepted"}
    assert server.at_once <= 3


def test_a_mail_that_cannot_be_put_together_has_not_left_and_holds_up_no_other() -> None:
    def mail_of(message: Message, key: str) -> Mail | Outcome:
        if key == "c1":
            raise ValueError(message.to)
        return _mail_of(message, key)

    found, server = _sent(Behaviour(), 3, mail_of)

    assert [found[f"c{n}"].state for n in range(3)] == ["accepted", "refused", "accepted"]
    assert (found["c1"].reason, found["c1"].again) == ("ValueError", True)
    assert server.taken == ["c0@x.example", "c2@x.example"]
