"""What a mail server says of a mail that it could not deliver: RFC 3464, or plain text.

The parser is the standard library's. What it says of itself in fields counts before its prose, and
prose only where it names a code or says that nobody is there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.utils import parseaddr, parsedate_to_datetime
from typing import Final, Literal

Kind = Literal["bounced", "deferred", "delivered", "automatic", ""]
"""anymail's words; ``automatic`` is an answer of a program, "" is none of these as far as one can
tell."""

_ACTIONS: Final[Mapping[str, Kind]] = {
    "failed": "bounced",
    "delayed": "deferred",
    "delivered": "delivered",
    "relayed": "delivered",
    "expanded": "delivered",
}
_FIELD: Final = re.compile(
    r"(?im)^(action|status|diagnostic-code|final-recipient|original-recipient)[ \t]*:[ \t]*"
    r"(.*(?:\r?\n[ \t]+.+)*)"
)
_STATUS: Final = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_IN_PROSE: Final = re.compile(
    r"(?i)(?:\b[45]\d\d[ -]|#|\bstatus[:=] ?|\bdsn[:=] ?)\s*([45]\.\d{1,3}\.\d{1,3})(?![\d.])"
)
_REPLY: Final = re.compile(r"(?<![\d.-])(421|45[0-2]|55[0-4])( |-(?=\d\.\d))(?![KMGk]?i?B\b)")
_NOT_SAID: Final = ("552", "554")
"""Replies that say of themselves nothing of the address: too much, and no."""
_NOBODY: Final = re.compile(
    r"(?i)(user|mailbox|recipient|account|address)\b.{0,40}?"
    r"(unknown|not found|does(n't| not) exist|no longer (valid|in use)|disabled|unavailable)|"
    r"(unknown|no such) (user|mailbox|recipient|address)|"
    r"(宛先|メールアドレス|ユーザー?|受信者).{0,30}?(存在しません|見つかりません|不明|ありません)"
)
_NOT_LIKED: Final = re.compile(
    r"(?i)spam|block(ed|list)|blacklist|policy|reputation|dmarc|迷惑|受信拒否|拒否"
)
_COPY: Final = re.compile(
    r"(?im)^[-=> \t]*(below this line is a copy|this is a copy of|original message|"
    r"returned message|元のメッセージ|送信されたメッセージ).*"
)
_NUMBER: Final = re.compile(r"<[0-9a-f]{32}@[^\s<>\x00]{1,253}>")
_NOT_THE_MAILBOX: Final = frozenset(((2, 2), (2, 3)))
_NO_HOST: Final = (4, 4)
_OF_OTHERS: Final = frozenset((3, 4, 6))
_LONGEST: Final = 4_000


@dataclass(frozen=True)
class Notice:
    """A mail that came back. ``key`` is the same however often it is told.

    ``numbers`` are what may be Message-IDs of ours in it, and ``text`` is all of it in which a
    return path may stand. ``at`` is None where it does not say when it was written.
    """

    key: str
    kind: Kind
    reason: str = ""
    at: datetime | None = None
    numbers: tuple[str, ...] = ()
    recipient: str = ""
    sender: str = ""
    subject: str = ""
    said: str = ""
    text: str = field(default="", repr=False)


def notice(raw: bytes) -> Notice:
    """Read a mail as it came, with or without a mailbox's "From " line."""
    mail = message_from_bytes(raw)
    prose, fields = _prose(mail), _fields(mail)
    kind, reason = _judged(mail, fields, prose)
    whole = raw.decode("ascii", "replace")
    number = _head(mail, "Message-ID").strip()
    said = [number] if number else [_head(mail, "Date"), _head(mail, "From"), prose, str(fields)]
    return Notice(
        key=hashlib.sha256("\0".join(said).encode()).hexdigest(),
        kind=kind,
        reason=reason,
        at=_moment(_head(mail, "Date")),
        numbers=tuple(one for one in dict.fromkeys(_NUMBER.findall(whole)) if one != number),
        recipient=_recipient(mail, fields).lower(),
        sender=_head(mail, "From")[:300],
        subject=_head(mail, "Subject")[:300],
        said=prose[:_LONGEST],
        text=whole,
    )


def reason_of(status: tuple[int, int, int], said: str) -> str:
    """What a final answer is about, in anymail's words: ``invalid`` is the address alone.

    A full mailbox, a mail that is too large, a host that does not answer and whatever the other
    side does not like of the shop say nothing of the address, though their codes are final.
    """
    kind, subject, detail = status
    if kind == 4:
        return "timed_out"
    if subject == 7 or (subject in (0, 5) and _NOT_LIKED.search(said)):
        return "blocked"
    if (subject, detail) == _NO_HOST or _NOBODY.search(said):
        return "invalid"
    if (subject, detail) in _NOT_THE_MAILBOX or subject in _OF_OTHERS:
        return "other"
    reply = _REPLY.search(said) if subject == 0 else None
    return "other" if reply and reply[1] in _NOT_SAID else "invalid"


def _judged(mail: Mail, fields: Mapping[str, str], prose: str) -> tuple[Kind, str]:
    if fields:
        found = _STATUS.search(fields.get("status", ""))
        status = _three(found[0]) if found else None
        kind = _ACTIONS.get(fields.get("action", "").strip().lower(), "")
        if not kind and status:
            kind = "delivered" if status[0] == 2 else "bounced" if status[0] == 5 else ""
        if kind != "bounced":
            return kind, ""
        # What was refused says more than the prose around it.
        said = fields.get("diagnostic-code", "") or prose
        return kind, reason_of(status or (5, 0, 0), said)
    if not _names_a_server(mail):
        # An answer that somebody is away leaves for nobody too (RFC 3834, section 3.3).
        if _automatic(mail):
            return "automatic", ""
        if _head(mail, "Return-Path").strip() != "<>":
            return "", ""
    told = _COPY.split(prose[:_LONGEST], maxsplit=1)[0]
    if found := _IN_PROSE.search(told):
        return "bounced", reason_of(_three(found[1]), told)
    if found := _REPLY.search(told):
        return "bounced", reason_of((int(found[1][0]), 0, 0), told)
    return ("bounced", "invalid") if _NOBODY.search(told) else ("", "")


def _three(text: str) -> tuple[int, int, int]:
    one, two, three = (int(part) for part in text.split("."))
    return one, two, three


def _fields(mail: Mail) -> dict[str, str]:
    """Of the first recipient: a mail of ours has one."""
    found: dict[str, str] = {}
    for part in mail.walk():
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            # Blocks of header lines, which the parser keeps as mails of their own.
            text = part.as_string().partition("\n\n")[2]
            for name, value in _FIELD.findall(text):
                found.setdefault(name.lower(), " ".join(value.split()))
    return found


def _recipient(mail: Mail, fields: Mapping[str, str]) -> str:
    """The address that it names; "" where it names none."""
    for name in ("original-recipient", "final-recipient"):
        if found := parseaddr(fields.get(name, "").rpartition(";")[2])[1]:
            return found
    return _head(mail, "X-Failed-Recipients").partition(",")[0].strip()


def _names_a_server(mail: Mail) -> bool:
    sender = parseaddr(_head(mail, "From"))[1].lower()
    return (
        mail.get_content_type() == "multipart/report"
        or sender.partition("@")[0] in ("mailer-daemon", "postmaster", "mail-daemon")
        or bool(_head(mail, "X-Failed-Recipients"))
    )


def _automatic(mail: Mail) -> bool:
    """An answer of a program, such as that somebody is away (RFC 3834)."""
    said = _head(mail, "Auto-Submitted").strip().lower()
    return (said not in ("", "no")) or any(
        _head(mail, name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")
    )


def _prose(mail: Mail) -> str:
    """What is written for people, without the mail that it is about."""
    return "\n".join(_texts(mail))


def _texts(mail: Mail) -> Iterator[str]:
    if mail.get_content_maintype() == "message":
        return
    if mail.is_multipart():
        for part in mail.get_payload():
            if isinstance(part, Mail):
                yield from _texts(part)
    elif mail.get_content_type() == "text/plain":
        body = mail.get_payload(decode=True)
        if isinstance(body, bytes):
            yield _decoded(body, mail.get_content_charset() or "utf-8")


def _decoded(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return body.decode("utf-8", "replace")


def _head(mail: Mail, name: str) -> str:
    value = mail.get(name)
    if value is None:
        return ""
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, UnicodeDecodeError, ValueError):
        return str(value)


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
