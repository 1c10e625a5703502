"""What is kept of contracts: two tables under the snapshot, and the report."""

from __future__ import annotations

from joren.understand.ltv.contracts import (
    CUSTOMER_SUBSCRIPTIONS,
    SUBSCRIPTIONS,
    SubscriptionReport,
)
from joren.understand.ltv.services.gathering import Gathered
from joren.understand.ltv.services.subscribing import reporting
from joren.understand.ltv.services.subscribing.composing import Composed
from joren.understand.ltv.services.subscribing.concluding import Subscribed


def keep(
    gathered: Gathered, subscribed: Subscribed | None, composed: Composed
) -> SubscriptionReport:
    """Write SUBSCRIPTIONS and CUSTOMER_SUBSCRIPTIONS under the snapshot; returns the report."""
    if subscribed is None:
        return reporting.nothing(gathered, composed)
    house, snapshot = gathered.warehouse, gathered.snapshot_id
    contracts = subscribed.contracts.order_by("customer_id", "store_id", "subscription_id", "run")
    house.snapshots.write(snapshot, SUBSCRIPTIONS, contracts, house.scratch)
    customers = subscribed.customers.order_by("customer_id")
    house.snapshots.write(snapshot, CUSTOMER_SUBSCRIPTIONS, customers, house.scratch)
    return reporting.report(gathered, subscribed, composed)
