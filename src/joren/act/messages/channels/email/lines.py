"""Several lines to one mail server at once, as many as its pace calls for.

They are spoken on by turns: while one server process thinks, the next is given its mail. A second
line is opened when turns wait for the server, and none any more once it refused one.
"""

from __future__ import annotations

import logging
import smtplib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from joren.act.messages.channels.email.talking import Line, Mail
from joren.act.messages.contracts import Message, Outcome

_log = logging.getLogger(__name__)

MOST: Final = 5
"""Lines at once. Providers allow ten and more from one address."""

_SLOW: Final = 0.002
"""Seconds that a turn waits for the server, from which on another line is worth opening."""

_TURNS: Final = 3
"""As many turns as show what the lines that are open are worth."""


@dataclass(frozen=True)
class Opened:
    """A line, and how to hang up."""

    line: Line
    hang_up: Callable[[], None]


class Lines:
    """All lines to one server, kept from one portion of mails to the next."""

    def __init__(self, dial: Callable[[], Opened]) -> None:
        self._dial = dial
        self._idle: list[Opened] = []
        self._busy: deque[Opened] = deque()
        self._most = MOST
        self._waited = 0.0
        self._turns = 0

    def send_all(
        self,
        messages: Iterable[tuple[str, Message]],
        mail_of: Callable[[Message, str], Mail | Outcome],
    ) -> Iterator[tuple[str, Outcome]]:
        """Of each that is drawn from ``messages`` one outcome, as soon as it is known. The next is
        drawn when a line has room for it."""
        drawn = _Drawn(messages, mail_of)
        while True:
            if not self._busy or self._wants_another():
                yield from self._begin(drawn)
            yield from drawn.settled()
            if self._busy:
                opened = self._busy.popleft()
                done = opened.line.turn(drawn.next)
                self._keep(opened)
                yield from ((mail.key, outcome) for mail, outcome in done)
            elif drawn.over:
                return

    def close(self) -> None:
        for opened in (*self._idle, *self._busy):
            opened.hang_up()
        self._idle.clear()
        self._busy.clear()

    def _wants_another(self) -> bool:
        slow = self._turns >= _TURNS and self._waited > _SLOW
        return len(self._busy) < self._most and slow

    def _begin(self, drawn: _Drawn) -> Iterator[tuple[str, Outcome]]:
        """Give a mail to a line that has none."""
        mail = drawn.next()
        if mail is None:
            return
        try:
            opened = self._idle.pop() if self._idle else self._dial()
        except (OSError, smtplib.SMTPException) as problem:
            if self._busy:
                self._most = len(self._busy)
                drawn.back(mail)
            else:
                reason = f"{type(problem).__name__} {getattr(problem, 'smtp_code', '')}".strip()
                yield mail.key, Outcome("refused", mail.number, reason, again=True)
            return
        self._turns = 0
        done = opened.line.turn(lambda: mail)
        self._keep(opened)
        yield from ((mail.key, outcome) for mail, outcome in done)

    def _keep(self, opened: Opened) -> None:
        self._turns += 1
        self._waited += (opened.line.waited - self._waited) / _TURNS
        if opened.line.broken:
            opened.hang_up()
        elif opened.line.busy:
            self._busy.append(opened)
        else:
            self._idle.append(opened)


class _Drawn:
    """Mails as they are asked for; those that are none have their outcome at once."""

    def __init__(
        self,
        messages: Iterable[tuple[str, Message]],
        mail_of: Callable[[Message, str], Mail | Outcome],
    ) -> None:
        self._messages = iter(messages)
        self._mail_of = mail_of
        self._given_back: list[Mail] = []
        self._settled: list[tuple[str, Outcome]] = []
        self.over = False

    def next(self) -> Mail | None:
        if self._given_back:
            return self._given_back.pop()
        for key, message in self._messages:
            made = self._made(message, key)
            if isinstance(made, Mail):
                return made
            self._settled.append((key, made))
        self.over = True
        return None

    def _made(self, message: Message, key: str) -> Mail | Outcome:
        try:
            return self._mail_of(message, key)
        except Exception as problem:  # of this one alone, and nothing of it has left
            name = type(problem).__name__
            _log.error("a mail could not be put together: %s", name)
            return Outcome("refused", reason=name, again=True)

    def back(self, mail: Mail) -> None:
        self._given_back.append(mail)
        self.over = False

    def settled(self) -> list[tuple[str, Outcome]]:
        done, self._settled = self._settled, []
        return done
