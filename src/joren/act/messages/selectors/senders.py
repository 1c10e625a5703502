"""Whom messages are from, and whether any leaves."""

from __future__ import annotations

from django.conf import settings

from joren.act.messages import models
from joren.act.messages.channels import named
from joren.act.messages.contracts import Lacking, Mode, Sender


def sender() -> Sender | None:
    """Whom messages are from; None until the shop says it."""
    row = models.Sender.objects.filter(pk=1).first()
    if row is None:
        return None
    return Sender(row.name, row.email, row.reply_to, row.postal_address)


def staff_sender() -> Sender | None:
    """Whom mail to the shop's own people is from; None where none can leave."""
    leaves = not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")
    return sender() if leaves else None


def mode(channel: str = "email") -> Mode:
    """Messages leave once the shop has said whom they are from and the channel lacks nothing."""
    way = named(channel)
    lacks: tuple[str, ...] = () if sender() is not None else ("sender",)
    if isinstance(way, Lacking):
        lacks += way.lacks()
    return Mode(not lacks, lacks)
