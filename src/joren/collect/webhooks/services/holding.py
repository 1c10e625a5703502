"""Bodies that wait, and what shops ask about somebody's data: tried again, given up, answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from joren.collect.webhooks import contracts, models, selectors
from joren.collect.webhooks.services.sealing import seal_open, seal_open_requests
from joren.core import clock
from joren.protect.audit import services as audit

HELD_FOR: Final = timedelta(days=90)
"""So long a body waits, and so long a webhook that comes again is known."""


def retry_held(number: int | None = None, *, actor: str) -> int:
    """Read one body again, or all that wait; returns how many."""
    rows = _held(number)
    done = rows.update(state="new", batch=None, reason="", of_order="")
    _told("webhooks.retried", number, actor, done)
    return done


def drop_held(number: int | None = None, *, actor: str) -> int:
    """Give one body up, or all that wait; returns how many. What they said goes."""
    done = _held(number).update(state="dropped", sealed="", body=b"")
    _told("webhooks.dropped", number, actor, done)
    return done


@transaction.atomic
def close_privacy_request(number: int, *, actor: str) -> contracts.PrivacyRequest:
    """It was answered: what was kept of the person goes; said again, nothing changes."""
    row = models.PrivacyRequest.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise contracts.NoSuchPrivacyRequest(
            f"no privacy request {number}", hint="joren webhooks privacy"
        )
    if row.closed_at is None:
        row.closed_at = clock.now()
        row.email = row.phone = row.sealed = ""
        row.save(update_fields=["closed_at", "email", "phone", "sealed"])
        audit.record(
            "webhooks.privacy_closed",
            actor=actor,
            subject_kind="privacy_request",
            subject_id=number,
        )
    return selectors.privacy_request(number)


def sweep() -> int:
    """Forget what waited for too long, and what is too old to come again; returns how many.

    What an older version left open is sealed.
    """
    seal_open()
    seal_open_requests()
    old = models.Delivery.objects.filter(received_at__lt=clock.now() - HELD_FOR)
    gone, _ = old.exclude(state__in=["new", "claimed"]).delete()
    return gone


def _held(number: int | None) -> QuerySet[models.Delivery]:
    rows = models.Delivery.objects.filter(state="waiting")
    if number is None:
        return rows
    if not (one := rows.filter(pk=number)).exists():
        raise contracts.NoSuchDelivery(
            f"nothing waits under {number}", hint="joren webhooks waiting"
        )
    return one


def _told(action: str, number: int | None, actor: str, bodies: int) -> None:
    audit.record(
        action,
        actor=actor,
        subject_kind="webhook_delivery",
        subject_id="" if number is None else number,
        bodies=bodies,
    )
