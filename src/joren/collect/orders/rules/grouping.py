"""Rows of a file, one per line, into orders, lines and credit notes (HOUSE §4: revenue)."""

from __future__ import annotations

from typing import Any, Final

import ibis
import ibis.expr.types as ir

from joren.collect.orders.contracts import LOST_STATUSES, ORDERS
from joren.collect.orders.rules.keys import content_of, key_of
from joren.warehouse.sums import total_if_any

SHIPPING_TAX: Final = 1000
"""Basis points on shipping inside tax-included prices when a line names its own rate (Japan)."""

_OF_ORDER: Final = (
    "ordered_at", "updated_at", "status", "currency", "tax_included", "total",
    "shipping_borne", "payment_fee", "coupon_code", "channel", "source", "medium", "campaign",
    "subscription_id", "subscription_number", "order_number",
)  # fmt: skip
_ZERO_IF_UNKNOWN: Final = (
    "order_discount", "mall_discount", "points_used", "shipping_charged", "fees_charged", "refunded"
)  # fmt: skip
_OF_LINE: Final = (
    "source_row", "file_rows", "sku", "product_name", "category", "quantity", "unit_price",
    "line_discount", "line_tax", "tax_rate", "unit_cost",
)  # fmt: skip
_CONTENT_OF_LINE: Final = (
    "sku", "product_name", "category", "quantity", "unit_price", "line_discount", "unit_cost",
    "tax_rate",
)  # fmt: skip
_WHO: Final = (
    "customer_number", "email", "phone", "name", "name_kana", "postal_code", "prefecture",
    "city", "street", "building",
)  # fmt: skip
_NOT_CONTENT: Final = ("order_id", "import_id", "identity_id", "updated_at", "content")
# These follow from the lines and from what else is content: to hash them too costs time alone.
_FOLLOWS: Final = (
    "ordered_on", "lines", "free", "goods", "unreconciled", "goods_cost", "main_sku",
    "main_category",
)  # fmt: skip
_NUMBER: Final = ("store_id", "order_number")


def with_numbers(lines: ir.Table) -> ir.Table:
    """Give each row of a bare log a stable number from who, when and how much."""
    who = ibis.coalesce(*(lines[name] for name in ("customer_number", "email", "phone", "name")))
    made = key_of(who, lines.ordered_at, lines.unit_price, lines.quantity)
    lines = lines.mutate(_made=made.cast("string"))
    alike = [lines.store_id, lines._made]
    again = ibis.row_number().over(group_by=alike, order_by=lines.source_row)
    number = ibis.ifelse(
        lines.order_number.isnull(),
        "log-" + lines._made + ibis.ifelse(again > 0, "-" + (again + 1).cast("string"), ""),
        lines.order_number,
    )
    return lines.mutate(order_number=number).drop("_made")


def slim(lines: ir.Table) -> ir.Table:
    """What is counted of each line, under its order's number; the rest is read of one row each."""
    rate = ibis.coalesce(lines.tax_rate, lines.default_tax_rate)
    return lines.select(
        *_NUMBER,
        *_OF_LINE,
        _rate=rate,
        _amount=ibis.coalesce(
            lines.amount, lines.quantity.fill_null(1) * lines.unit_price.fill_null(0)
        )
        - lines.line_discount.fill_null(0),
    )


def to_lines(lines: ir.Table, orders: ir.Table) -> ir.Table:
    """The lines of these orders as ORDER_LINES has them, but for the version.

    Only where other orders' rows lie between those of one order must they be counted to be
    numbered.
    """
    of_order = orders.select(*_NUMBER, "order_id", "ordered_on", "head_row", "scattered")
    own = lines.join(of_order, _NUMBER)
    near = own.filter(~own.scattered)
    near = near.mutate(line=near.source_row - near.head_row + 1)
    far = own.filter(own.scattered)
    place = ibis.row_number().over(group_by=far.order_id, order_by=far.source_row)
    both = near.union(far.mutate(line=place + 1))
    return both.select(
        "order_id",
        "line",
        "ordered_on",
        "sku",
        "product_name",
        "category",
        "unit_price",
        "tax_rate",
        "unit_cost",
        quantity=both.quantity.fill_null(1),
        discount=both.line_discount.fill_null(0),
        amount=both._amount,
        tax=both.line_tax,
    )


def ways_of(lines: ir.Table) -> ir.Table:
    """The ways in which lines are filled, each with a number that changes when it does.

    A shop sells the same few things again and again, and a hash costs more than a look-up: so each
    way is hashed once. To be held, for another time ``_way`` may number them in another order.
    """
    ways = lines.select(*_CONTENT_OF_LINE).distinct()
    return ways.mutate(
        _way=ibis.row_number(),
        _content=key_of(*(ways[name] for name in _CONTENT_OF_LINE)) // 2**20,
    )


def to_orders(lines: ir.Table, ways: ir.Table, rows: ir.Table, *, zone: str) -> ir.Table:
    """One row per order with the columns of ORDERS (not version and identity) and who ordered.

    ``lines`` are the slim ones of ``rows``, of which the first of each order speaks for it, and
    ``ways`` are those of ``lines``.
    """
    sums = _sums(lines, ways)
    heads = rows.select(
        "source_row", "store_id", "default_tax_rate", "tax", *_OF_ORDER, *_WHO,
        **{name: rows[name].fill_null(0) for name in _ZERO_IF_UNKNOWN},
    )  # fmt: skip
    orders = heads.join(sums, heads.source_row == sums.head_row)
    orders = orders.mutate(
        order_id=key_of(orders.store_id, orders.order_number),
        ordered_on=shop_day(orders.ordered_at, zone),
    )
    orders = _valued(_taxed(orders))
    kept = [name for name in ORDERS.columns if name not in ("import_id", "identity_id", "content")]
    content = [name for name in kept if name not in (*_NOT_CONTENT, *_FOLLOWS)]
    return orders.select(
        *kept,
        *_WHO,
        "head_row",
        "file_rows",
        "scattered",
        content=content_of(orders, [*content, "lines_content"]),
    )


def _sums(lines: ir.Table, ways: ir.Table) -> ir.Table:
    same: Any = [lines[name].identical_to(ways[name]) for name in _CONTENT_OF_LINE]
    own = lines.join(ways.select("_way", "_content", *_CONTENT_OF_LINE), same, rname="_of_{name}")
    cost = own.quantity.fill_null(1) * own.unit_cost
    largest = own._amount * 1_000_000 - own.source_row  # ties: the first of them
    found = own.group_by(_NUMBER).aggregate(
        head_row=own.source_row.min(),
        last_row=own.source_row.max(),
        lines=own.count(),
        file_rows=total_if_any(own.file_rows.fill_null(1)),
        goods=total_if_any(own._amount),
        line_tax=total_if_any(own.line_tax),
        lines_taxed=own.line_tax.count(),
        contained_tax=total_if_any(own._amount * own._rate // (10_000 + own._rate)),
        lines_rated=own._rate.count(),
        lines_own_rate=own.tax_rate.count(),
        goods_cost=total_if_any(cost),
        lines_costed=cost.count(),
        named=own.sku.count(),
        dearest=own._amount.max(),
        main_way=own._way.argmax(largest),
        lines_content=total_if_any(own._content),
    )
    main = ways.select("_way", main_sku=ways.sku, main_category=ways.category)
    found = found.join(main, found.main_way == main._way)
    return found.mutate(
        scattered=found.last_row - found.head_row + 1 != found.lines,
        goods_cost=ibis.ifelse(found.lines_costed == found.lines, found.goods_cost, ibis.null()),
        free=(found.named > 0) & (found.dearest == 0) & (found.goods == 0),
    )


def _taxed(orders: ir.Table) -> ir.Table:
    """The tax: as stated, or of the lines, or contained at the rates; null when nobody says."""
    t = orders
    shipping_rate = ibis.ifelse(t.lines_own_rate > 0, SHIPPING_TAX, t.default_tax_rate)
    contained = (
        t.contained_tax
        - ibis.ifelse(t.goods > 0, t.order_discount * t.contained_tax // t.goods, 0)
        + t.shipping_charged * shipping_rate // (10_000 + shipping_rate)
    )
    return t.mutate(
        tax=ibis.cases(
            (t.tax.notnull() & ((t.tax > 0) | ~t.tax_included.fill_null(False)), t.tax),
            (t.lines_taxed == t.lines, t.line_tax),
            (t.tax_included.fill_null(False) & (t.lines_rated == t.lines), contained),
            else_=ibis.null(),
        ).cast("int64")
    )


def _valued(orders: ir.Table) -> ir.Table:
    """Revenue, refunds without their tax, and by how much the parts miss the stated total."""
    t = orders
    included = t.tax_included.fill_null(False)
    net = t.goods - t.order_discount + t.shipping_charged
    added = ibis.ifelse(included, 0, t.tax.fill_null(0))
    tax_inside = ibis.ifelse(included, t.tax.fill_null(0), 0)
    # Goods that came back, on a note of less than nothing, are what the note is about.
    lost = t.status.isin(LOST_STATUSES) & ~((t.status == "returned") & (t.goods < 0))
    revenue = ibis.ifelse(lost, 0, net - tax_inside)
    charged = net + t.fees_charged + added
    # What was paid back contained its share of the tax; a full refund leaves exactly nothing.
    back = ibis.ifelse(charged > 0, t.refunded * (net - tax_inside) // charged, t.refunded)
    return t.mutate(
        revenue=revenue,
        refunded=ibis.ifelse(t.status.isin(LOST_STATUSES), 0, back),
        unreconciled=ibis.ifelse(t.total.isnull(), 0, t.total - charged),
    )


def shop_day(moment: ir.TimestampValue, zone: str) -> ir.DateValue:
    """The day that a clock in the shop shows."""
    return local_time(ibis.literal(zone), moment).date()


@ibis.udf.scalar.builtin(  # type: ignore[untyped-decorator]
    name="timezone", signature=(("string", "timestamp('UTC')"), "timestamp")
)
def local_time(zone: str, moment: object) -> object:
    """DuckDB's own: what a clock in the zone shows."""
