"""What customers and spend add up to. Expressions over whole tables; the answers are small."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from joren.understand.economics.contracts import HORIZON
from joren.understand.economics.rules.touch import Paid, plain, touch
from joren.warehouse.sums import number_of, square_total, total

YEAR = 365
KEPT_SOURCES = 20
TAIL = "…"
_KEY = ["source", "touch"]


def spend(ad_spend: ir.Table, *, as_of: date) -> ir.Table:
    """Spend up to the as-of day, with plain names and its month."""
    rows = ad_spend.filter(ad_spend.day <= as_of)
    return rows.select(
        "day",
        "currency",
        "amount",
        source=plain(rows.source),
        medium=plain(rows.medium),
        purpose=plain(rows.purpose),
        month=_month(rows.day),
    )


def spend_by_month(spend: ir.Table) -> ir.Table:
    """Per source, medium, month and purpose; a few hundred rows."""
    keys = ["source", "medium", "month", "purpose"]
    return spend.group_by(keys).agg(amount=total(spend.amount)).order_by(keys)


def left_out(spend: ir.Table, currency: str) -> ir.Table:
    """Spend in other currencies, which no figure contains."""
    foreign = spend.filter(spend.currency != currency)
    summed = foreign.group_by("currency").agg(rows=ibis._.count(), amount=total(foreign.amount))
    return summed.order_by("currency")


def customers(values: ir.Table, paid: Paid, *, as_of: date) -> ir.Table:
    """How every customer came, and for how long we know them."""
    written = values.select(raw_source="first_source", raw_medium="first_medium").distinct()
    ways = _read(written, "raw_source", "raw_medium", paid)
    # The few spellings are read once each; as text of a million rows this would take seconds.
    both = values.inner_join(
        ways,
        [
            values.first_source.identical_to(ways.raw_source),
            values.first_medium.identical_to(ways.raw_medium),
        ],
    )
    came = both.select(
        "customer_id",
        "first_on",
        "source",
        "touch",
        category=both.first_category,
        age=ibis.literal(as_of).delta(both.first_on, unit="day").cast("int64"),
        month=_month(both.first_on),
    )
    return _folded(came, paid.sources)


def _read(pairs: ir.Table, source: str, medium: str, paid: Paid) -> ir.Table:
    """The plain source and the touch of each pair as it was written."""
    plain_source, plain_medium = plain(pairs[source]), plain(pairs[medium])
    return pairs.mutate(source=plain_source, touch=touch(plain_source, plain_medium, paid))


def _folded(came: ir.Table, always: Collection[str]) -> ir.Table:
    """Put sources beyond the most frequent ones together, except those with spend."""
    counted = came.filter(came.source.notnull()).group_by("source").agg(n=ibis._.count())
    kept = counted.order_by([ibis.desc("n"), "source"]).limit(KEPT_SOURCES)
    kept = kept.select(kept_source="source")
    joined = came.left_join(kept, came.source == kept.kept_source)
    stays = joined.kept_source.notnull() | joined.source.isnull()
    if always:
        stays = stays | joined.source.isin(sorted(always)).fill_null(False)
    return joined.mutate(source=ibis.ifelse(stays, joined.source, TAIL)).drop("kept_source")


def new_by_month(customers: ir.Table) -> ir.Table:
    keys = [*_KEY, "month"]
    return customers.group_by(keys).agg(customers=ibis._.count()).order_by(keys)


def fresh_by_touch(customers: ir.Table) -> ir.Table:
    """Customers of the last 365 days by how they came."""
    fresh = customers.filter(customers.age < YEAR)
    return fresh.group_by("touch").agg(customers=ibis._.count()).order_by("touch")


def money(movements: ir.Table, customers: ir.Table) -> ir.Table:
    """Everything that moves money, days after the customer's first purchase."""
    moved = movements.inner_join(customers, "customer_id")
    since = moved.day.delta(moved.first_on, unit="day").cast("int64")
    return moved.mutate(since=ibis.greatest(since, 0), costed=moved.profit.notnull())


def curve_parts(money: ir.Table) -> ir.Table:
    """Money by the month it came in and by how many months its customer is mature."""
    parts = money.mutate(step=_step(money.since), mature=_mature(money.age))
    parts = parts.filter((parts.step <= parts.mature) & (parts.step <= HORIZON))
    keys = [*_KEY, "step", "mature"]
    return (
        parts.group_by(keys)
        .agg(
            revenue=total(parts.revenue),
            costed=total(parts.revenue, where=parts.costed),
            profit=total(parts.profit.fill_null(0)),
            message_cost=total(parts.message_cost),
        )
        .order_by(keys)
    )


def curve_customers(customers: ir.Table) -> ir.Table:
    """Customers by how many months they are mature."""
    counted = customers.group_by([*_KEY, customers.age.pipe(_mature).name("mature")])
    return counted.agg(customers=ibis._.count()).order_by([*_KEY, "mature"])


def first_years(money: ir.Table, customers: ir.Table) -> ir.Table:
    """One row per customer who has been here for 365 days: what those days brought."""
    within = money.filter((money.age >= YEAR) & (money.since <= YEAR))
    summed = within.group_by("customer_id").agg(
        revenue=total(within.revenue),
        costed=total(within.revenue, where=within.costed),
        profit=total(within.profit.fill_null(0)),
        message_cost=total(within.message_cost),
        uncosted=number_of(~within.costed),
        again=(within.purchase & (within.since > 0)).any(),
    )
    return summed.inner_join(
        customers.select("customer_id", *_KEY, "month", "category"), "customer_id"
    )


def first_year_sums(years: ir.Table, by: list[str]) -> ir.Table:
    summed = years.group_by(by).agg(
        customers=ibis._.count(),
        revenue=total(years.revenue),
        revenue_squares=square_total(years.revenue),
        costed=total(years.costed),
        profit=total(years.profit),
        message_cost=total(years.message_cost),
        profit_squares=square_total(years.profit),
        uncosted=total(years.uncosted),
        again=number_of(years.again),
    )
    return summed.order_by(by)


def expected(values: ir.Table, customers: ir.Table) -> ir.Table:
    """Customers of the last 365 days: revenue so far plus what the next 365 are predicted to bring.

    Predictions are summed in thousandths as whole numbers, so that the order does not matter.
    """
    fresh = customers.filter(customers.age < YEAR)
    joined = fresh.inner_join(
        values.select("customer_id", "revenue_past", "revenue_365d"), "customer_id"
    )
    unit = (joined.revenue_365d * 1000).round().cast("int64")
    thousandths = joined.mutate(expected=joined.revenue_past * 1000 + unit)
    return (
        thousandths.group_by(_KEY)
        .agg(
            customers=ibis._.count(),
            known=number_of(thousandths.expected.notnull()),
            expected=total(thousandths.expected),
            squares=square_total(thousandths.expected),
        )
        .order_by(_KEY)
    )


def orders_by_month(purchases: ir.Table) -> ir.Table:
    """First and repeat orders of each month."""
    keyed = purchases.mutate(month=_month(purchases.ordered_on))
    return (
        keyed.group_by("month")
        .agg(first=number_of(keyed.nth == 1), repeat=number_of(keyed.nth > 1))
        .order_by("month")
    )


def year_by_touch(purchases: ir.Table, paid: Paid, *, as_of: date) -> ir.Table:
    """Revenue of the last 365 days by how each order came."""
    recent = _last_year(purchases, as_of).rename(raw_source="source", raw_medium="medium")
    pairs = recent.group_by(["raw_source", "raw_medium"]).agg(
        orders=ibis._.count(), revenue=total(recent.revenue)
    )
    ways = _read(pairs, "raw_source", "raw_medium", paid)
    summed = ways.group_by("touch").agg(orders=total(ways.orders), revenue=total(ways.revenue))
    return summed.order_by("touch")


def year_by_category(purchases: ir.Table, *, as_of: date) -> ir.Table:
    """Orders of the last 365 days: how many, how much, how many by subscription."""
    recent = _last_year(purchases, as_of)
    summed = recent.group_by(category="main_category").agg(
        orders=ibis._.count(),
        revenue=total(recent.revenue),
        revenue_squares=square_total(recent.revenue),
        subscribed=number_of(recent.subscription),
    )
    return summed.order_by("category")


def intervals(values: ir.Table) -> ir.Table:
    """Mean days between the purchases of each customer with two or more, and how they began."""
    repeaters = values.filter(values.frequency > 0)
    return repeaters.select(
        category=repeaters.first_category,
        days=repeaters.recency.cast("float64") / repeaters.frequency.cast("float64"),
    )


def median_intervals(intervals: ir.Table) -> ir.Table:
    summed = intervals.group_by("category").agg(n=ibis._.count(), median=intervals.days.median())
    return summed.order_by("category")


def _last_year(purchases: ir.Table, as_of: date) -> ir.Table:
    return purchases.filter(purchases.ordered_on > as_of - timedelta(days=YEAR))


def _month(day: ir.DateColumn) -> ir.DateColumn:
    return ibis.date(day.year(), day.month(), 1)


def _step(days: ir.IntegerColumn) -> ir.IntegerColumn:
    """The first month whose end is at or after the day; see curves.days_of."""
    return ((days * 12 + 358) // 365).cast("int64")


def _mature(age: ir.IntegerColumn) -> ir.IntegerColumn:
    """The last month whose end has been reached at that age."""
    return ibis.least((age * 12 + 5) // 365, HORIZON).cast("int64")
