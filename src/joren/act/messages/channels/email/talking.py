"""Mails over one open line to a mail server, with as few turns as it allows (RFC 2920).

Where the server knows pipelining, the end of one mail and the envelope of the next are one packet,
so that a mail costs one turn; and what is written next is made ready while the server thinks.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from joren.act.messages.contracts import Outcome

_FOR_GOOD: Final = 500
"""From here on a server's answer is final (RFC 5321); below, it may take the message later."""

_GO_ON: Final = 354
_WELL: Final = (250, 251, 252)
_CLOSING: Final = 421
_NO_MAILBOX: Final = 550
_ENHANCED: Final = re.compile(rb"\s*(\d\.\d{1,3}\.\d{1,3})\b")
_NOBODY: Final = (b"5.1.1", b"5.1.2", b"5.1.3", b"5.1.6", b"5.1.10", b"5.2.1")
"""No such mailbox, host or address; moved; a host that takes no mail; a mailbox that is closed."""

_UNKNOWN: Final = re.compile(
    rb"(?i)(user|mailbox|recipient) (is )?(unknown|not found)|"
    rb"(unknown|no such) (user|mailbox|recipient)"
)
_LONGEST: Final = 8_192


@dataclass(frozen=True)
class Mail:
    """What is sent, in the bytes in which it is sent; ``key`` is by what its outcome is told."""

    key: str
    number: str
    sender: str
    to: str
    whole: bytes

    def words(self) -> tuple[str, ...]:
        return (f"MAIL FROM:<{self.sender}>", f"RCPT TO:<{self.to}>", "DATA")

    def envelope(self) -> bytes:
        return "".join(f"{word}\r\n" for word in self.words()).encode()

    def body(self) -> bytes:
        return self.whole.replace(b"\r\n.", b"\r\n..") + b".\r\n"


Done = list[tuple[Mail, Outcome]]


class Line:
    """One line to a server that has greeted. At most one mail has left without an answer, and of
    at most one other the envelope alone; who breaks the line off makes nobody else unclear."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server
        self._pipelines = server.has_extn("pipelining")
        self._asked: Mail | None = None
        self._left: Mail | None = None
        self.broken = False
        self.waited = 0.0
        """Seconds for which the server was waited for in the last turn."""

    @property
    def busy(self) -> bool:
        return self._asked is not None or self._left is not None

    def turn(self, following: Callable[[], Mail | None]) -> Done:
        """Hear what the server answered, and give it what comes next. Each mail that was given to
        it is in the answer of this turn or a later one; a line that broke has none left."""
        done: Done = []
        self.waited = 0.0
        try:
            self._turn(done, following)
        except (OSError, smtplib.SMTPException) as problem:
            # Before the first byte of it, it has certainly not left; after, nobody knows.
            reason = f"{type(problem).__name__} {getattr(problem, 'smtp_code', '')}".strip()
            if self._left is not None:
                done.append((self._left, Outcome("unknown", self._left.number, reason)))
            if self._asked is not None:
                again = Outcome("refused", self._asked.number, reason, again=True)
                done.append((self._asked, again))
            self._left = self._asked = None
            self.broken = True
        return done

    def _turn(self, done: Done, following: Callable[[], Mail | None]) -> None:
        if self._left is not None:
            code, _ = self._answer()
            mail, self._left = self._left, None
            well = Outcome("accepted", mail.number)
            done.append((mail, well if code in _WELL else _refusal(mail, "mail", code)))
            _heard(code)
        if self._asked is None:
            self._begin(following())
            return
        refused = self._envelope(self._asked)
        if refused is not None:
            mail, self._asked = self._asked, None
            done.append((mail, _refusal(mail, *refused)))
            _heard(refused[1])
            self._begin(following())
            return
        coming = following()
        self._left, self._asked = self._asked, coming
        rest = coming.envelope() if coming is not None and self._pipelines else b""
        self._say(self._left.body() + rest)

    def _begin(self, mail: Mail | None) -> None:
        self._asked = mail
        if mail is not None and self._pipelines:
            self._say(mail.envelope())

    def _envelope(self, mail: Mail) -> tuple[str, int, bytes] | None:
        """None when the server waits for the mail, else which of its answers refused it."""
        words = mail.words()
        if not self._pipelines:
            for word in words:
                code, said = self._server.docmd(word)
                if code not in _WELL and code != _GO_ON:
                    if code != _CLOSING:
                        self._server.rset()
                    return word[:4].strip(), code, said
            return None
        answers = [self._answer() for _ in words]
        for word, (code, said) in zip(words, answers, strict=True):
            if code in _WELL or code == _GO_ON:
                continue
            if answers[-1][0] == _GO_ON:
                self._say(b".\r\n")  # it waits for a mail to nobody: an empty one, which it refuses
                self._answer()
            if code != _CLOSING:
                self._server.rset()
            return word[:4].strip(), code, said
        return None

    def _say(self, what: bytes) -> None:
        assert self._server.sock is not None  # noqa: S101 (it has greeted)
        self._server.sock.sendall(what)

    def _answer(self) -> tuple[int, bytes]:
        """The code of the server's next answer, and its words, which may name the person: they are
        looked at and not kept."""
        since = monotonic()
        file = self._server.file
        assert file is not None  # noqa: S101 (it has greeted)
        while line := file.readline(_LONGEST):
            if line[3:4] != b"-":
                break
        self.waited += monotonic() - since
        if not line[:3].isdigit():
            raise smtplib.SMTPServerDisconnected("no answer")
        return int(line[:3]), line[4:]


def _refusal(mail: Mail, word: str, code: int, said: bytes = b"") -> Outcome:
    """Never with the server's words: they may name the person."""
    none = word == "RCPT" and no_mailbox(code, said)
    return Outcome("refused", mail.number, f"{word} refused: {code}", code < _FOR_GOOD, none)


def no_mailbox(code: int, said: bytes) -> bool:
    """Is nobody at the address? By the enhanced code (RFC 3463) where there is one, for a server
    refuses with the same 550 what its rules forbid; else by its words."""
    if code < _FOR_GOOD:
        return False
    if enhanced := _ENHANCED.match(said):
        return enhanced[1] in _NOBODY
    return code == _NO_MAILBOX and _UNKNOWN.search(said) is not None


def _heard(code: int) -> None:
    if code == _CLOSING:
        raise smtplib.SMTPServerDisconnected("the server closes the line")
