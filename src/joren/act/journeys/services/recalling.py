"""The step of a refresh that keeps the words of journeys, so that segments can ask for them."""

from __future__ import annotations

from joren.act.journeys import selectors
from joren.act.journeys.contracts import CUSTOMER_ATTRIBUTES
from joren.understand.ltv.services import Refresh


def keep_attributes(refresh: Refresh) -> None:
    """Write CUSTOMER_ATTRIBUTES of the snapshot, as the words are now."""
    house = refresh.warehouse
    table = refresh.holding.take(selectors.every_word())
    house.snapshots.write(refresh.snapshot_id, CUSTOMER_ATTRIBUTES, table, house.scratch)
