"""Nothing leaves the house: what would have left can be read on a page. Also the tests' channel."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import formataddr
from hashlib import sha256
from typing import Final

from django.db import IntegrityError, transaction

from joren.act.messages.contracts import Message, Outcome
from joren.act.messages.models import KeptBack
from joren.act.messages.opening import Opened, closed
from joren.collect.customers import selectors as people
from joren.core import clock

KEPT: Final = 200
"""So many of the newest are kept."""


@dataclass(frozen=True)
class Sandbox:
    """Accepts what a mail server would, and refuses what it would."""

    name: str = "sandbox"

    def send(self, message: Message, *, key: str) -> Outcome:
        number = f"sandbox-{sha256(key.encode()).hexdigest()[:32]}"
        lines = (message.to, message.subject, message.sender.name, *message.headers.values())
        if any(sign in line for line in lines for sign in "\r\n"):
            return Outcome("refused", number, "a header holds a line break")
        if not message.to.strip():
            return Outcome("refused", number, "there is nobody to reach")
        try:
            with transaction.atomic():
                _keep(message, number)
        except IntegrityError:
            return Outcome("accepted", number)  # the same key: it was kept before
        return Outcome("accepted", number)


def _keep(message: Message, number: str) -> None:
    told = Opened(message.to, message.subject, message.text, message.html, dict(message.headers))
    row = KeptBack.objects.create(
        key=number,
        at=clock.now(),
        customer_id=message.about,
        recipient=people.hashed_email(message.to),
        sender=formataddr((message.sender.name, message.sender.email)),
        sealed=closed([number], [told])[0],
    )
    KeptBack.objects.filter(pk__lte=row.pk - KEPT).delete()


CHANNEL: Final = Sandbox()
