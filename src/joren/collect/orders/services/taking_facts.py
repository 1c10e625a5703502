"""Refunds, products, advertising and exchange rates into facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir

from joren.collect.customers.contracts import Store
from joren.collect.orders import selectors
from joren.collect.orders.contracts import (
    AD_SPEND,
    PRODUCTS,
    RATES,
    REFUNDS,
    Alongside,
    RatesIntoNothing,
    Taken,
)
from joren.collect.orders.rules import ASKED, content_of, key_of, without_tax
from joren.collect.orders.rules.grouping import shop_day
from joren.collect.orders.services.recovering import name_of, promise_and_keep, writing
from joren.core.tables import TableSpec
from joren.warehouse import Warehouse
from joren.warehouse.sums import number_of

_SAID_OF_REFUNDS: Final = (
    "order_id", "store_id", "refunded_at", "refunded_on", "paid_back", "currency", "reason",
)  # fmt: skip
"""What makes a refund another one: not what follows from its order."""


def take_products(
    warehouse: Warehouse, rows: Path, *, import_id: int, alongside: Alongside | None = None
) -> Taken:
    """Keep a catalogue: PRODUCTS without ids, one row per SKU (the last one counts)."""
    found = _read(warehouse, [rows], PRODUCTS, {})
    return _take(warehouse, found, PRODUCTS, "sku", import_id, alongside)


def take_ad_spend(
    warehouse: Warehouse, rows: Path, *, import_id: int, alongside: Alongside | None = None
) -> Taken:
    """Keep what was spent by day, source, medium, campaign and purpose."""
    found = _read(warehouse, [rows], AD_SPEND, {})
    key = ("day", "source", "medium", "campaign", "purpose", "currency")
    found = found.mutate(spend_id=key_of(*(found[name] for name in key)))
    return _take(warehouse, found, AD_SPEND, "spend_id", import_id, alongside)


def take_rates(
    warehouse: Warehouse,
    rows: Path,
    *,
    import_id: int,
    into: str | None,
    alongside: Alongside | None = None,
) -> Taken:
    """Keep what currencies are worth from a day on; ``into`` where a row names no other."""
    found = _read(warehouse, [rows], RATES, {})
    unsaid = found.filter(found.in_currency.isnull()).select("day").limit(1)
    into = into or selectors.usual_currency(warehouse)
    if into is None and warehouse.embedded.rows(unsaid):
        raise RatesIntoNothing(
            "the file does not say which currency its rates are in, and there are no orders yet",
            hint="add a column into, give --currency JPY, or choose the business's currency",
        )
    found = found.mutate(
        in_currency=ibis.coalesce(found.in_currency, ibis.literal(into, type="string"))
    )
    found = found.mutate(rate_id=key_of(found.currency, found.in_currency, found.day))
    return _take(warehouse, found, RATES, "rate_id", import_id, alongside)


def take_refunds(
    warehouse: Warehouse,
    parts: Mapping[Store, Sequence[Path]],
    *,
    import_id: int,
    zone: str,
    alongside: Alongside | None = None,
) -> Taken:
    """Keep refunds. The amount paid back contains the order's share of tax, which is taken out; of
    an order that comes later it is taken out then.
    """
    found = reduce(
        ir.Table.union, [_of_store(warehouse, rows, store) for store, rows in parts.items()]
    )
    found = found.mutate(refunded_on=shop_day(found.refunded_at, zone), paid_back=found.amount)
    found = found.mutate(
        refund_id=key_of(found.order_id, found.refunded_at, found.amount, found.reason)
    )
    orders = selectors.orders(warehouse)
    asked = orders.select("order_id", "tax_included", *ASKED, _identity="identity_id")
    t = found.left_join(asked, "order_id")
    t = t.mutate(amount=without_tax(t), identity_id=t._identity, _orderless=t.goods.isnull())
    t = t.drop("order_id_right")
    return _take(warehouse, t, REFUNDS, "refund_id", import_id, alongside, words=_SAID_OF_REFUNDS)


def _of_store(warehouse: Warehouse, rows: Sequence[Path], store: Store) -> ir.Table:
    found = _read(warehouse, rows, REFUNDS, {"order_number": "string"})
    store_id = ibis.literal(int(store.id), type="int64")
    return found.mutate(order_id=key_of(store_id, found.order_number), store_id=store_id)


def _read(
    warehouse: Warehouse, rows: Sequence[Path], spec: TableSpec, more: dict[str, str]
) -> ir.Table:
    given = TableSpec(spec.name, {"source_row": "int64", **spec.columns, **more})
    return warehouse.embedded.files(rows, given)


def _take(
    warehouse: Warehouse,
    found: ir.Table,
    spec: TableSpec,
    key: str,
    import_id: int,
    alongside: Alongside | None,
    words: Sequence[str] = (),
) -> Taken:
    """Keep what is new or different; the last of several rows with one key counts. ``words`` are
    the columns that make a row another one: all but its keys, where none are named."""
    said = words or [name for name in spec.columns if name not in (key, "import_id", "content")]
    with writing(warehouse), warehouse.embedded.session() as holding:
        last = ibis.row_number().over(group_by=found[key], order_by=ibis.desc(found.source_row))
        found = found.mutate(_place=last, content=content_of(found, [*said]))
        if "_orderless" not in found.columns:
            found = found.mutate(_orderless=ibis.literal(False))
        kept = warehouse.facts(spec)
        newest = ibis.row_number().over(group_by=kept[key], order_by=ibis.desc(kept.import_id))
        kept = kept.mutate(_newest=newest).filter(ibis._._newest == 0)
        kept = kept.select(key, _known=kept.content)
        judged = holding.hold(found.left_join(kept, key).drop(f"{key}_right"))
        news = (judged._place == 0) & (judged._known.isnull() | (judged._known != judged.content))
        folder = warehouse.journal.prepare(name_of(import_id))
        version = ibis.literal(import_id, type="int64")
        rows = judged.filter(news).mutate(import_id=version).order_by("source_row")
        counts = warehouse.embedded.rows(
            judged.aggregate(
                rows=judged.count(),
                orderless=number_of(judged._orderless),
                fresh=(news & judged._known.isnull()).cast("int64").sum().cast("int64"),
                changed=(news & judged._known.notnull()).cast("int64").sum().cast("int64"),
            )
        )[0]
        warehouse.embedded.write(rows, folder / spec.name, spec)
        fresh, changed = int(counts["fresh"] or 0), int(counts["changed"] or 0)
        unchanged, orderless = int(counts["rows"]) - fresh - changed, int(counts["orderless"] or 0)
        taken = Taken(fresh, unchanged, changed, 0, orderless)
        promise_and_keep(warehouse, folder, spec.name, import_id, taken, alongside)
    return taken
