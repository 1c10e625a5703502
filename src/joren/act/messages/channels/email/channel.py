"""Mail by Django's backend, with the headers of RFC 8058 where the message brings them.

SMTP knows no idempotency: what is sent twice arrives twice. So both carry one Message-ID, by which
mailboxes fold them into one, and whoever calls sends nothing again whose outcome is unknown.
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.utils import formataddr
from hashlib import sha256
from typing import Final

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from joren.act.messages.contracts import Message, Outcome

_FOR_GOOD: Final = 500
"""From here on a server's answer is final (RFC 5321); below, it may take the message later."""


@dataclass(frozen=True)
class Email:
    """The mail server of the settings."""

    name: str = "email"

    def send(self, message: Message, *, key: str) -> Outcome:
        number = _message_id(message, key)
        lines = (message.to, message.subject, message.sender.name, *message.headers.values())
        if any(sign in line for line in lines for sign in "\r\n"):
            return Outcome("refused", number, "a header holds a line break")
        if "@" not in message.to:
            return Outcome("refused", number, "that is no mail address")
        connection = get_connection(fail_silently=False)
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as problem:
            return Outcome("refused", number, _words(problem), again=True)
        try:
            return _sent(connection, message, number)
        finally:
            _close(connection)


def _sent(connection: BaseEmailBackend, message: Message, number: str) -> Outcome:
    try:
        count = connection.send_messages([_mail(message, number)])
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        return Outcome("refused", number, f"recipient refused: {codes}", min(codes) < _FOR_GOOD)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
        reason = f"{type(refused).__name__}: {refused.smtp_code}"
        return Outcome("refused", number, reason, refused.smtp_code < _FOR_GOOD)
    except (OSError, smtplib.SMTPException) as problem:
        # The line broke: perhaps before the server had it all, perhaps after.
        return Outcome("unknown", number, _words(problem))
    if not count:
        return Outcome("refused", number, "the backend took no message")
    return Outcome("accepted", number)


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
    if message.html is not None:
        mail.attach_alternative(message.html, "text/html")
    return mail


def _message_id(message: Message, key: str) -> str:
    domain = message.sender.email.rpartition("@")[2] or "joren.invalid"
    return f"<{sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def _words(problem: Exception) -> str:
    """Never with an address in it: what a server says back may name the person."""
    code = getattr(problem, "smtp_code", "")
    return f"{type(problem).__name__} {code}".strip()


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return  # the message has its outcome already


CHANNEL: Final = Email()
