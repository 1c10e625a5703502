"""From an announcement to a row for each receiver that chose it, in the announcer's transaction."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from joren.act.deliveries import contracts, models, selectors
from joren.act.deliveries.contracts import DONE_KEPT, PING
from joren.act.deliveries.rules import saying
from joren.core import clock
from joren.protect.audit import services as audit


def hear(announcement: str, content: Mapping[str, Any]) -> None:
    """What an outbox calls: it stands or falls with the verb that announced it."""
    enabled = models.Receiver.objects.filter(disabled_at=None)
    told = [row for row in enabled if saying.fits(announcement, row.announcements)]
    if told:
        _put(announcement, content, told)


def ping(number: int) -> contracts.Delivery:
    """Tell one endpoint something without meaning, so that it can be tried."""
    row = models.Receiver.objects.filter(pk=number).first()
    if row is None:
        raise contracts.NoSuchReceiver(f"no endpoint {number}", hint="joren deliveries endpoints")
    if row.disabled_at:
        raise contracts.ReceiverDisabled(f"endpoint {number} is disabled", hint="enable it first")
    return selectors.delivery(_put(PING, {}, [row]))


@transaction.atomic
def redeliver(number: int, *, by: str) -> contracts.Delivery:
    """Send it once more from the beginning; the receiver knows it by its id."""
    row = models.Delivery.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise contracts.NoSuchMessage(f"no delivery {number}", hint="joren deliveries list")
    row.state, row.attempts, row.next_at, row.held_until = "waiting", 0, clock.now(), None
    row.save(update_fields=["state", "attempts", "next_at", "held_until"])
    audit.record("deliveries.sent_again", actor=by, subject_kind="delivery", subject_id=number)
    return selectors.delivery(number)


def sweep() -> int:
    """Forget what arrived long ago, or never did; returns how many messages."""
    old = models.Message.objects.filter(made_at__lt=clock.now() - DONE_KEPT)
    gone, _ = old.exclude(delivery__state="waiting").delete()
    return gone


@transaction.atomic
def _put(type: str, content: Mapping[str, Any], told: Sequence[models.Receiver]) -> int:
    now = clock.now()
    message = models.Message.objects.create(
        key=f"msg_{secrets.token_urlsafe(18)}",
        type=type,
        body=saying.body_of(type, content, at=now),
        made_at=now,
    )
    rows = models.Delivery.objects.bulk_create(
        models.Delivery(message=message, receiver=row, next_at=now) for row in told
    )
    return int(rows[0].pk)
