"""One mail over an open line to a mail server, with as few turns as it allows (RFC 2920)."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from typing import Final

from joren.act.messages.contracts import Outcome

_FOR_GOOD: Final = 500
"""From here on a server's answer is final (RFC 5321); below, it may take the message later."""

_GO_ON: Final = 354
_WELL: Final = (250, 251, 252)
_CLOSING: Final = 421


class LineBroke(Exception):
    """The server is gone. ``outcome`` is of the mail that was being sent."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


@dataclass(frozen=True)
class Talk:
    """What is said for one mail, to a server that has greeted."""

    server: smtplib.SMTP
    number: str

    def send(self, sender: str, to: str, mail: bytes) -> Outcome:
        """Raises ``LineBroke`` with the mail's outcome where no other mail can follow."""
        left = False
        try:
            refused = self._envelope(sender, to)
            if refused is not None:
                return self._judged(*refused)
            left = True
            self._say(mail.replace(b"\r\n.", b"\r\n..") + b".\r\n")
            code, _ = self.server.getreply()
        except (OSError, smtplib.SMTPException) as problem:
            # Before the first byte of it, it has certainly not left; after, nobody knows.
            reason = f"{type(problem).__name__} {getattr(problem, 'smtp_code', '')}".strip()
            raise LineBroke(
                Outcome("unknown" if left else "refused", self.number, reason, again=not left)
            ) from None
        if code in _WELL:
            return Outcome("accepted", self.number)
        return self._judged("mail", code)

    def _envelope(self, sender: str, to: str) -> tuple[str, int] | None:
        """None when the server waits for the mail, else which of its answers refused it."""
        words = (f"MAIL FROM:<{sender}>", f"RCPT TO:<{to}>", "DATA")
        if not self.server.has_extn("pipelining"):
            for word in words:
                code, _ = self.server.docmd(word)
                if code not in _WELL and code != _GO_ON:
                    if code != _CLOSING:
                        self.server.rset()
                    return word[:4].strip(), code
            return None
        self._say("".join(f"{word}\r\n" for word in words).encode())
        codes = [self.server.getreply()[0] for _ in words]
        for word, code in zip(words, codes, strict=True):
            if code in _WELL or code == _GO_ON:
                continue
            if codes[-1] == _GO_ON:
                self._say(b".\r\n")  # it waits for a mail to nobody: an empty one, which it refuses
                self.server.getreply()
            if code != _CLOSING:
                self.server.rset()
            return word[:4].strip(), code
        return None

    def _say(self, what: bytes) -> None:
        assert self.server.sock is not None  # noqa: S101 (it has greeted)
        self.server.sock.sendall(what)

    def _judged(self, word: str, code: int) -> Outcome:
        """Never with the server's words: they may name the person."""
        refusal = Outcome("refused", self.number, f"{word} refused: {code}", code < _FOR_GOOD)
        if code == _CLOSING:
            raise LineBroke(refusal)
        return refusal
