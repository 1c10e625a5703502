"""What the model of renewals expects of contracts that are alike: a function of Arrow batches."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from joren.core.tables import TableSpec
from joren.science.clv.renewals_ahead import Ahead
from joren.understand.ltv.rules import thresholds
from joren.understand.ltv.rules.contract_runs import RUNNING, days_after
from joren.understand.ltv.rules.exact import real_total
from joren.understand.ltv.rules.scoring import column

LONG_DAYS: Final = 5 * 365
"""How far lifetimes are looked at: without an end their mean may be infinite."""

SCORES: Final = TableSpec(
    "contract_scores",
    {
        "number": "int64",
        "interval_days": "int64",
        "silent_days": "int64",
        "due_days": "int64",
        "p_cancel": "float64",
        "renewals_365d": "float64",
        "renewals_5y": "float64",
        "lifetime_days": "float64",
    },
)
KEY: Final = ("number", "interval_days", "silent_days")


def scored(rows: pa.RecordBatch, *, ahead: Ahead) -> pa.RecordBatch:
    """SCORES of these rows."""
    number, interval, silent = (column(rows, name) for name in KEY)
    due = ahead.due_in(interval, silent).astype(np.int64)
    found = (
        pa.array(due),
        pa.array(1 - ahead.renews(number, interval, silent)),
        pa.array(ahead.renewals(number, interval, silent, thresholds.HORIZON_DAYS)),
        pa.array(ahead.renewals(number, interval, silent, LONG_DAYS)),
        pa.array(ahead.lifetime(number, interval, silent, LONG_DAYS)),
    )
    kept = [rows[name] for name in KEY]
    return pa.RecordBatch.from_arrays([*kept, *found], list(SCORES.columns))


def valued(
    contracts: ir.Table,
    scores: ir.Table | None,
    margins: ir.Table,
    *,
    price: tuple[float, float] | None,
) -> ir.Table:
    """SUBSCRIPTIONS: the scores in money, by the contract's own renewals and the customer's margin.

    ``price`` is the shop's revenue of a renewal and as how many renewals of one's own it weighs;
    it is drawn to the shop's as margins are (docs/science/shrinkage.md). ``margins`` by customer.
    """
    nothing = ibis.null("float64")
    if scores is None:
        rows = contracts.mutate(
            due_days=ibis.null("int64"),
            **dict.fromkeys(("p_cancel", "renewals_365d", "renewals_5y", "lifetime_days"), nothing),
        )
    else:
        rows = contracts.left_join(scores, list(KEY)).drop(*(f"{name}_right" for name in KEY))
    runs = rows.status.isin(RUNNING)
    of_running = ("p_cancel", "renewals_365d", "renewals_5y", "lifetime_days")
    rows = rows.mutate(
        next_on=runs.ifelse(days_after(rows.last_on, rows.silent_days + rows.due_days), None),
        **{name: runs.ifelse(rows[name], None) for name in of_running},
    )
    rows = rows.left_join(margins, "customer_id").drop("customer_id_right")
    each = nothing if price is None else _price(rows, *price)
    rows = rows.mutate(revenue_365d=rows.renewals_365d * each)
    return rows.mutate(profit_365d=rows.revenue_365d * rows.margin)


def price_sums(contracts: ir.Table) -> ir.Table:
    """Revenue of renewals and their number by contract, as ``values.margin_sums`` takes them."""
    return contracts.filter(contracts.renewals_paid > 0).select(
        known=contracts.renewals_paid,
        known_profit=contracts.renewal_revenue,
        known_revenue=contracts.renewals_paid,
    )


def by_customer(found: ir.Table) -> ir.Table:
    """CUSTOMER_SUBSCRIPTIONS, of SUBSCRIPTIONS."""
    runs = found.status.isin(RUNNING)
    contract = found.store_id.cast("string") + ibis.literal("\x1f") + found.subscription_id
    best = ibis.cases(
        (found.status == "active", 0), (found.status == "late", 1), (found.status == "paused", 2),
        else_=3,
    )  # fmt: skip
    summed = found.group_by("customer_id").agg(
        contracts=contract.nunique(),
        best=best.min(),
        contract_number=found.number.max(where=runs),
        contract_next_on=found.next_on.min(),
        contract_p_cancel=found.p_cancel.max(),
        contract_renewals_365d=real_total(found.renewals_365d),
        contract_revenue_365d=real_total(found.revenue_365d),
        contract_profit_365d=real_total(found.profit_365d),
    )
    return summed.mutate(
        contract_active=summed.best < 2,
        contract_status=ibis.cases(
            (summed.best == 0, "active"), (summed.best == 1, "late"), (summed.best == 2, "paused"),
            else_="ended",
        ),
    )  # fmt: skip


def _price(rows: ir.Table, ratio: float, strength: float) -> ir.FloatingValue:
    if strength == float("inf"):
        return ibis.literal(ratio)
    paid = rows.renewals_paid.cast("float64")
    own = (rows.renewal_revenue.cast("float64") + strength * ratio) / (paid + strength)
    return (rows.renewals_paid > 0).ifelse(own, ibis.literal(ratio))
