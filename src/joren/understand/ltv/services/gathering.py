"""From facts to purchases: the first step of a refresh, which every other room stands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import ibis.expr.types as ir
import pyarrow as pa

from joren.core.ids import SnapshotId
from joren.understand.ltv.contracts import (
    MESSAGE_COSTS,
    Conversion,
    LeftOut,
    NothingToConclude,
)
from joren.understand.ltv.rules import exchange
from joren.understand.ltv.rules import purchases as counting
from joren.understand.ltv.rules.movements import movements
from joren.warehouse import Holding, Snapshot, Warehouse
from joren.warehouse.sums import total


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What a refresh knows after its first step. Tables are held until the refresh ends.

    ``credits`` are credit notes without an order (customer_id, store_id, credited_on, amount ≥ 0):
    they reduce a customer's revenue and profit, but no purchase. ``messages`` is MESSAGE_COSTS of
    those who purchased: what they cost reduces profit.
    """

    warehouse: Warehouse
    holding: Holding
    snapshot_id: SnapshotId
    as_of: date
    currency: str
    purchases: ir.Table  # PURCHASES
    credits: ir.Table
    messages: ir.Table
    person_of: ir.Table  # (identity_id, customer_id)
    previous: Snapshot | None
    store_names: Mapping[int, str] = field(default_factory=dict)
    left_out: Sequence[LeftOut] = ()
    conversions: Sequence[Conversion] = ()
    rates: ir.Table | None = None  # into the reporting currency; None: none was given
    events: ir.Table | None = None

    @property
    def as_of_text(self) -> str:
        """The as-of day as figures write it."""
        return self.as_of.isoformat()

    @property
    def movements(self) -> ir.Table:
        """Everything that moves a customer's money, by day."""
        return movements(self.purchases, self.credits, self.messages)


@dataclass(frozen=True, kw_only=True)
class Refresh(Gathered):
    """What every room after this one works from."""

    visits: ir.Table  # days with a purchase, see ``rules.summary``
    values: ir.Table  # CUSTOMER_VALUES


def gather(
    facts: counting.Facts,
    *,
    warehouse: Warehouse,
    holding: Holding,
    snapshot_id: SnapshotId,
    as_of: date,
    currency: str | None,
    previous: Snapshot | None = None,
    store_names: Mapping[int, str] | None = None,
    messages: Iterable[pa.Table] = (),
) -> Gathered:
    """Hold the purchases up to the as-of day; ``currency`` None takes the most frequent one.

    ``messages`` are parts of MESSAGE_COSTS of whoever got any.
    """
    known = counting.known_orders(facts, as_of=as_of)
    reporting = currency or _most_frequent_currency(warehouse, known, as_of=as_of)
    if facts.rates is not None:
        rates = holding.hold(exchange.standing(facts.rates, into=reporting))
        facts = replace(facts, rates=rates)
    known = counting.in_currency(known, facts.rates, currency=reporting)
    purchases = counting.purchases(facts, known, as_of=as_of, currency=reporting)
    held = holding.hold(purchases)
    notes = holding.hold(counting.credit_notes(facts, as_of=as_of, currency=reporting))
    credits = notes.semi_join(held, "customer_id")
    told = _told(warehouse, holding, messages).filter(lambda row: row.sent_on <= as_of)
    told = told.semi_join(held, "customer_id")
    return Gathered(
        warehouse=warehouse,
        holding=holding,
        snapshot_id=snapshot_id,
        as_of=as_of,
        currency=reporting,
        purchases=held,
        credits=holding.hold(credits),
        messages=holding.hold(told),
        person_of=facts.person_of,
        previous=previous,
        store_names=dict(store_names or {}),
        left_out=(
            *_orders_left_out(warehouse, known, currency=reporting),
            *_credits_left_out(warehouse, notes.anti_join(held, "customer_id"), reporting),
        ),
        conversions=_conversions(warehouse, facts, known, currency=reporting),
        rates=facts.rates,
        events=facts.events,
    )


def _told(warehouse: Warehouse, holding: Holding, parts: Iterable[pa.Table]) -> ir.Table:
    """The parts as one: each is laid down before the next is read."""
    every = warehouse.engine.files((), MESSAGE_COSTS)
    for part in parts:
        every = every.union(holding.take(part))
    return every


def purchases_of(
    facts: counting.Facts, *, holding: Holding, as_of: date, currency: str
) -> ir.Table:
    """PURCHASES of these facts up to that day, counted as a refresh counts them.

    With all orders of some customers they are those customers' purchases.
    """
    if facts.rates is not None:
        facts = replace(facts, rates=holding.hold(exchange.standing(facts.rates, into=currency)))
    known = counting.known_orders(facts, as_of=as_of)
    known = counting.in_currency(known, facts.rates, currency=currency)
    return counting.purchases(facts, known, as_of=as_of, currency=currency)


def _most_frequent_currency(warehouse: Warehouse, known: ir.Table, *, as_of: date) -> str:
    counted = known.group_by("currency").agg(orders=known.count())
    ranked = counted.order_by([counted.orders.desc(), counted.currency.asc()]).limit(1)
    rows = warehouse.engine.rows(ranked)
    if not rows:
        raise NothingToConclude(
            f"no order on or before {as_of}", hint="joren import orders FILE, or a later --as-of"
        )
    return str(rows[0]["currency"])


def _orders_left_out(
    warehouse: Warehouse, known: ir.Table, *, currency: str
) -> tuple[LeftOut, ...]:
    reasoned = known.mutate(reason=counting.left_out_because(known, currency=currency))
    out = reasoned.filter(reasoned.reason.notnull())
    counted = out.group_by("reason", "currency").agg(orders=out.count(), revenue=total(out.stated))
    rows = warehouse.engine.rows(counted.order_by("reason", "currency"))
    return tuple(LeftOut(**row) for row in rows)


def _conversions(
    warehouse: Warehouse, facts: counting.Facts, known: ir.Table, *, currency: str
) -> tuple[Conversion, ...]:
    """What was converted of the orders that count."""
    if facts.rates is None:
        return ()
    counted = known.filter(counting.counts(known, currency=currency))
    summed = exchange.summed(counted, "own_revenue", "revenue", into=currency)
    return tuple(Conversion(**row) for row in warehouse.engine.rows(summed))


def in_reporting_currency(
    gathered: Gathered, table: ir.Table, *, day: str, amount: str
) -> tuple[ir.Table, tuple[Conversion, ...]]:
    """Facts of any currency in that of the report, where a rate is known, and what was converted.

    ``own_currency`` is what each was in before.
    """
    kept = table.mutate(own_amount=table[amount])
    converted = gathered.holding.hold(
        exchange.converted(kept, gathered.rates, into=gathered.currency, day=day, amounts=[amount])
    )
    if gathered.rates is None:
        return converted, ()
    summed = exchange.summed(converted, "own_amount", amount, into=gathered.currency)
    rows = gathered.warehouse.engine.rows(summed)
    return converted, tuple(Conversion(**row) for row in rows)


def _credits_left_out(warehouse: Warehouse, notes: ir.Table, currency: str) -> tuple[LeftOut, ...]:
    (row,) = warehouse.engine.rows(notes.agg(orders=notes.count(), revenue=total(notes.amount)))
    return (LeftOut("credit", currency, **row),) if row["orders"] else ()
