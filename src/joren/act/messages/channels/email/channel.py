"""Mail by the server of the settings, or by a service that django-anymail knows.

SMTP knows no idempotency: what is sent twice arrives twice. So both carry one Message-ID, by which
mailboxes fold them into one, and whoever calls sends nothing again whose outcome is unknown.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formataddr
from typing import Final

from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailRecipientsRefused,
    AnymailUnsupportedFeature,
)
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from joren.act.messages.channels.email.composing import ascii_address, composed, message_id
from joren.act.messages.channels.email.lines import Lines, Opened
from joren.act.messages.channels.email.signing import signed
from joren.act.messages.channels.email.talking import Line, Mail
from joren.act.messages.contracts import DkimKey, Message, Outcome, Streaming

_FOR_GOOD: Final = 500
_TOO_MANY: Final = 429
_NOT_US: Final = (401, 402, 403)


@dataclass(frozen=True)
class Email:
    """The mail server or the service of the settings."""

    name: str = "email"

    def lacks(self) -> tuple[str, ...]:
        return () if settings.JOREN_SMTP or settings.JOREN_ESP else ("smtp",)

    def send(self, message: Message, *, key: str) -> Outcome:
        with self.session() as open_one:
            return open_one.send(message, key=key)

    @contextmanager
    def session(self) -> Iterator[Streaming]:
        opened = _Open(get_connection(fail_silently=False))
        try:
            yield opened
        finally:
            opened.close()


class _Open:
    """Lines to the server or the service, opened when they are needed, anew where they broke."""

    name: Final = "email"

    def __init__(self, connection: BaseEmailBackend) -> None:
        self._connection = connection
        self._lines = Lines(_greeted)

    def send(self, message: Message, *, key: str) -> Outcome:
        ((_, outcome),) = self.send_all([(key, message)])
        return outcome

    def send_all(self, messages: Iterable[tuple[str, Message]]) -> Iterator[tuple[str, Outcome]]:
        """Outcomes in the order in which they become known."""
        if isinstance(self._connection, EmailBackend):
            return self._lines.send_all(messages, _mail_of)
        return ((key, self._by_service(message, key)) for key, message in messages)

    def _by_service(self, message: Message, key: str) -> Outcome:
        number = message_id(message.sender.email, key)
        to, why_not = _reached(message)
        if to is None:
            return Outcome("refused", number, why_not)
        try:
            self._connection.open()
        except (OSError, smtplib.SMTPException) as problem:
            _hang_up(self._connection)
            return Outcome("refused", number, _words(problem), again=True)
        return _by_service(self._connection, message, number)

    def close(self) -> None:
        self._lines.close()
        _hang_up(self._connection)


def _greeted() -> Opened:
    """A line to the server of the settings; raises what ``smtplib`` raises."""
    connection = get_connection(fail_silently=False)
    assert isinstance(connection, EmailBackend)  # noqa: S101 (asked before)
    try:
        connection.open()
        server = connection.connection
        assert server is not None  # noqa: S101 (it is open)
        # Django leaves the greeting to ``sendmail``, which is not what sends here.
        server.ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException):
        _hang_up(connection)
        raise
    return Opened(Line(server), lambda: _hang_up(connection))


def _hang_up(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return  # each message has its outcome already


def _mail_of(message: Message, key: str) -> Mail | Outcome:
    """What is sent, or why it is not."""
    number = message_id(message.sender.email, key)
    to, why_not = _reached(message)
    if to is None:
        return Outcome("refused", number, why_not)
    sender = message.sender.email
    mail = composed(message, number, to)
    if settings.JOREN_DKIM is not None:
        mail = signed(mail, DkimKey(*settings.JOREN_DKIM), sender)
    return Mail(key, number, message.returns_to or sender, to, mail)


def _reached(message: Message) -> tuple[str | None, str]:
    """The address in ASCII, or None and why it cannot be sent."""
    head = "".join((message.to, message.subject, message.sender.name, *message.headers.values()))
    if "\r" in head or "\n" in head:
        return None, "a header holds a line break"
    to = ascii_address(message.to)
    if to is None or "@" not in to or any(sign in to for sign in " <>"):
        return None, "that is no mail address"
    return to, ""


def _by_service(connection: BaseEmailBackend, message: Message, number: str) -> Outcome:
    mail = _mail(message, number)
    try:
        count = connection.send_messages([mail])
    except AnymailRecipientsRefused:
        reason = "the service refuses the recipient"
        return Outcome("refused", number, reason, no_mailbox=_is_none(mail))
    except AnymailUnsupportedFeature as problem:
        return Outcome("refused", number, f"the service cannot: {problem}"[:200])
    except AnymailAPIError as problem:
        return _answered(problem.status_code, number)
    except (AnymailError, ValueError) as problem:
        return Outcome("refused", number, type(problem).__name__, again=True)
    except (OSError, smtplib.SMTPException) as problem:
        # The line broke: perhaps before the service had it all, perhaps after.
        return Outcome("unknown", number, _words(problem))
    if not count:
        return Outcome("refused", number, "the backend took no message")
    return Outcome("accepted", number)


def _is_none(mail: EmailMultiAlternatives) -> bool:
    """Did the service say that it is no address, and not that it does not like to send there?"""
    status = getattr(mail, "anymail_status", None)
    return status is not None and status.status == {"invalid"}


def _answered(status: int | None, number: str) -> Outcome:
    reason = f"the service answered {status or 'nothing'}"
    if status is None or status >= _FOR_GOOD:
        return Outcome("unknown", number, reason)
    return Outcome("refused", number, reason, again=status in (_TOO_MANY, *_NOT_US))


def _mail(message: Message, number: str) -> EmailMultiAlternatives:
    sender = message.sender
    mail = EmailMultiAlternatives(
        message.subject,
        message.text,
        formataddr((sender.name, sender.email)),
        [message.to],
        headers={**message.headers, "Message-ID": number},
        reply_to=[sender.reply_to] if sender.reply_to else None,
    )
    if settings.JOREN_ESP:
        mail.metadata = {"joren": number}  # type: ignore[attr-defined]  # anymail's: it comes back
    if message.html is not None:
        mail.attach_alternative(message.html, "text/html")
    return mail


def _words(problem: Exception) -> str:
    """Never with an address in it: what a server says back may name the person."""
    code = getattr(problem, "smtp_code", "")
    return f"{type(problem).__name__} {code}".strip()


CHANNEL: Final = Email()
