"""What is told of messages as events: whose, of what, and never with a word of the message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

_NAMES: Final[Mapping[str, str]] = {
    "sent": "Sent",
    "opened": "Opened",
    "clicked": "Link Clicked",
    "hard_bounce": "Bounced",
    "soft_bounce": "Bounced",
    "complaint": "Marked as Spam",
}
UNSUBSCRIBED: Final = "Unsubscribed"


@dataclass(frozen=True)
class Fact:
    """Something that became of a message; ``what`` is ``sent``, ``opened``, ``clicked`` or what a
    bounce comes to. ``key`` is the same however often it is told."""

    key: str
    what: str
    at: datetime
    channel: str
    kind: str
    source: str
    source_id: int
    url: str = ""


def name_of(what: str, channel: str) -> str:
    """As the conventions of e-mail events call it; "" where nobody is told."""
    if what == "unsubscribed":
        return UNSUBSCRIBED
    said = _NAMES.get(what, "")
    return f"{'Email' if channel == 'email' else 'Message'} {said}" if said else ""


def message_of(fact: Fact, *, identity: int) -> dict[str, Any] | None:
    """For the inbox; None where it is not told.

    The number of an identity says whose it is, so that no address is written down for it, and who
    has LINE or a telephone alone has facts too. A telephone would not find them: it is shared in
    families, and alone it would be somebody new.
    """
    name = name_of(fact.what, fact.channel)
    if not name:
        return None
    url = {"url": fact.url} if fact.url else {}
    return {
        "type": "track",
        "messageId": f"joren:{fact.key}",
        "event": name,
        "timestamp": fact.at.isoformat(),
        "context": {
            "joren": {"identity": identity},
            "campaign": {
                "source": fact.source, "medium": fact.channel, "name": str(fact.source_id),
            },
        },
        "properties": {"category": fact.kind, **url},
    }  # fmt: skip
