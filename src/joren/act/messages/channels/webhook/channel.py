"""A message as a signed request (Standard Webhooks) to the address that carries it on.

The request's ``webhook-id`` is the same for the same message: the other side keeps the ids of a day
and carries a repeat no second time. 409 says that it has it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, timedelta
from hashlib import sha256
from typing import Final

from django.conf import settings

from joren.act.deliveries import services as deliveries
from joren.act.messages.contracts import Message, Outcome
from joren.core import clock
from joren.core.errors import JorenError

_TAKEN_BEFORE: Final = 409
_LATER: Final = (401, 403, 404, 408, 425, 429)


@dataclass(frozen=True)
class ByWebhook:
    """``setting`` names the pair of address and secret."""

    name: str
    setting: str
    remembers: timedelta = timedelta(hours=23)

    def lacks(self) -> tuple[str, ...]:
        return () if getattr(settings, self.setting)[0] else (self.name,)

    def send(self, message: Message, *, key: str) -> Outcome:
        number = f"msg_{sha256(key.encode()).hexdigest()[:32]}"
        lines = (message.to, message.subject, *message.headers.values())
        if any(sign in line for line in lines for sign in "\r\n"):
            return Outcome("refused", number, "a header holds a line break")
        if not message.to.strip():
            return Outcome("refused", number, "there is nobody to reach")
        address, secret = getattr(settings, self.setting)
        try:
            answer = deliveries.ask(address, number=number, body=self._body(message), secret=secret)
        except (JorenError, ValueError) as refusal:
            return Outcome("refused", number, str(refusal)[:200], again=True)
        if answer.well or answer.code == _TAKEN_BEFORE:
            return Outcome("accepted", number)
        if answer.code == 0 or answer.code >= 500:
            return Outcome("unknown", number, f"answered {answer.code or 'nothing'}", again=True)
        return Outcome("refused", number, f"answered {answer.code}", answer.code in _LATER)

    def _body(self, message: Message) -> str:
        data = {
            "channel": self.name,
            "to": message.to,
            "customer": message.about,
            "sender": message.sender.name,
            "subject": message.subject,
            "text": message.text,
            "html": message.html,
            "headers": dict(message.headers),
        }
        at = clock.now().astimezone(UTC).isoformat()
        said = {"type": "message.send", "timestamp": at, "data": data}
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


SMS: Final = ByWebhook("sms", "JOREN_SMS")
PUSH: Final = ByWebhook("push", "JOREN_PUSH")
