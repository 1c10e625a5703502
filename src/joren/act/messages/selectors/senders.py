"""Whom messages are from, and whether any leaves."""

from __future__ import annotations

from joren.act.messages import models
from joren.act.messages.channels import named
from joren.act.messages.contracts import Lacking, Mode, Sender


def sender() -> Sender | None:
    """Whom messages are from; None until the shop says it."""
    row = models.Sender.objects.filter(pk=1).first()
    if row is None:
        return None
    return Sender(row.name, row.email, row.reply_to, row.postal_address)


def mode(channel: str = "email") -> Mode:
    """Messages leave once the shop has said whom they are from and the channel lacks nothing."""
    way = named(channel)
    lacks: tuple[str, ...] = () if sender() is not None else ("sender",)
    if isinstance(way, Lacking):
        lacks += way.lacks()
    return Mode(not lacks, lacks)
