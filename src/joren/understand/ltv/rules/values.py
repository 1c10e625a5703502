"""One row per customer: what they brought, what it cost, what is expected of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TypeAlias

import ibis
import ibis.expr.types as ir

from joren.understand.ltv.rules.exact import products, whole
from joren.warehouse.sums import total, total_if_any

LN2 = log(2.0)


@dataclass(frozen=True)
class GammaGamma:
    """Its parameters, by the letters of the paper."""

    p: float
    q: float
    v: float


@dataclass(frozen=True)
class LogNormal:
    """Its parameters, as docs/science/log_normal_spend.md names them."""

    m: float
    g: float
    w: float
    k: float
    level: float


Spend: TypeAlias = GammaGamma | LogNormal


def past(
    purchases: ir.Table, credits: ir.Table, messages: ir.Table, summaries: ir.Table
) -> ir.Table:
    """What each customer brought so far, beside the summary; refunds, credit notes and the known
    cost of messages taken off.

    ``known_revenue`` and ``known_profit`` cover the purchases whose cost of goods is known: what a
    margin can be taken from.
    """
    brought = purchases.group_by("customer_id").agg(**_sums(purchases))
    brought = brought.left_join(_first(purchases), "customer_id").drop("customer_id_right")
    noted = credits.group_by("customer_id").agg(credited=total_if_any(credits.amount))
    told = messages.filter(messages.known > 0)
    told = told.group_by("customer_id").agg(message_cost=total_if_any(told.cost))
    rows = brought.inner_join(summaries, "customer_id").left_join(noted, "customer_id")
    rows = rows.drop("customer_id_right").left_join(told, "customer_id").drop("customer_id_right")
    rows = rows.mutate(credited=ibis.coalesce(rows.credited, 0))
    told = rows.message_cost.fill_null(0)
    # What messages cost was spent for all revenue: the part with known costs bears its share.
    share = ibis.greatest(rows.known_revenue, 0).cast("float64") / rows.revenue.cast("float64")
    part = (rows.revenue > 0).ifelse((told.cast("float64") * share).round(0).cast("int64"), told)
    whole = rows.known == rows.orders
    rows = rows.mutate(off=rows.credited + whole.ifelse(told, part))
    some = rows.known > 0
    return rows.mutate(
        revenue_past=rows.revenue - rows.credited,
        refunds=rows.refunds + rows.credited,
        goods_cost_known=rows.known,
        goods_cost=(rows.known == rows.orders).ifelse(rows.goods_cost, ibis.null("int64")),
        profit_past=(rows.known == rows.orders).ifelse(
            rows.known_profit - rows.off, ibis.null("int64")
        ),
        known_revenue=some.ifelse(rows.known_revenue - rows.credited, 0),
        known_profit=some.ifelse(rows.known_profit - rows.off, 0),
    ).drop("revenue", "credited", "off")


def margin_sums(rows: ir.Table) -> ir.Table:
    """Sums from which the shop's margin, and how customers differ by it, are estimated."""
    known = rows.filter((rows.known > 0) & (rows.known_revenue > 0))
    top, bottom = known.known_profit, known.known_revenue
    ratio = top.cast("float64") * top.cast("float64") / bottom.cast("float64")
    return known.agg(
        n=known.count(),
        numerator=total_if_any(top),
        denominator=total_if_any(bottom),
        numerator_squares=products(top, top),
        products=products(top, bottom),
        denominator_squares=products(bottom, bottom),
        numerator_squares_over_denominator=whole(ratio).sum(),
    )


def scored(
    rows: ir.Table,
    scores: ir.Table | None,
    *,
    spend: Spend | None,
    margin: tuple[float, float] | None,
) -> ir.Table:
    """The predictions beside the past, null where they are not known.

    ``scores`` by frequency, recency and T; ``spend`` the model's parameters; ``margin`` the shop's
    ratio and its strength.
    """
    nothing = ibis.null("float64")
    if scores is None:
        rows = rows.mutate(p_alive=nothing, expected_orders_365d=nothing)
    else:
        rows = rows.left_join(scores, ["frequency", "recency", "T"]).drop(
            "frequency_right", "recency_right", "T_right"
        )
    rows = rows.mutate(
        expected_spend=nothing if spend is None else expected_spend(rows, spend),
        margin=nothing if margin is None else _margin(rows, *margin),
    )
    rows = rows.mutate(revenue_365d=rows.expected_orders_365d * rows.expected_spend)
    return rows.mutate(profit_365d=rows.revenue_365d * rows.margin)


def expected_spend(rows: ir.Table, spend: Spend) -> ir.FloatingColumn:
    """The mean spend of a future purchase; of somebody without a known spend the population's."""
    if isinstance(spend, GammaGamma):
        return _gamma_gamma(rows, spend)
    return _log_normal(rows, spend)


def _gamma_gamma(rows: ir.Table, of: GammaGamma) -> ir.FloatingColumn:
    """p (v + Σ spend) / (p days + q − 1).

    Fader & Hardie, note 025, eq. 5, with the sum in place of days times mean, which it equals.
    """
    known = rows.spend.cast("float64")
    return (known + of.v) * of.p / (rows.spend_days.cast("float64") * of.p + (of.q - 1))


def _log_normal(rows: ir.Table, of: LogNormal) -> ir.FloatingColumn:
    """As docs/science/log_normal_spend.md: the own mean, drawn to the line that the shop has."""
    some = rows.spend_days > 0
    x = ibis.greatest(rows.spend_days, 1).cast("float64")
    mean = some.ifelse(rows.spend.cast("float64"), 1.0) / x
    centre = x.ln() * (log(of.g) / LN2) + log(of.m)
    noise = (ibis.literal(of.k) / x + 1.0).ln()
    pull = some.ifelse(ibis.literal(of.w) / (noise + of.w), 0.0)
    own = centre + pull * (mean.ln() + noise / 2 - centre)
    return (own + (1.0 - pull) * (of.w / 2)).exp() * of.level


def _margin(rows: ir.Table, ratio: float, strength: float) -> ir.FloatingValue:
    """Bühlmann & Straub: (profit + k m) / (revenue + k); see science/shrinkage.py."""
    top, bottom = rows.known_profit.cast("float64"), rows.known_revenue.cast("float64")
    if strength == float("inf"):
        return ibis.literal(ratio)
    own = (top + strength * ratio) / (bottom + strength)
    return (rows.known_revenue > 0).ifelse(own, ibis.literal(ratio))


def _sums(purchases: ir.Table) -> dict[str, ir.Value]:
    known = purchases.goods_cost.notnull()
    return {
        "orders": purchases.count(),
        "known": purchases.count(where=known),
        "revenue": total_if_any(purchases.revenue),
        "refunds": total_if_any(purchases.refunds),
        "goods_cost": total_if_any(purchases.goods_cost),
        "shipping_borne": total_if_any(purchases.shipping_borne),
        "shipping_borne_known": purchases.shipping_borne.count(),
        "payment_fee": total_if_any(purchases.payment_fee),
        "payment_fee_known": purchases.payment_fee.count(),
        "known_revenue": total(purchases.revenue, where=known),
        "known_profit": total(purchases.profit),
        "subscriber": purchases.subscription.any(),
    }


def _first(purchases: ir.Table) -> ir.Table:
    """What the first purchase was: looked up once, where the words of all would be compared."""
    first = purchases.filter(purchases.nth == 1)
    return first.select(
        "customer_id",
        first_store_id=first.store_id,
        first_sku=first.main_sku,
        first_category=first.main_category,
        first_source=first.source,
        first_medium=first.medium,
    )
