"""Parts of a JSON body, each as what it should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from joren.collect.webhooks.contracts import Unreadable


def record(value: Any) -> Mapping[str, Any]:
    """The object, or an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def records(value: Any) -> Sequence[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: Any) -> str | None:
    """A text or a number as text; null where nothing is said."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value).strip().replace("\0", "") or None
    return None


def needed(said: Mapping[str, Any], name: str) -> str:
    if (found := text(said.get(name))) is None:
        raise Unreadable(f"it has no {name}")
    return found


def amount(value: Any) -> Decimal:
    """An amount of money; nothing where it is not said."""
    if value in (None, ""):
        return Decimal(0)
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise Unreadable(f"{str(value)[:40]!r} is no amount") from None


def moment(value: Any) -> int:
    """Microseconds since 1970 of an ISO text or of seconds; 0 where it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value * 1_000_000 if 0 < value < 10**11 else 0
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return 0
    return round((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1_000_000)
