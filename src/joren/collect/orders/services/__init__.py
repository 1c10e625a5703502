"""What is done to facts: each verb prepares, promises, and then keeps its promise."""

from joren.collect.orders.services.compacting import Compacted, compact_facts
from joren.collect.orders.services.recovering import keep, recover
from joren.collect.orders.services.taking_back import take_back
from joren.collect.orders.services.taking_facts import (
    take_ad_spend,
    take_products,
    take_rates,
    take_refunds,
)
from joren.collect.orders.services.taking_orders import take_orders
from joren.collect.orders.services.taking_people import take_customers

__all__ = [
    "Compacted",
    "compact_facts",
    "keep",
    "recover",
    "take_ad_spend",
    "take_back",
    "take_customers",
    "take_orders",
    "take_products",
    "take_rates",
    "take_refunds",
]
