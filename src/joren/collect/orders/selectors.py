"""Questions about facts: the newest version of everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from hashlib import md5
from typing import Any

import ibis
import ibis.expr.types as ir

from joren.collect.customers.selectors import stores
from joren.collect.orders.contracts import (
    AD_SPEND,
    ORDER_LINES,
    ORDERS,
    PRODUCTS,
    RATES,
    REFUNDS,
    SUPERSEDED,
)
from joren.collect.orders.rules import key_of
from joren.core.ids import IdentityId
from joren.plumbing.cursor import Slice, decode, encode
from joren.warehouse import Warehouse


def order_id_of(store_id: int, number: str) -> int:
    """The number under which facts know an order, for who has only one: as ``key_of`` finds it."""
    digest = md5(f"{store_id}\x1f{number}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little") % (2**63 - 1)


def orders(warehouse: Warehouse) -> ir.Table:
    """The newest version of each order."""
    return _newest(warehouse, warehouse.facts(ORDERS))


def replaced(warehouse: Warehouse) -> bool:
    """Whether there are versions that are not the newest, which each question has to leave out."""
    return bool(warehouse.lake.files(SUPERSEDED))


def order_lines(warehouse: Warehouse) -> ir.Table:
    """The lines of the newest versions."""
    return _newest(warehouse, warehouse.facts(ORDER_LINES))


def refunds(warehouse: Warehouse) -> ir.Table:
    """Refunds and credit notes, the newest word on each."""
    return _last(warehouse.facts(REFUNDS), "refund_id")


def products(warehouse: Warehouse) -> ir.Table:
    """The catalogue, the newest word on each SKU."""
    return _last(warehouse.facts(PRODUCTS), "sku")


def ad_spend(warehouse: Warehouse) -> ir.Table:
    """What was spent on advertising, the newest word on each day and campaign."""
    return _last(warehouse.facts(AD_SPEND), "spend_id")


def rates(warehouse: Warehouse) -> ir.Table | None:
    """The newest word on each currency's rate of each day; None where no rate was ever given."""
    if not warehouse.lake.files(RATES):
        return None
    return _last(warehouse.facts(RATES), "rate_id")


def usual_currency(warehouse: Warehouse) -> str | None:
    """The currency that most orders are in."""
    found = orders(warehouse).group_by("currency").agg(orders=ibis._.count())
    ranked = found.order_by([ibis.desc("orders"), "currency"]).limit(1)
    return next((row["currency"] for row in warehouse.engine.rows(ranked)), None)


def orders_under(
    warehouse: Warehouse, identities: Sequence[int], *, after: str = "", limit: int
) -> Slice[dict[str, Any]]:
    """Orders that carry these identities, newest first, each with its lines and its refunds."""
    listed = warehouse.questions.rows(
        ("orders_under", after, limit),
        lambda: _newest_under(warehouse, after, limit + 1),
        identity_id=identities,
    )
    more, listed = len(listed) > limit, listed[:limit]
    ids = [order["order_id"] for order in listed]
    days = sorted({order["ordered_on"] for order in listed})
    # By what the files are sorted by too, so that the engine passes over most of them.
    whole = _by_order(warehouse, orders, ids, "order_id", identity_id=identities)
    found = [order for number in ids for order in whole[number]]
    lines = _by_order(warehouse, order_lines, ids, "line", ordered_on=days)
    returned = _by_order(warehouse, refunds, ids, "refunded_at")
    last_one = found[-1] if more else None
    return Slice(
        tuple(
            {**one, "items": lines[one["order_id"]], "refunds": returned[one["order_id"]]}
            for one in found
        ),
        encode(last_one["ordered_at"].isoformat(), last_one["order_id"]) if last_one else "",
    )


def _newest_under(warehouse: Warehouse, after: str, limit: int) -> ir.Table:
    mine = orders(warehouse).semi_join(warehouse.questions.given("identity_id"), "identity_id")
    if after:
        moment, last = decode(after, size=2)
        here = ibis.literal(moment).cast("timestamp('UTC', 6)")
        mine = mine.filter(
            (mine.ordered_at < here) | ((mine.ordered_at == here) & (mine.order_id > last))
        )
    # Only what says which they are: to look for a few in all columns takes three times as long.
    # Distinct they are anyway; said so, DuckDB does not look at the moments of everybody's orders.
    mine = mine.select("order_id", "ordered_at", "ordered_on").distinct()
    return mine.order_by([ibis.desc("ordered_at"), "order_id"]).limit(limit)


def credits_under(warehouse: Warehouse, identities: Sequence[int]) -> list[dict[str, Any]]:
    """Credit notes of these identities that name no order, newest first."""

    def notes() -> ir.Table:
        every = refunds(warehouse)
        mine = every.filter(every.order_id.isnull())
        mine = mine.semi_join(warehouse.questions.given("identity_id"), "identity_id")
        return mine.order_by(ibis.desc("refunded_at")).limit(100)

    return warehouse.questions.rows("credits_under", notes, identity_id=identities)


def carried_by(warehouse: Warehouse, identities: Sequence[int]) -> dict[int, dict[str, Any]]:
    """How many orders came with each of these identities, and from which day to which."""

    def counted() -> ir.Table:
        mine = orders(warehouse).semi_join(warehouse.questions.given("identity_id"), "identity_id")
        return mine.group_by("identity_id").agg(
            orders=mine.count(), first=mine.ordered_on.min(), last=mine.ordered_on.max()
        )

    found = warehouse.questions.rows("carried_by", counted, identity_id=identities)
    return {row["identity_id"]: row for row in found}


def _by_order(
    warehouse: Warehouse,
    table: Callable[[Warehouse], ir.Table],
    ids: Sequence[int],
    order: str,
    **among: Sequence[int] | Sequence[date],
) -> dict[int, list[dict[str, Any]]]:
    """The rows of these orders by order; ``among`` says what else is known of them."""

    def theirs() -> ir.Table:
        given = warehouse.questions.given
        rows = table(warehouse).semi_join(given("order_id"), "order_id")
        if "identity_id" in among:
            rows = rows.semi_join(given("identity_id"), "identity_id")
        if "ordered_on" in among:
            rows = _of_days(rows, given("ordered_on", "date"))
        return rows.order_by(order)

    found: dict[int, list[dict[str, Any]]] = {number: [] for number in ids}
    if ids:
        what = (table.__name__, order, *among)
        for row in warehouse.questions.rows(what, theirs, order_id=ids, **among):
            found[row["order_id"]].append(row)
    return found


def _of_days(rows: ir.Table, days: ir.Table) -> ir.Table:
    """Lines lie in the order of their file, mostly that of time: the engine passes over most days.

    Lines of older files do not say their day: they are looked at as well.
    """
    return rows.semi_join(days, "ordered_on").union(rows.filter(rows.ordered_on.isnull()))


def identities_with_order(warehouse: Warehouse, number: str) -> list[int]:
    """Who ordered under that number, in any store."""

    def found() -> ir.Table:
        given = warehouse.questions.given
        each = given("store_id").cross_join(given("number", "string"))
        # By the id, which is a number: to compare five million texts takes much longer.
        ids = each.select(order_id=key_of(each.store_id, each.number))
        theirs = orders(warehouse).semi_join(ids, "order_id")
        return theirs.filter(theirs.identity_id.notnull()).select("identity_id").limit(20)

    asked: dict[str, Any] = {"store_id": [int(one.id) for one in stores()], "number": [number]}
    rows = warehouse.questions.rows("identities_with_order", found, **asked)
    return [row["identity_id"] for row in rows]


def identities_that_ordered(
    warehouse: Warehouse, identities: Sequence[IdentityId]
) -> list[IdentityId]:
    """Those of these few identities that some order carries."""

    def found() -> ir.Table:
        given = warehouse.questions.given("identity_id")
        return orders(warehouse).semi_join(given, "identity_id").select("identity_id").distinct()

    rows = warehouse.questions.rows("identities_that_ordered", found, identity_id=identities)
    return [IdentityId(row["identity_id"]) for row in rows]


def ordered_on(warehouse: Warehouse, order_id: int) -> date | None:
    """The shop's day of an order; None where it has not come in yet."""

    def found() -> ir.Table:
        wanted = warehouse.questions.given("order_id")
        return orders(warehouse).semi_join(wanted, "order_id").select("ordered_on").limit(1)

    rows = warehouse.questions.rows("ordered_on", found, order_id=[order_id])
    return rows[0]["ordered_on"] if rows else None


def identity_of(warehouse: Warehouse, order_id: int) -> int | None:
    """The source identity with which an order came; None where it has not come in yet."""

    def found() -> ir.Table:
        wanted = warehouse.questions.given("order_id")
        return orders(warehouse).semi_join(wanted, "order_id").select("identity_id").limit(1)

    rows = warehouse.questions.rows("identity_of", found, order_id=[order_id])
    return rows[0]["identity_id"] if rows else None


def _newest(warehouse: Warehouse, table: ir.Table) -> ir.Table:
    """Leave out the versions that a newer one replaced (a short list, see decision 0002)."""
    if not replaced(warehouse):
        return table
    return table.anti_join(warehouse.facts(SUPERSEDED), ["order_id", "import_id"])


def _last(table: ir.Table, key: str) -> ir.Table:
    place = ibis.row_number().over(group_by=table[key], order_by=ibis.desc(table.import_id))
    return table.mutate(_place=place).filter(ibis._._place == 0).drop("_place")
