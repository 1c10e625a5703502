"""Return paths, and the notices that somebody must look at."""

from __future__ import annotations

import json

from django.conf import settings

from joren.act.messages import models
from joren.act.messages.contracts import ReturnedNotice
from joren.act.messages.rules import returning as rules
from joren.act.messages.selectors.tracking import secrets
from joren.collect.customers import selectors as people
from joren.plumbing.cursor import Slice, decode, encode


def return_path(send: int) -> str:
    """Where notices of that row of the ledger return to; "" is where its sender is."""
    pattern: str = settings.JOREN_RETURN_PATH
    return rules.return_path(_key_of(settings.SECRET_KEY), pattern, send) if pattern else ""


def rows_in(text: str) -> list[int]:
    """The rows of the ledger whose return paths stand in a text, by our own signature."""
    return rules.rows_in([_key_of(one) for one in secrets()], text)


def returned_count() -> int:
    """How many notices somebody must look at."""
    return models.Returned.objects.filter(state="unknown").count()


def returned(*, after: str = "", limit: int = 50) -> Slice[ReturnedNotice]:
    """Those, the newest first."""
    rows = models.Returned.objects.filter(state="unknown").order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=decode(after, size=1)[0])
    found = list(rows[: limit + 1])
    shown = found[:limit]
    texts = people.unseal_texts([row.key for row in shown], [row.sealed for row in shown])
    sends = models.Send.objects.in_bulk([row.send_id for row in shown if row.send_id])
    notices = tuple(
        ReturnedNotice(
            row.pk, row.at, row.received_at, row.kind, row.reason,
            sends[row.send_id].customer_id if row.send_id in sends else None, **json.loads(text),
        )
        for row, text in zip(shown, texts, strict=True)
    )  # fmt: skip
    return Slice(notices, encode(notices[-1].id) if len(found) > limit else "")


def _key_of(secret: str) -> bytes:
    """What return paths are signed with, of the installation's secret."""
    return b"joren.returned\0" + secret.encode()
