"""What a refund takes off an order, as an expression over columns."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

ASKED = ("revenue", "goods", "order_discount", "shipping_charged", "tax")
"""The columns of an order by which its tax is told from what was paid."""


def without_tax(refunds: ir.Table) -> ir.IntegerValue:
    """``paid_back`` without the order's share of tax, which it contains; all of it where the order
    is not there. The rows have the columns ``ASKED`` of their order, and its ``tax_included`` where
    anything is said of that.
    """
    t = refunds
    said = "tax_included" in t.columns
    added = ibis.ifelse(t.tax_included.fill_null(False), 0, t.tax) if said else t.tax
    charged = t.goods - t.order_discount + t.shipping_charged + added.fill_null(0)
    share = t.paid_back * t.revenue // charged
    found: ir.IntegerValue = ibis.ifelse((charged > 0).fill_null(False), share, t.paid_back)
    return found.cast("int64")
