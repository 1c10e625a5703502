"""The tables of this room.

Money is in minor units of the snapshot's currency; days are shop days; null is "not yet known".
"""

from __future__ import annotations

from typing import Final

from joren.core.tables import TableSpec

PURCHASES: Final = TableSpec(
    "purchases",  # held during a refresh, never stored
    {
        "order_id": "int64",
        "customer_id": "int64",
        "store_id": "int64",
        "ordered_on": "date",
        "nth": "int64",  # 1 is the customer's first purchase (by time, then order id)
        "revenue": "int64",  # of the order, less its refunds up to the as-of day
        "refunds": "int64",
        "goods_cost": "int64",  # null: not known
        "shipping_borne": "int64",
        "payment_fee": "int64",
        "profit": "int64",  # null unless the cost of goods is known
        "main_sku": "string",
        "main_category": "string",
        "source": "string",
        "medium": "string",
        "subscription": "boolean",
        "subscription_id": "string",
        "subscription_number": "int64",  # 定期回数
    },
)

MESSAGE_COSTS: Final = TableSpec(
    "message_costs",  # taken in during a refresh, never stored
    {
        "customer_id": "int64",
        "sent_on": "date",
        "messages": "int64",
        "known": "int64",  # how many of them have a known cost
        "cost": "int64",  # of those
    },
)

CUSTOMER_VALUES: Final = TableSpec(
    "customer_values",
    {
        "customer_id": "int64",
        "first_on": "date",
        "last_on": "date",
        "orders": "int64",
        "frequency": "int64",  # repeat purchases: shop days with a purchase, less one
        "recency": "int64",  # days from first to last purchase
        "T": "int64",  # days from first purchase to the as-of day
        "monetary_value": "float64",  # mean revenue of repeat days above zero; null without
        "revenue_past": "int64",
        "refunds": "int64",
        "goods_cost": "int64",
        "shipping_borne": "int64",
        "payment_fee": "int64",
        "message_cost": "int64",  # null: of no message of theirs it is known
        "goods_cost_known": "int64",  # of how many orders; snapshots from before have null
        "shipping_borne_known": "int64",
        "payment_fee_known": "int64",
        "profit_past": "int64",
        "p_alive": "float64",
        "expected_orders_365d": "float64",
        "expected_spend": "float64",  # per order
        "revenue_365d": "float64",
        "margin": "float64",  # profit over revenue, shrunk to the shop's
        "profit_365d": "float64",
        "contract_orders_365d": "float64",  # the contracts' part; null: told by one model
        "contract_revenue_365d": "float64",
        "first_store_id": "int64",
        "first_sku": "string",
        "first_category": "string",
        "first_source": "string",
        "first_medium": "string",
        "subscriber": "boolean",
    },
    snapshot=True,
)

SUBSCRIPTIONS: Final = TableSpec(
    "subscriptions",  # one row per run of deliveries: a contract that began anew has several
    {
        "customer_id": "int64",
        "store_id": "int64",
        "subscription_id": "string",
        "run": "int64",  # 1 is the contract's first
        "status": "string",  # active, late, paused, ended
        "first_on": "date",
        "last_on": "date",  # of its deliveries
        "ended_on": "date",  # as the source said, else when the renewal was due that did not come
        "deliveries": "int64",  # days with one
        "number": "int64",  # 定期回数 of the last delivery
        "interval_days": "int64",  # usual days between deliveries
        "silent_days": "int64",  # since the last one
        "revenue": "int64",
        "next_on": "date",  # null unless it is active, late or paused, as all that follows
        "p_cancel": "float64",  # before the next delivery
        "renewals_365d": "float64",
        "renewals_5y": "float64",
        "lifetime_days": "float64",  # from now to the last delivery, within 5 years
        "revenue_365d": "float64",
        "profit_365d": "float64",  # null unless the customer's margin is known
    },
    snapshot=True,
)

CUSTOMER_SUBSCRIPTIONS: Final = TableSpec(
    "customer_subscriptions",  # whoever ever had a contract
    {
        "customer_id": "int64",
        "contracts": "int64",
        "contract_active": "boolean",
        "contract_status": "string",  # the best of: active, late, paused, ended
        "contract_number": "int64",  # 定期回数; of several contracts that run the highest
        "contract_next_on": "date",  # the next delivery that is due
        "contract_p_cancel": "float64",  # of several contracts that run the highest
        "contract_renewals_365d": "float64",
        "contract_revenue_365d": "float64",
        "contract_profit_365d": "float64",
    },
    snapshot=True,
)
