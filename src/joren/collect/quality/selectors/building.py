"""One report: all that is asked of the facts, in few questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

import ibis.expr.types as ir

from joren.collect.orders import selectors as facts
from joren.collect.quality import amounts, counting, rules
from joren.collect.quality.contracts import (
    FIELDS,
    OF_FEEDS,
    OF_LINES,
    OF_ORDERS,
    Coverage,
    Difference,
    FieldQuality,
    Part,
    QualityReport,
    StoreQuality,
)
from joren.collect.quality.filling import Days, Looked, of_each
from joren.collect.quality.selectors import looking
from joren.core.errors import BadInput
from joren.warehouse import Warehouse

_FIRST_DAY: Final = date(1900, 1, 1)


def quality_report(
    warehouse: Warehouse, *, as_of: date, person_of: ir.Table | None = None
) -> QualityReport:
    """``facts_report`` and the customers. To look at each of them is for a refresh and a terminal:
    a request takes them ``with_customers``.

    ``person_of`` is the customers' table of that name, where it is at hand.
    """
    report = facts_report(warehouse, as_of=as_of)
    looked = looking.of_people(warehouse, person_of, as_of)
    fields = (field for one in looked for field in one.fields())
    return with_customers(report, fields, (one.coverage() for one in looked), as_of)


def with_customers(
    report: QualityReport,
    fields: Iterable[FieldQuality],
    coverage: Iterable[Coverage],
    as_of: date,
) -> QualityReport:
    """The report with what was counted of customers as of that day, at the place of their feed."""
    return replace(
        report,
        fields=tuple(sorted((*report.fields, *fields), key=_place)),
        coverage=tuple(sorted((*report.coverage, *coverage), key=_place)),
        customers_as_of=as_of,
    )


def _place(one: FieldQuality | Coverage) -> int:
    return [*OF_FEEDS].index(one.feed)


def facts_report(warehouse: Warehouse, *, as_of: date) -> QualityReport:
    """What is missing, odd or old among the facts up to that day, and what they suffice for."""
    if as_of < _FIRST_DAY:
        raise BadInput(f"no order is as old as {as_of}", hint=f"a day from {_FIRST_DAY} on")
    ask = warehouse.engine.rows
    every = facts.orders(warehouse)
    with warehouse.engine.session() as session:
        orders = counting.kept(every.filter(every.ordered_on <= as_of))
        if facts.replaced(warehouse):  # else each question reads its few columns as quickly
            orders = session.hold(orders)
        sizes = ask(counting.sizes(orders, "revenue", "store_id"))
        of_orders = looking.of_orders(warehouse, orders, sizes, as_of)
        of_lines = looking.of_lines(warehouse, session, orders)
        sources = of_each(ask(counting.sources(orders)), "store_id")
        differences = ask(counting.differences(orders))
        buyers = ask(counting.buyers(orders))[0]
    rest = [*looking.of_the_rest(warehouse, as_of)]
    events = looking.of_events(warehouse, as_of)
    stores = tuple(
        _store(store, one, of_lines.get(store), sources[store], amounts.kept(sizes, store), as_of)
        for store, one in of_orders.items()
    )
    missing = {
        field: sum((store.missing[field] for store in stores), Part(0, 0)) for field in FIELDS
    }
    held = rules.Held(
        days=max(((as_of - store.first_on).days for store in stores), default=0),
        customers=buyers["customers"],
        repeaters=buyers["repeaters"],
        missing=missing,
        ad_spend=any(one.feed == "ad_spend" for one in rest),
    )
    looked = (*of_orders.values(), *of_lines.values(), *rest, *events)
    return QualityReport(
        as_of=as_of,
        orders=sum(store.orders for store in stores),
        stores=stores,
        missing=missing,
        differences=tuple(Difference(**row) for row in differences),
        verdicts=rules.verdicts(held),
        feeds=tuple(rules.feed(one.days) for one in events),
        fields=tuple(field for one in looked for field in one.fields()),
        coverage=tuple(one.coverage() for one in looked),
    )


def _store(
    store: int,
    orders: Looked,
    lines: Looked | None,
    sources: Days,
    sizes: dict[str, int],
    as_of: date,
) -> StoreQuality:
    number = sum(day["n"] for day in orders.days)
    dates = sorted({day["day"] for day in orders.days})
    currencies: Counter[str] = Counter()
    months: Counter[str] = Counter()
    for day in orders.days:
        currencies[day["currency"] or ""] += day["n"]
        months[f"{day['day']:%Y-%m}"] += day["n"]
    missing = {one.field: one.missing for one in orders.fields() if one.field in OF_ORDERS}
    missing |= {field: Part(0, 0) for field in OF_LINES}
    missing |= {one.field: one.missing for one in lines.fields()} if lines else {}
    return StoreQuality(
        store_id=store,
        orders=number,
        missing=missing,
        unreconciled=Part(sum(day["unreconciled"] for day in orders.days), number),
        duplicates=Part(orders.twice["order_number"], number),
        stale=Part(orders.stale["status"], number),
        outliers=Part(orders.odd["revenue"], number),
        currencies=dict(sorted(currencies.items())),
        first_on=dates[0],
        last_on=dates[-1],
        days_since=(as_of - dates[-1]).days,
        days_with_orders=len(dates),
        gaps=rules.gaps(dates),
        by_month=dict(sorted(months.items())),
        sources=dict(sorted((one["source"] or "", one["n"]) for one in sources)),
        amounts=sizes,
    )
