"""Questions about webhooks: where others send, what came, what waits, what is asked of us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from django.db.models import Count, Max, Q

from joren.collect.webhooks import contracts, models
from joren.collect.webhooks.contracts import PRIVACY_DAYS, Kind, Privacy, Provider, State
from joren.collect.webhooks.opening import contacts_of, sample_of


def endpoints() -> tuple[contracts.Endpoint, ...]:
    """All of them, those that take nothing any more last."""
    rows = models.Endpoint.objects.order_by("pk")
    return tuple(_endpoint(row) for row in sorted(rows, key=lambda row: bool(row.disabled_at)))


def endpoint(number: int) -> contracts.Endpoint:
    row = models.Endpoint.objects.filter(pk=number).first()
    if row is None:
        raise contracts.NoSuchEndpoint(f"no webhook {number}", hint="joren webhooks list")
    return _endpoint(row)


def arrivals() -> dict[int, contracts.Arrivals]:
    """What came to each."""
    counted = models.Delivery.objects.values("endpoint_id").annotate(
        received=Count("pk"),
        done=Count("pk", filter=Q(state="done")),
        ignored=Count("pk", filter=Q(state="ignored")),
        waiting=Count("pk", filter=Q(state="waiting")),
        last_seen=Max("received_at"),
    )
    found = {row["endpoint_id"]: row for row in counted}
    return {row.pk: _arrivals(row, found.get(row.pk, {})) for row in models.Endpoint.objects.all()}


def _arrivals(row: models.Endpoint, counted: Mapping[str, Any]) -> contracts.Arrivals:
    counts = {name: counted[name] for name in counted if name != "endpoint_id"}
    return contracts.Arrivals(refused=row.refused, last_refusal=row.last_refusal, **counts)


def held(
    *, state: State = "waiting", before: int = 0, limit: int = 50
) -> tuple[contracts.Held, ...]:
    """Bodies in that state, the newest first, below a number where one is given."""
    rows = models.Delivery.objects.filter(state=state).order_by("-pk")
    if before:
        rows = rows.filter(pk__lt=before)
    return tuple(
        contracts.Held(
            row.pk,
            row.endpoint_id,
            row.topic,
            row.reason,
            row.received_at,
            cast("State", row.state),
        )
        for row in rows[:limit]
    )


def held_count() -> int:
    """How many bodies wait for somebody to look at them."""
    return models.Delivery.objects.filter(state="waiting").count()


def pending_count() -> int:
    """How many are still to be read."""
    return models.Delivery.objects.filter(state__in=["new", "claimed"]).count()


def privacy_requests(*, open_only: bool = True) -> tuple[contracts.PrivacyRequest, ...]:
    """What shops ask about somebody's data, the oldest first."""
    rows = models.PrivacyRequest.objects.order_by("asked_at", "pk")
    if open_only:
        rows = rows.filter(closed_at=None)
    every = list(rows)
    return tuple(map(_privacy, every, contacts_of(every)))


def privacy_request(number: int) -> contracts.PrivacyRequest:
    row = models.PrivacyRequest.objects.filter(pk=number).first()
    if row is None:
        raise contracts.NoSuchPrivacyRequest(
            f"no privacy request {number}", hint="joren webhooks privacy"
        )
    (contacts,) = contacts_of([row])
    return _privacy(row, contacts)


def _endpoint(row: models.Endpoint) -> contracts.Endpoint:
    return contracts.Endpoint(
        id=row.pk,
        name=row.name,
        provider=cast("Provider", row.provider),
        store=row.store,
        kind=cast("Kind", row.kind),
        address=f"/hooks/{row.token}",
        mapping=row.mapping,
        sample=sample_of(row),
        old_secret=bool(row.old_secret),
        made_at=row.made_at,
        disabled_at=row.disabled_at,
        uninstalled_at=row.uninstalled_at,
    )


def _privacy(row: models.PrivacyRequest, contacts: tuple[str, str]) -> contracts.PrivacyRequest:
    email, phone = contacts
    return contracts.PrivacyRequest(
        id=row.pk,
        kind=cast("Privacy", row.kind),
        store=row.store,
        customer_number=row.customer_number,
        email=email,
        phone=phone,
        orders=tuple(row.orders),
        asked_at=row.asked_at,
        due_at=row.asked_at + timedelta(days=PRIVACY_DAYS),
        closed_at=row.closed_at,
    )
