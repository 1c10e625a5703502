"""Carry what is due: one delivery to one worker, at least once, later and later while it fails.

A delivery is claimed for a while in a transaction of its own, then sent, then written down. A
worker that dies in between leaves it held until the claim runs out, and another sends it again: the
receiver may hear a message twice and knows it by its id.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from joren.act.deliveries import models, selectors
from joren.act.deliveries.contracts import GIVE_UP_AFTER, Answer, Shape
from joren.act.deliveries.rules import addresses, saying
from joren.act.deliveries.rules.retrying import wait_after
from joren.act.deliveries.services import chatting
from joren.act.deliveries.services.posting import post
from joren.core import clock
from joren.core.errors import JorenError
from joren.plumbing import outbox
from joren.plumbing.sealing import unseal

HELD: Final = timedelta(seconds=120)
"""Longer than any request may take."""

_GONE: Final = 410


@dataclass(frozen=True)
class Claimed:
    """A delivery that is this worker's for a while."""

    id: int
    receiver: int
    message: str
    body: str
    url: str
    secrets: tuple[str, ...]
    attempts: int
    shape: Shape = "signed"
    language: str = "ja"


def deliver_one() -> bool:
    """Carry the delivery that is due longest; False when none is."""
    now = clock.now()
    # Asked first without a lock, of which SQLite has one.
    claimed = claim(now=now) if _due(now).exists() else None
    if claimed is None:
        return False
    note(claimed, _sent(claimed), now=clock.now())
    return True


@transaction.atomic
def claim(*, now: datetime) -> Claimed | None:
    """Take the delivery that is due longest, so that nobody else takes it.

    A receiver is told one thing after another: one that is slow holds up nobody but itself.
    """
    row = _due(now).select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return None
    row.held_until, row.attempts = now + HELD, row.attempts + 1
    row.save(update_fields=["held_until", "attempts"])
    who = row.receiver
    sealed = [who.secret]
    if who.old_secret and who.old_until and who.old_until > now:
        sealed.append(who.old_secret)
    return Claimed(
        row.pk, who.pk, row.message.key, row.message.body, who.url, tuple(sealed), row.attempts,
        cast("Shape", who.shape), who.language,
    )  # fmt: skip


def _due(now: datetime) -> QuerySet[models.Delivery]:
    held = models.Delivery.objects.filter(receiver=OuterRef("receiver"), held_until__gt=now)
    due = (
        models.Delivery.objects.filter(
            Q(held_until=None) | Q(held_until__lte=now),
            state="waiting",
            next_at__lte=now,
            receiver__disabled_at=None,
        )
        .exclude(Exists(held))
        .order_by("next_at", "pk")
    )
    return due.filter(receiver__shape="signed") if selectors.paused() else due


def _sent(claimed: Claimed) -> Answer:
    try:
        if claimed.shape != "signed":
            return chatting.said(
                claimed.shape, claimed.url, unseal(claimed.secrets[0]), claimed.body,
                claimed.language,
            )  # fmt: skip
        place = addresses.place_of(claimed.url, settings.JOREN_WEBHOOK_HOSTS)
        headers = saying.headers_of(
            claimed.message,
            claimed.body,
            secrets=[unseal(one) for one in claimed.secrets],
            at=clock.now(),
        )
        return post(place, claimed.body.encode(), headers)
    except JorenError as refusal:
        return Answer(0, refusal.message)


@transaction.atomic
def note(claimed: Claimed, answer: Answer, *, now: datetime) -> None:
    """Write down how it went, and when it is tried again."""
    row = models.Delivery.objects.select_for_update().filter(pk=claimed.id).first()
    if row is None:
        return  # its endpoint was removed meanwhile
    row.code, row.error, row.held_until = answer.code, _kept(answer.error), None
    if answer.well:
        row.state, row.done_at = "done", now
    else:
        wait = wait_after(claimed.attempts, chance=random.random(), asked=answer.after)  # noqa: S311 (it spreads the waits, and is no secret)
        if wait is None:
            row.state = "failed"
        else:
            row.next_at = now + wait
    row.save()
    _judge(claimed.receiver, answer, now)


def _kept(error: str) -> str:
    """A receiver's words may hold anything, and PostgreSQL keeps no NUL."""
    return error.replace("\0", "")[:200]


def _judge(receiver: int, answer: Answer, now: datetime) -> None:
    """An endpoint that never answers well is not asked for ever."""
    row = models.Receiver.objects.select_for_update().get(pk=receiver)
    if answer.well:
        if row.failing_since is not None:
            row.failing_since = None
            row.save(update_fields=["failing_since"])
        return
    row.failing_since = row.failing_since or now
    why = ""
    if answer.code == _GONE:
        why = "it answered 410: it is gone"
    elif now - row.failing_since >= GIVE_UP_AFTER:
        why = f"it has failed since {row.failing_since:%Y-%m-%d %H:%M} UTC"
    if why and row.disabled_at is None:
        row.disabled_at, row.disabled_because = now, why
    row.save(update_fields=["failing_since", "disabled_at", "disabled_because"])
    if why:
        outbox.put("deliveries.endpoint_disabled", endpoint=row.pk)
