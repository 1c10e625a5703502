"""One row per customer: what the ranks are made from, and the ranks."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from joren.understand.ranks.contracts import Edges, RankRules, VipBounds
from joren.understand.ranks.rules import edges as edge
from joren.warehouse.sums import total

YEAR = 365
RFM_SHARES = (2000, 4000, 6000, 8000)


def measured(
    values: ir.Table, purchases: ir.Table, was_vip: ir.Table | None, as_of: date
) -> ir.Table:
    """What a customer is ranked by; ``year_revenue`` is of the last 365 days, null without."""
    start = as_of - timedelta(days=YEAR - 1)
    recent = purchases.filter(purchases.ordered_on >= start)
    recent = recent.group_by("customer_id").agg(year_revenue=total(recent.revenue))
    joined = values.left_join(recent, values.customer_id == recent.customer_id)
    table = joined.select(
        customer_id=values.customer_id,
        days=ibis.literal(as_of).delta(values.last_on, unit="day").cast("int64"),
        purchases=values.frequency + 1,
        days_in_shop=values.recency,
        revenue=values.revenue_past,
        year_revenue=recent.year_revenue,
    )
    if was_vip is None:
        return table.mutate(was_vip=ibis.literal(False))
    regulars = was_vip.filter(was_vip.vip).select("customer_id")
    joined = table.left_join(regulars, table.customer_id == regulars.customer_id)
    return joined.select(table, was_vip=regulars.customer_id.notnull())


def placed(measures: ir.Table, rules: RankRules, edges: Edges, bounds: VipBounds) -> ir.Table:
    """The ranks of every customer, beside what they were made from."""
    m = measures
    best_first = ibis.window(
        # Ten equal groups need an order without ties: more purchases, then later, then older id.
        order_by=[ibis.desc(m.revenue), ibis.desc(m.purchases), m.days, m.customer_id]
    )
    known = m.revenue.notnull()
    numbered = m.mutate(
        place=ibis.ifelse(known, ibis.row_number().over(best_first), ibis.null().cast("int64")),
        ranked=m.revenue.count().over(),
    )
    nothing = ibis.null().cast("int64")
    return numbered.mutate(
        rfm_r=edge.rank_from(-m.days, [None if e is None else -e for e in edges.recency_days]),
        rfm_f=edge.rank_from(m.purchases, edges.purchases),
        rfm_m=edge.rank_from(m.revenue, edges.revenue),
        decile=ibis.ifelse(known, (ibis.ntile(10).over(best_first) + 1).cast("int64"), nothing),
        cpm=cpm(m, rules),
        stage=stage(m, rules),
        vip=_is_vip(m, bounds),
    )


def active(measures: ir.Table, rules: RankRules) -> ir.BooleanColumn:
    """Did the customer buy within the active days?"""
    return measures.days <= rules.active_days


def stage(measures: ir.Table, rules: RankRules) -> ir.StringColumn:
    """新規, F2, 現役 or 離脱. Whoever stayed away too long has lapsed, whatever came before."""
    return ibis.cases(
        (~active(measures, rules), "lapsed"),
        (measures.purchases == 1, "new"),
        (measures.purchases == 2, "f2"),
        else_="active",
    )


def cpm(measures: ir.Table, rules: RankRules) -> ir.StringColumn:
    """CPM's group by its Japanese name; ``rules`` must be filled in."""
    m = measures
    kind = ibis.cases(
        (m.purchases == 1, "初回"),
        (m.days_in_shop < rules.settled_days, "よちよち"),
        (m.revenue <= rules.big_spend, "コツコツ"),
        (m.days_in_shop < rules.loyal_days, "流行"),
        else_="優良",
    )
    return kind.concat(ibis.ifelse(active(m, rules), "現役", "離脱"))


def vip_candidates(measures: ir.Table) -> ir.Column:
    """The year's revenue of those who brought any: the top share is of them."""
    return measures.filter(measures.year_revenue > 0).year_revenue


def _is_vip(measures: ir.Table, bounds: VipBounds) -> ir.BooleanValue:
    """Enter above one bound, leave below a lower one, so that nobody flickers between."""
    revenue = measures.year_revenue.fill_null(0)
    if bounds.keep is None:
        return ibis.literal(False)
    stays = measures.was_vip & (revenue >= bounds.keep)
    if bounds.enter is None:
        return stays
    return stays | (revenue >= bounds.enter)
