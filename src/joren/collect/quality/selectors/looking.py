"""What is looked at of each feed, by store or source: few questions, answered by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import ibis.expr.types as ir

from joren.accounts.selectors import business
from joren.collect.customers import selectors as customers
from joren.collect.inbox.contracts import EVENTS
from joren.collect.orders import selectors as facts
from joren.collect.quality import counting, rules
from joren.collect.quality.amounts import outliers
from joren.collect.quality.filling import Days, Looked, of_each
from joren.warehouse import Holding, Warehouse

Sizes = list[dict[str, Any]]


def of_orders(
    warehouse: Warehouse, orders: ir.Table, sizes: Sizes, as_of: date
) -> dict[int, Looked]:
    """The orders by store; ``sizes`` are those of their revenue."""
    ask = warehouse.engine.rows
    doubled = counting.by_store(ask(counting.duplicates(orders)))
    odd = {
        name: outliers(ask(counting.sizes(orders, name, "store_id")))
        for name in counting.OF_AMOUNTS
    } | {"revenue": outliers(sizes)}
    settled = as_of - timedelta(days=rules.STALE_DAYS)
    return {
        store: Looked(
            "orders",
            days,
            store_id=store,
            twice={"order_number": doubled.get(store, 0)},
            odd={name: found[store] for name, found in odd.items()},
            stale={"status": sum(day["unsettled"] for day in days if day["day"] < settled)},
        )
        for store, days in of_each(ask(counting.order_days(orders)), "store_id").items()
    }


def of_lines(warehouse: Warehouse, session: Holding, orders: ir.Table) -> dict[int, Looked]:
    """The lines of those orders, by store."""
    ask, lines = warehouse.engine.rows, facts.order_lines(warehouse)
    groups = session.hold(counting.line_groups(lines, orders, facts.products(warehouse)))
    sizes = ask(counting.line_sizes(groups))
    odd = {name: outliers(sizes, name) for name in ("unit_price", "unit_cost")}
    days = ask(counting.line_days(groups))
    return {
        store: Looked(
            "order_lines",
            days,
            store_id=store,
            odd={name: found[store] for name, found in odd.items()},
        )
        for store, days in of_each(days, "store_id").items()
    }


def of_people(warehouse: Warehouse, person_of: ir.Table | None, as_of: date) -> list[Looked]:
    """Everybody, and those who bought at each store: a mall that masks e-mails shows there.

    Of whom no day is known nobody knows whether they were there earlier: they count on a day after
    which nobody ordered.
    """
    ask, orders = warehouse.engine.rows, facts.orders(warehouse)
    with warehouse.engine.session() as session:
        if person_of is None:
            person_of = session.take(customers.person_of(warehouse))
        people = session.take(customers.filled(business().time_zone, as_of))
        came = session.hold(counting.newcomers(orders, person_of))
        every = ask(counting.everybody_days(came, people, as_of))
        by_store = of_each(ask(counting.people_days(came, people, as_of)), "store_id")
    (last,) = ask(orders.aggregate(day=orders.ordered_on.max()))
    if last["day"] and last["day"] > as_of:
        every = [row for row in every if row["day"] is not None]
    whole = [_people(every, None)] if every else []
    return whole + [_people(days, store) for store, days in by_store.items()]


def _people(days: Days, store: int | None) -> Looked:
    return Looked(
        "customers",
        days,
        store_id=store,
        twice={name: sum(day[f"twice_{name}"] for day in days) for name in rules.CONTACTS},
        odd={"birthday": sum(day["odd_birthday"] for day in days)},
    )


def of_the_rest(warehouse: Warehouse, as_of: date) -> Iterator[Looked]:
    """The catalogue, ad spend, and the refunds of each store."""
    ask = warehouse.engine.rows
    products = facts.products(warehouse)
    (listed,) = ask(counting.product_counts(products))
    if listed["n"]:
        yield Looked(
            "products",
            [listed],
            twice={"name": listed["has_name"] - listed["names"]},
            odd={
                name: outliers(ask(counting.sizes(products, name)))[None]
                for name in ("price", "cost")
            },
        )
    every = facts.ad_spend(warehouse)
    spend = every.filter(every.day <= as_of)
    if days := ask(counting.spend_days(spend)):
        odd = {"amount": outliers(ask(counting.sizes(spend, "amount")))[None]}
        yield Looked("ad_spend", days, odd=odd)
    every = facts.refunds(warehouse)
    refunds = every.filter(every.refunded_on <= as_of)
    by_store = of_each(ask(counting.refund_days(refunds)), "store_id")
    if not by_store:
        return
    doubled = counting.by_store(ask(counting.refund_doubles(refunds)))
    beyond = outliers(ask(counting.sizes(refunds, "amount", "store_id")))
    for store, of_one in by_store.items():
        twice, odd = {"order": doubled.get(store, 0)}, {"amount": beyond[store]}
        yield Looked("refunds", of_one, store_id=store, twice=twice, odd=odd)


def of_events(warehouse: Warehouse, as_of: date) -> list[Looked]:
    """The live events of each source."""
    days = warehouse.engine.rows(counting.event_days(warehouse.facts(EVENTS), as_of))
    return [
        Looked("events", of_one, store_id=of_one[-1]["store_id"], source_id=source)
        for source, of_one in of_each(days, "source_id").items()
    ]
