"""Questions about stores."""

from __future__ import annotations

from joren.collect.customers import contracts, models
from joren.core.ids import StoreId


def stores() -> list[contracts.Store]:
    """All stores, oldest first."""
    return [_store(row) for row in models.Store.objects.order_by("id")]


def store(store_id: StoreId) -> contracts.Store:
    """One store."""
    row = models.Store.objects.filter(pk=store_id).first()
    if row is None:
        raise contracts.NoSuchStore(f"no store {store_id}")
    return _store(row)


def _store(row: models.Store) -> contracts.Store:
    return contracts.Store(StoreId(row.pk), row.name, row.currency or None, row.default_tax_rate)
