"""Mail by the server of the settings, or by a service that django-anymail knows.

SMTP knows no idempotency: what is sent twice arrives twice. So both carry one Message-ID, by which
mailboxes fold them into one, and whoever calls sends nothing again whose outcome is unknown.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
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
from joren.act.messages.channels.email.signing import signed
from joren.act.messages.channels.email.talking import LineBroke, Talk
from joren.act.messages.contracts import Channel, DkimKey, Message, Outcome

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
    def session(self) -> Iterator[Channel]:
        opened = _Open(get_connection(fail_silently=False))
        try:
            yield opened
        finally:
            opened.close()


class _Open:
    """One line to the server, opened with the first mail and again after it broke."""

    name: Final = "email"

    def __init__(self, connection: BaseEmailBackend) -> None:
        self._connection = connection

    def send(self, message: Message, *, key: str) -> Outcome:
        number = message_id(message, key)
        lines = (message.to, message.subject, message.sender.name, *message.headers.values())
        if any(sign in line for line in lines for sign in "\r\n"):
            return Outcome("refused", number, "a header holds a line break")
        to = ascii_address(message.to)
        if to is None or "@" not in to or any(sign in to for sign in " <>"):
            return Outcome("refused", number, "that is no mail address")
        try:
            self._connection.open()
            server = getattr(self._connection, "connection", None)
            if isinstance(server, smtplib.SMTP):
                # Django leaves the greeting to ``sendmail``, which is not what sends here.
                server.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as problem:
            self.close()
            return Outcome("refused", number, _words(problem), again=True)
        if isinstance(self._connection, EmailBackend):
            return self._by_smtp(message, number, to)
        return _by_service(self._connection, message, number)

    def _by_smtp(self, message: Message, number: str, to: str) -> Outcome:
        server = self._connection.connection  # type: ignore[attr-defined]
        try:
            mail = composed(message, number, to)
            if settings.JOREN_DKIM is not None:
                mail = signed(mail, DkimKey(*settings.JOREN_DKIM), message.sender.email)
            return Talk(server, number).send(message.sender.email, to, mail)
        except LineBroke as broke:
            self.close()
            return broke.outcome

    def close(self) -> None:
        try:
            self._connection.close()
        except (OSError, smtplib.SMTPException):
            return  # each message has its outcome already


def _by_service(connection: BaseEmailBackend, message: Message, number: str) -> Outcome:
    mail = _mail(message, number)
    try:
        count = connection.send_messages([mail])
    except AnymailRecipientsRefused:
        return Outcome("refused", number, "the service refuses the recipient")
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
