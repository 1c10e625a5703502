"""Whom messages are from, and whether any leaves."""

from __future__ import annotations

from django.conf import settings

from joren.act.messages import models
from joren.act.messages.contracts import Mode, Sender


def sender() -> Sender | None:
    """Whom messages are from; None until the shop says it."""
    row = models.Sender.objects.filter(pk=1).first()
    if row is None:
        return None
    return Sender(row.name, row.email, row.reply_to, row.postal_address)


def mode() -> Mode:
    """Messages leave once the shop has said whom they are from and the machine knows a server."""
    lacks = []
    if sender() is None:
        lacks.append("sender")
    if not settings.JOREN_SMTP:
        lacks.append("smtp")
    return Mode(not lacks, tuple(lacks))
