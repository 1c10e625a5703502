"""Notices as mail servers write them, in our own words."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

NOON = datetime(2026, 11, 28, 3, tzinfo=UTC)


def dsn(
    status: str = "5.1.1", *, to: str = "bounces@shop.example", number: str = "",
    action: str = "failed", diagnosis: str = "smtp; 550 5.1.1 User unknown", at: datetime = NOON,
    own: str = "dsn-1", recipient: str = "c1@shop.example",
) -> bytes:  # fmt: skip
    """A notice by RFC 3464."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: {format_datetime(at)}
Message-ID: <{own}@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

The mail could not be delivered to one recipient.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: {format_datetime(at)}

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: {diagnosis}

--b
Content-Type: text/rfc822-headers

From: hello@shop.example
To: {recipient}
Message-ID: {number}

--b--
""".replace("\n", "\r\n").encode()


def plain(
    text: str, *, to: str = "bounces@shop.example", sender: str = "MAILER-DAEMON@mx.example",
    charset: str = "utf-8", more: str = "", own: str = "plain-1",
) -> bytes:  # fmt: skip
    """A notice in prose, with whatever it quotes."""
    head = f"""From: {sender}
To: {to}
Subject: failure notice
Date: {format_datetime(NOON)}
Message-ID: <{own}@mx.example>
{more}Content-Type: text/plain; charset={charset}

"""
    return head.replace("\n", "\r\n").encode() + text.encode(charset)
