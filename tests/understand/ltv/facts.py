"""A small shop's facts, written into a warehouse as an import writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from joren.collect.orders.contracts import ORDER_LINES, ORDERS, PRODUCTS, RATES, REFUNDS
from joren.core.tables import TableSpec
from joren.understand.ltv.services import Facts, Gathered, gather
from joren.warehouse import Holding, Snapshot, Warehouse, open_warehouse
from joren.warehouse.rows import write_rows

Row = Mapping[str, Any]


def order(number: int, customer: int | None, day: str, revenue: int, **more: Any) -> dict[str, Any]:
    """One paid order of a customer whose identity has the customer's number."""
    on = date.fromisoformat(day)
    return {
        "order_id": number,
        "import_id": 1,
        "identity_id": customer,
        "store_id": 1,
        "order_number": str(number),
        "ordered_at": datetime.combine(on, time(3), UTC),
        "ordered_on": on,
        "status": "paid",
        "currency": "JPY",
        "free": False,
        "goods": revenue,
        "total": revenue,
        "revenue": revenue,
    } | more


def refund(number: int, day: str, amount: int, **more: Any) -> dict[str, Any]:
    """Money given back on that day."""
    return {
        "refund_id": number,
        "import_id": 1,
        "store_id": 1,
        "refunded_on": date.fromisoformat(day),
        "amount": amount,
        "currency": "JPY",
    } | more


def rate(day: str, currency: str, value: str, into: str = "JPY") -> dict[str, Any]:
    """What one unit of the currency is worth from that day on."""
    return {
        "day": date.fromisoformat(day),
        "currency": currency,
        "in_currency": into,
        "rate": Decimal(value),
    }


@dataclass(frozen=True)
class Shop:
    """Facts of a shop and the warehouse they lie in."""

    folder: Path
    orders: Sequence[Row] = ()
    lines: Sequence[Row] = ()
    refunds: Sequence[Row] = ()
    products: Sequence[Row] = ()
    rates: Sequence[Row] = ()
    people: Mapping[int, int] = field(default_factory=dict)  # identity → customer, if not equal

    def open(self) -> Warehouse:
        """The warehouse with the facts in it."""
        warehouse = open_warehouse(
            str(self.folder / "lake"), home=self.folder / "home", memory="1GB", threads=2
        )
        written(warehouse, self)
        return warehouse

    def facts(self, warehouse: Warehouse, holding: Holding) -> Facts:
        """The facts as the rooms of collect answer them."""
        rows = (*self.orders, *self.refunds)
        identities = {row["identity_id"] for row in rows if row.get("identity_id")}
        people = pa.table(
            {
                "identity_id": pa.array(sorted(identities), pa.int64()),
                "customer_id": pa.array(
                    [self.people.get(one, one) for one in sorted(identities)], pa.int64()
                ),
            }
        )
        return Facts(
            orders=warehouse.facts(ORDERS),
            order_lines=warehouse.facts(ORDER_LINES),
            refunds=warehouse.facts(REFUNDS),
            products=warehouse.facts(PRODUCTS),
            person_of=holding.take(people),
            rates=warehouse.facts(RATES) if self.rates else None,
        )

    def gathered(
        self,
        warehouse: Warehouse,
        holding: Holding,
        as_of: str,
        *,
        currency: str | None = None,
        previous: Snapshot | None = None,
        messages: pa.Table | None = None,
        store_names: Mapping[int, str] | None = None,
    ) -> Gathered:
        """The purchases of the shop up to that day."""
        return gather(
            self.facts(warehouse, holding),
            warehouse=warehouse,
            holding=holding,
            snapshot_id=warehouse.snapshots.next_id(),
            as_of=date.fromisoformat(as_of),
            currency=currency,
            previous=previous,
            store_names=store_names or {1: "本店"},
            messages=() if messages is None else (messages,),
        )


def written(warehouse: Warehouse, shop: Shop) -> None:
    """The shop's facts in that warehouse."""
    for spec, rows in (
        (ORDERS, shop.orders),
        (ORDER_LINES, shop.lines),
        (REFUNDS, shop.refunds),
        (PRODUCTS, shop.products),
        (RATES, shop.rates),
    ):
        _keep(warehouse, spec, rows)


def _keep(warehouse: Warehouse, spec: TableSpec, rows: Sequence[Row]) -> None:
    if rows:
        files = write_rows(rows, warehouse.scratch, spec)
        warehouse.lake.append(spec, files, key=f"test-{spec.name}")
