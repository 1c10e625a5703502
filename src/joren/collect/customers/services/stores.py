"""Stores appear when something is imported from them."""

from __future__ import annotations

from typing import Final

from joren.collect.customers import contracts, models
from joren.core.ids import StoreId

STANDARD_TAX: Final = {"JPY": 1000}
"""Basis points: the rate of a store's prices that contain the tax, until it says another."""


def store_named(name: str, *, currency: str | None = None) -> contracts.Store:
    """The store of that name, made if there is none; a currency is kept when none was known."""
    row, _ = models.Store.objects.get_or_create(
        name=name,
        defaults={
            "currency": currency or "",
            "default_tax_rate": STANDARD_TAX.get(currency or "JPY"),
        },
    )
    if currency and not row.currency:
        row.currency = currency
        row.default_tax_rate = STANDARD_TAX.get(currency)
        row.save(update_fields=["currency", "default_tax_rate"])
    return contracts.Store(StoreId(row.pk), row.name, row.currency or None, row.default_tax_rate)
