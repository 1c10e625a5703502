"""Questions about sources and what came from them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from joren.collect.inbox import contracts, models
from joren.collect.inbox.rules.properties import STANDARD
from joren.core.ids import StoreId

UNKNOWN_KEYS = 0
"""The number under which requests are counted whose key nobody knows."""


def sources() -> tuple[contracts.Source, ...]:
    """All of them, newest first, those that were revoked last."""
    rows = sorted(models.WriteKey.objects.order_by("-pk"), key=lambda row: bool(row.revoked_at))
    return tuple(_source(row) for row in rows)


def source(source_id: int) -> contracts.Source:
    row = models.WriteKey.objects.filter(pk=source_id).first()
    if row is None:
        raise contracts.NoSuchSource(f"no source {source_id}", hint="joren source list")
    return _source(row)


def own_properties() -> tuple[str, ...]:
    """What this shop lets into the warehouse beside the properties of e-commerce V2."""
    return tuple(models.AllowedProperty.objects.order_by("pk").values_list("pk", flat=True))


def allowed_properties() -> frozenset[str]:
    """Every property that may enter the warehouse."""
    return STANDARD | frozenset(own_properties())


def unread(*, before: int = 0, limit: int) -> tuple[contracts.Unread, ...]:
    """Messages that nobody could read, newest first, below a number where one is given; without
    what they say."""
    rows = models.UnreadMessage.objects.order_by("-pk").defer("message")
    if before:
        rows = rows.filter(pk__lt=before)
    return tuple(
        contracts.Unread(row.pk, row.key_id, row.reason, _moment(row.received_at))
        for row in rows[:limit]
    )


def unread_count() -> int:
    return models.UnreadMessage.objects.count()


def traffic() -> dict[int, contracts.Traffic]:
    """What came from each source that ever sent, by its number."""
    return {row.pk: _traffic(row) for row in models.Tally.objects.all()}


def _source(row: models.WriteKey) -> contracts.Source:
    return contracts.Source(
        row.pk,
        row.name,
        cast("contracts.Kind", row.kind),
        StoreId(row.store_id),
        cast("contracts.UserIds", row.user_ids),
        row.prefix,
        row.public_key,
        row.limit,
        row.made_at,
        row.revoked_at,
    )


def _traffic(row: models.Tally) -> contracts.Traffic:
    return contracts.Traffic(
        received=row.received,
        kept=row.kept,
        repeated=row.repeated,
        unreadable=row.unreadable,
        refused=row.refused,
        last_seen=_moment(row.last_seen_at),
        last_refusal=row.last_refusal,
        last_refused_at=_moment(row.last_refused_at),
    )


def _moment(microseconds: int) -> datetime | None:
    if not microseconds:
        return None
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)
