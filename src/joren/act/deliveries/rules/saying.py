"""What a receiver is told: a small JSON document, signed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from standardwebhooks import Webhook

from joren.act.deliveries.contracts import LARGEST_BODY

_OURS: Final = frozenset({"by"})  # who did it: a member's name is nobody else's matter


def body_of(type: str, content: Mapping[str, Any], *, at: datetime) -> str:
    """``{type, timestamp, data}``, less than 20 KB: what is more, is asked for by the API."""
    data = {name: value for name, value in content.items() if name not in _OURS}
    said = {"type": type, "timestamp": at.astimezone(UTC).isoformat(), "data": data}
    text = json.dumps(said, ensure_ascii=False, default=str, separators=(",", ":"))
    if len(text.encode()) < LARGEST_BODY:
        return text
    return json.dumps({**said, "data": {"left_out": "larger than 20 KB"}}, separators=(",", ":"))


def headers_of(message: str, body: str, *, secrets: Sequence[str], at: datetime) -> dict[str, str]:
    """Signed under each secret, so that a receiver may change to the new one when it likes."""
    moment = at.astimezone(UTC).replace(microsecond=0)
    return {
        "Content-Type": "application/json",
        "User-Agent": "joren",
        "webhook-id": message,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(
            Webhook(secret).sign(message, moment, body) for secret in secrets
        ),
    }


def fits(type: str, wanted: Sequence[str]) -> bool:
    """Is it among those that were chosen, by its name or as ``connectors.*``?"""
    return any(type == one or (one.endswith("*") and type.startswith(one[:-1])) for one in wanted)
