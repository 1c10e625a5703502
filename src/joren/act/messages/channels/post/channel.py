"""Letters: each message is a row of the list that is printed next. Nothing leaves by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

from joren.act.messages.contracts import Message, Outcome
from joren.act.messages.models import Letter
from joren.act.messages.opening import Opened, closed
from joren.core import clock


@dataclass(frozen=True)
class Post:
    """``to`` is the name on the envelope. A key has one row, for as long as the list is kept."""

    name: str = "post"
    remembers: timedelta = timedelta(days=30)

    def send(self, message: Message, *, key: str) -> Outcome:
        number = f"letter-{sha256(key.encode()).hexdigest()[:32]}"
        lines = (message.to, message.subject, *message.headers.values())
        if any(sign in line for line in lines for sign in "\r\n"):
            return Outcome("refused", number, "a line of the envelope holds a line break")
        if not message.to.strip():
            return Outcome("refused", number, "there is no name for the envelope")
        (sealed,) = closed([number], [Opened(message.to[:200], message.subject, message.text)])
        row = Letter(key=number, at=clock.now(), customer_id=message.about, sealed=sealed)
        Letter.objects.bulk_create([row], ignore_conflicts=True)
        return Outcome("accepted", number)


CHANNEL: Final = Post()
