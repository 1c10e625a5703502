"""Rows of a file, one per line, into orders, lines and credit notes (HOUSE §4: revenue).

What many rows say alike comes in tables of its own, and is reckoned once: ``how`` an order was made
and ``what`` a line is of. ``how`` already knows the store, as ``store_id`` and
``default_tax_rate``.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import ibis
import ibis.expr.types as ir

from joren.collect.orders.contracts import LOST_STATUSES, ORDERS
from joren.collect.orders.rules.keys import NOTHING, alike, key_of
from joren.warehouse.sums import total_if_any

SHIPPING_TAX: Final = 1000
"""Basis points on shipping inside tax-included prices when a line names its own rate (Japan)."""

_OF_ORDER: Final = (
    "ordered_at", "updated_at", "total", "shipping_borne", "payment_fee", "subscription_id",
    "subscription_number", "order_number",
)  # fmt: skip
_OF_HOW: Final = (
    "status", "currency", "tax_included", "coupon_code", "channel", "source", "medium", "campaign",
)  # fmt: skip
AS_GIVEN: Final = tuple(
    name for name in (*_OF_ORDER, *_OF_HOW) if name not in ("order_number", "ordered_at")
)
"""The columns of ORDERS that stand as they are given, and may not be given."""
_OF_MAIN: Final = ("main_sku", "main_category")
_ZERO_IF_UNKNOWN: Final = (
    "order_discount", "mall_discount", "points_used", "shipping_charged", "fees_charged", "refunded"
)  # fmt: skip
_CONTENT_OF_LINE: Final = (
    "sku", "product_name", "category", "quantity", "unit_price", "line_discount", "unit_cost",
    "tax_rate",
)  # fmt: skip
# What makes an order another one, in this order; what follows from the lines or from these is left
# out, for to hash it too costs time alone. So do the versions and who ordered.
_STATED: Final = ("status", "currency")
_CAME: Final = ("coupon_code", "channel", "source", "medium", "campaign")
_CONTENT: Final = (
    "store_id", "order_number", "ordered_at", "_stated", "order_discount", "mall_discount",
    "points_used", "shipping_charged", "fees_charged", "tax", "tax_included", "total", "revenue",
    "refunded", "shipping_borne", "payment_fee", "_came", "subscription_id", "subscription_number",
    "lines_content",
)  # fmt: skip
_RECKONED: Final = ("tax", "revenue", "refunded")
_NUMBER: Final = ("store_id", "order_number")


def with_numbers(rows: ir.Table, who: ir.Table, how: ir.Table, what: ir.Table) -> ir.Table:
    """Give each row of a bare log a stable number from who, when and how much."""
    lines = rows.join(who, "who").join(what.select("what", "unit_price", "quantity"), "what")
    lines = lines.join(how.select("how", "store_id"), "how")
    whose = ibis.coalesce(*(lines[name] for name in ("customer_number", "email", "phone", "name")))
    made = key_of(whose, lines.ordered_at, lines.unit_price, lines.quantity)
    lines = lines.mutate(_made=made.cast("string"))
    alike = [lines.store_id, lines._made]
    again = ibis.row_number().over(group_by=alike, order_by=lines.source_row)
    number = ibis.ifelse(
        lines.order_number.isnull(),
        "log-" + lines._made + ibis.ifelse(again > 0, "-" + (again + 1).cast("string"), ""),
        lines.order_number,
    )
    return lines.mutate(order_number=number).select(*rows.columns)


def reckoned(what: ir.Table) -> ir.Table:
    """What follows from the words of a line alone, once for all lines that say the same."""
    quantity = what.quantity.fill_null(1)
    return what.mutate(
        _amount=ibis.coalesce(what.amount, quantity * what.unit_price.fill_null(0))
        - what.line_discount.fill_null(0),
        _cost=quantity * what.unit_cost,
        _content=key_of(*(what[name] for name in _CONTENT_OF_LINE)) // 2**20,
    )


def spoken(how: ir.Table) -> ir.Table:
    """What the content of orders has of how they were made, once for all that were made so."""
    return how.mutate(
        _stated=alike(*(how[name] for name in _STATED)), _came=alike(*(how[name] for name in _CAME))
    )


def to_lines(
    rows: ir.Table, how: ir.Table, what: ir.Table, orders: ir.Table, *, scattered: bool
) -> ir.Table:
    """The lines of these orders as ORDER_LINES has them, but for the version.

    Only where other orders' rows lie between those of one order must they be counted to be
    numbered; ``scattered`` says whether there are such.
    """
    of_order = orders.select(*_NUMBER, "order_id", "ordered_on", "head_row", "scattered")
    own = _counted(rows, how, what).join(of_order, _NUMBER)
    near = own.filter(~own.scattered) if scattered else own
    both = near.mutate(line=near.source_row - near.head_row + 1)
    if scattered:
        far = own.filter(own.scattered)
        place = ibis.row_number().over(group_by=far.order_id, order_by=far.source_row)
        both = both.union(far.mutate(line=place + 1))
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


def to_orders(
    rows: ir.Table, how: ir.Table, what: ir.Table, *, zone: str, unsaid: Collection[str] = ()
) -> ir.Table:
    """One row per order with what is its own of ORDERS, and who, how and main to tell the rest by.

    The first row of each order speaks for it. ``how`` is ``spoken`` and ``what`` is ``reckoned``.
    ``unsaid`` names columns of which every row says nothing, so that nothing is reckoned of them.
    ``worded`` tells the rest: millions of rows are held and compared without it.
    """
    sums = _sums(_counted(rows, how, what), unsaid)
    heads = rows.join(how, "how")
    heads = heads.select(
        "source_row", "store_id", "default_tax_rate", "tax", "who", "how", "_stated", "_came",
        *_OF_ORDER, *_OF_HOW,
        **{name: heads[name].fill_null(0) for name in _ZERO_IF_UNKNOWN},
    )  # fmt: skip
    orders = heads.join(sums, heads.source_row == sums.head_row)
    orders = orders.mutate(
        order_id=key_of(orders.store_id, orders.order_number),
        ordered_on=shop_day(orders.ordered_at, zone),
    )
    orders = _valued(_taxed(orders))
    told_later = {"import_id", "identity_id", "content", *_OF_HOW, *_OF_MAIN, *_bare(unsaid)}
    kept = [name for name in ORDERS.columns if name not in told_later]
    constant = {
        name: _unsaid(name) for name in _CONTENT if name in unsaid and name not in _RECKONED
    }
    content = [constant.get(name, orders[name]) for name in _CONTENT]
    return orders.select(
        *kept, "who", "how", "main", "head_row", "file_rows", "scattered", content=key_of(*content)
    )


def worded(
    orders: ir.Table, how: ir.Table, what: ir.Table, *, unsaid: Collection[str] = ()
) -> ir.Table:
    """The orders with all columns of ORDERS that ``to_orders`` left to be told; what no row says is
    0 where an amount stands, and else no column."""
    said = [name for name in _OF_HOW if name not in unsaid]
    main = what.select(main="what", main_sku=what.sku, main_category=what.category)
    told = orders.join(how.select("how", *said), "how").join(main, "main")
    zero = [name for name in _ZERO_IF_UNKNOWN if name in _bare(unsaid)]
    return told.mutate(**{name: ibis.literal(0, type="int64") for name in zero})


def _bare(unsaid: Collection[str]) -> set[str]:
    """What no row says and nothing is reckoned to."""
    return {name for name in (*AS_GIVEN, *_ZERO_IF_UNKNOWN) if name in unsaid} - {*_RECKONED}


def _unsaid(name: str) -> str:
    return "0" if name in _ZERO_IF_UNKNOWN else NOTHING


def _counted(rows: ir.Table, how: ir.Table, what: ir.Table) -> ir.Table:
    """The rows as lines: each with its store, what it says, and its amount."""
    lines = rows.join(how.select("how", "store_id", "default_tax_rate"), "how").join(what, "what")
    more = rows.more.fill_null(0) if "more" in rows.columns else 0
    return lines.mutate(_amount=lines._amount + more)


def _sums(lines: ir.Table, unsaid: Collection[str]) -> ir.Table:
    def if_said(name: str, figure: ir.Value, otherwise: ir.Value) -> ir.Value:
        return otherwise if name in unsaid else figure

    rate = ibis.coalesce(lines.tax_rate, lines.default_tax_rate)
    nothing, none = ibis.null("int64"), ibis.literal(0, type="int64")
    largest = lines._amount * 1_000_000 - lines.source_row  # ties: the first of them
    found = lines.group_by(_NUMBER).aggregate(
        head_row=lines.source_row.min(),
        last_row=lines.source_row.max(),
        lines=lines.count(),
        file_rows=if_said("file_rows", total_if_any(lines.file_rows.fill_null(1)), lines.count()),
        goods=total_if_any(lines._amount),
        line_tax=if_said("line_tax", total_if_any(lines.line_tax), nothing),
        lines_taxed=if_said("line_tax", lines.line_tax.count(), none),
        contained_tax=if_said(
            "tax_included", total_if_any(lines._amount * rate // (10_000 + rate)), nothing
        ),
        lines_rated=if_said("tax_included", rate.count(), none),
        lines_own_rate=if_said("tax_rate", lines.tax_rate.count(), none),
        goods_cost=total_if_any(lines._cost),
        lines_costed=lines._cost.count(),
        named=lines.sku.count(),
        dearest=lines._amount.max(),
        main=_at_largest(lines.what, largest),
        lines_content=total_if_any(lines._content),
    )
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
    # What came back or was cancelled, on a note of less than nothing, is what the note is about.
    lost = t.status.isin(LOST_STATUSES) & (t.goods >= 0)
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


@ibis.udf.scalar.builtin(  # type: ignore[untyped-decorator]  # Ibis is untyped
    name="timezone", signature=(("string", "timestamp('UTC')"), "timestamp")
)
def local_time(zone: str, moment: object) -> object:
    """DuckDB's own: what a clock in the zone shows."""


@ibis.udf.agg.builtin(  # type: ignore[untyped-decorator]  # Ibis is untyped
    name="arg_max", signature=(("uint64", "int64"), "uint64")
)
def _at_largest(of: object, by: object) -> object:
    """DuckDB's own, where Ibis would sort."""
