"""How fresh the data is that a page stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Freshness:
    """The last day with an order, and when the insights were last rebuilt; None means never."""

    last_order: date | None
    refreshed_at: datetime | None
    as_of: date | None


def freshness() -> Freshness | None:
    """None as long as nothing has been imported."""
    return None
