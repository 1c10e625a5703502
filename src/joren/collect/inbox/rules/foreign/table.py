"""A row of any table of events, whose columns are named or chosen."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from joren.collect.inbox.contracts import BadEvents, Unreadable
from joren.collect.inbox.rules.properties import STANDARD
from joren.core.clock import written_moment

_WORDS: Final = {
    "event": "event event_name eventname action イベント イベント名",
    "timestamp": "timestamp time date datetime occurred_at event_time created_at 日時 日付",
    "user_id": "user_id userid customer_id customer_number 会員番号 顧客番号 顧客id",
    "anonymous_id": "anonymous_id anonymousid visitor_id client_id cookie_id device_id 訪問者id",
    "email": "email e-mail mail メールアドレス",
    "message_id": "message_id messageid event_id id",
    "type": "type",
    "path": "path page url page_url ページ",
}
FIELDS: Final = tuple(_WORDS)
_NAMING: Final = ("message_id", "type", "event", "timestamp", "user_id", "anonymous_id", "email")
_ALSO: Final = {"order_id": "order_number 注文番号", "value": "amount 金額", "quantity": "数量"}


def columns_of(header: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Which column is which: those that were chosen, and those whose names say so."""
    for wanted, name in chosen.items():
        if name not in header:
            raise BadEvents(
                f"{wanted} is read from {name!r}, and the file has no such column",
                hint=f"it has: {', '.join(header)}"[:500],
            )
    by_name = {_plain(column): column for column in reversed(header)}
    found = dict(chosen)
    words: dict[str, str] = {**_WORDS, **{name: name for name in sorted(STANDARD)}}
    for known, more in _ALSO.items():
        words[known] = f"{words[known]} {more}"
    for field, names in words.items():
        column = next((by_name[_plain(n)] for n in names.split() if _plain(n) in by_name), None)
        if column is not None and field not in found and column not in found.values():
            found[field] = column
    for needed in ("event", "timestamp"):
        if needed not in found and not (needed == "event" and "type" in found):
            raise BadEvents(
                f"no column says the {needed}; the header is: {', '.join(header)}"[:500],
                hint=f"say which is which: --column {needed}=NAME, or columns of the API",
            )
    return found


def message_of(
    row: Mapping[str, Any], columns: Mapping[str, str], zone: ZoneInfo
) -> dict[str, Any]:
    """The message of that row; without an id of its own it is known by what it says.

    Raises ``Unreadable`` with the reason.
    """
    said = {field: _text(row.get(column)) for field, column in columns.items()}
    email, path = said.get("email"), said.get("path")
    return {
        "type": said.get("type") or "track",
        "event": said.get("event"),
        "messageId": _known_by(said, columns.get("message_id", "")),
        "timestamp": _moment(said.get("timestamp"), zone),
        "userId": said.get("user_id"),
        "anonymousId": said.get("anonymous_id"),
        "context": {
            "traits": {"email": email} if email else {},
            "page": {"path": path} if path else {},
        },
        "properties": {
            name: value for name, value in said.items() if name not in _WORDS and value is not None
        },
    }


def _known_by(said: Mapping[str, str | None], column: str) -> str:
    """An id that the row has whenever its file is read.

    Ids of messages are the protocol's, of which no two are alike. What a table numbers as it likes
    (1, 2, 3 …) names a row only together with what happened, when and to whom: another table has
    the same numbers.
    """
    given = said.get("message_id")
    if given and _plain(column) == "messageid":
        return given
    parts = _NAMING if given else sorted(said)
    text = "\x1f".join(f"{name}={said.get(name)}" for name in parts)
    return f"row:{hashlib.blake2b(text.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"


def _moment(text: str | None, zone: ZoneInfo) -> str:
    """A moment that names no zone is one of the shop's clock."""
    found = None if text is None else written_moment(text, zone)
    if found is None:
        raise Unreadable("its timestamp is no moment")
    return found.isoformat()


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).strip() or None


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-]+", "", name).casefold()
