"""What was to be believed of one customer, day by day since their first purchase."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np
import pyarrow as pa

from joren.collect.orders import selectors as facts
from joren.collect.quality.selectors import verdicts_in
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from joren.science.clv import diagnostics
from joren.science.clv.candidates import Clocked
from joren.understand.ltv import selectors
from joren.understand.ltv.contracts import CustomerPath, NoValue, PathDay, reasons
from joren.understand.ltv.rules import thresholds
from joren.understand.ltv.rules.purchases import Facts
from joren.understand.ltv.services.ahead import told_by
from joren.understand.ltv.services.gathering import purchases_of
from joren.warehouse import Snapshot

POINTS: Final = 180
"""Days that a picture shows, besides those around a purchase."""


def path_of(customer: CustomerId, snapshot: Snapshot, *, identities: Sequence[int]) -> CustomerPath:
    """By the model and up to the day of the snapshot, from the orders as they are known now.

    ``identities`` are what the customer's facts carry.
    """
    report = selectors.model_report(snapshot)
    told = told_by(report)
    bought = _purchase_days(identities, as_of=snapshot.as_of, currency=report.currency)
    if not bought:
        raise NoValue(f"customer {customer} had no purchase by {snapshot.as_of}")
    return CustomerPath(
        customer_id=customer,
        as_of=report.as_of,
        model=report.orders_model,
        bought=tuple(day.isoformat() for day in bought),
        days=() if told is None else _days(told, bought, snapshot.as_of),
        why=reasons.NO_MODEL_YET if told is None else "",
        verdicts=verdicts_in(warehouse(), snapshot, "predictions"),
    )


def _days(told: Clocked, bought: Sequence[date], as_of: date) -> tuple[PathDay, ...]:
    first = bought[0]
    since = np.array([(day - first).days for day in bought[1:]], dtype=np.float64)
    end = float((as_of - first).days)
    even = np.round(np.linspace(0.0, end, POINTS))
    at = np.unique(np.concatenate([even, since, since - 1.0]))  # it falls until the evening before
    begun = float((first - date(1970, 1, 1)).days)
    clock = told.ahead(begun, np.concatenate([since, at, [end]]))
    repeats, shown, whole = np.split(clock, [since.size, since.size + at.size])
    year = float(told.ahead(begun + end, thresholds.HORIZON_DAYS))
    path = diagnostics.path(told.fitted, repeats, float(whole[0]), t=year, at=shown)
    return tuple(
        PathDay((first + timedelta(days=int(day))).isoformat(), float(alive))
        for day, alive in zip(at.tolist(), path.probability_alive, strict=True)
    )


def _purchase_days(identities: Sequence[int], *, as_of: date, currency: str) -> list[date]:
    """Counted as a refresh counts them."""
    house = warehouse()
    with house.embedded.session() as holding:
        whose = holding.take(
            pa.table({
                "identity_id": pa.array(identities, pa.int64()),
                "customer_id": pa.array([0] * len(identities), pa.int64()),
            })
        )  # fmt: skip
        orders = holding.hold(facts.orders(house).semi_join(whose, "identity_id"))
        lines = holding.hold(facts.order_lines(house).semi_join(orders, "order_id"))
        known = Facts(
            orders, lines, facts.refunds(house), facts.products(house), whose, facts.rates(house)
        )
        made = purchases_of(known, holding=holding, as_of=as_of, currency=currency)
        days = made.select(day=made.ordered_on).distinct().order_by("day")
        return [row["day"] for row in house.embedded.rows(days)]
