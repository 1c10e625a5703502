"""What rules are asked of, and how an answer is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import ibis.expr.types as ir

from joren.decide.segments.contracts import PURCHASED


@dataclass(frozen=True)
class Sources:
    """What a rule is asked of. ``people`` has everybody once, with ``birth_day`` as month-day.

    ``events`` are of known people. Values, contracts, ranks and shifts are ``of_figures``'
    day: they move
    with a refresh, while a live look may be of a later day. ``earlier`` gives values or ranks of so
    many days ago (None: nothing so old is kept), ``members`` the customers of another segment.
    """

    people: ir.Table
    values: ir.Table
    contracts: ir.Table  # CUSTOMER_SUBSCRIPTIONS
    ranks: ir.Table
    shifts: ir.Table  # CUSTOMER_SHIFTS
    purchases: ir.Table  # PURCHASED
    lines: ir.Table  # order_lines
    events: ir.Table  # EVENTS, with customer_id
    as_of: date
    of_figures: date
    earlier: Callable[[str, int], ir.Table | None]
    members: Callable[[int], ir.Table]
    more: Mapping[str, ir.Table] = field(default_factory=dict)
    """The tables of upper rooms, by the names under which they entered them."""


@dataclass(frozen=True)
class Found:
    """The customers of ``ids``; ``negated``: everybody else."""

    ids: ir.Table
    negated: bool = False


def purchased(bought: ir.Table, orders: ir.Table) -> ir.Table:
    """PURCHASED of these purchases, with what their orders say beside what they are worth.

    Money stays out of it: an order's own may be in another currency.
    """
    more = orders.select(
        "order_id", "coupon_code", "ordered_at", "channel", "campaign", "status",
        with_coupon=orders.coupon_code.notnull() | (orders.mall_discount.fill_null(0) > 0),
        with_points=orders.points_used.fill_null(0) > 0,
        discounted=orders.order_discount.fill_null(0) > 0,
    )  # fmt: skip
    complete = bought.shipping_borne.notnull() & bought.payment_fee.notnull()
    told = bought.mutate(complete=complete).left_join(more, "order_id")
    return told.select(*PURCHASED.columns)
