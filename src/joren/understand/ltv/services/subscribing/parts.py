"""The two parts of what a customer with a contract that runs may bring: contract, and the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from joren.core.errors import Refused
from joren.science.arrays import Floats, Indices
from joren.science.clv import spend_choosing as spends
from joren.science.clv.calendar import Customers
from joren.science.clv.candidates import Candidate, fitted
from joren.science.clv.renewals_ahead import Ahead
from joren.science.clv.spend_choosing import mean_of
from joren.science.shrinkage import Prior, shrunken_ratio
from joren.understand.ltv.rules import contract_parts, thresholds
from joren.understand.ltv.rules.scoring import column
from joren.understand.ltv.services.gathering import Gathered
from joren.understand.ltv.services.judging import days_of, number_of

RUNS = ("active", "late")


@dataclass(frozen=True, eq=False)
class Parts:
    """Customers in the order of their number; orders and money of the coming days."""

    customer: NDArray[np.int64]
    contract_orders: Floats
    contract_revenue: Floats
    other_orders: Floats
    other_revenue: Floats

    @property
    def orders(self) -> Floats:
        return self.contract_orders + self.other_orders

    @property
    def revenue(self) -> Floats:
        return self.contract_revenue + self.other_revenue


@dataclass(frozen=True, eq=False)
class Terms:
    """By what the parts are told: all as it was known on the day."""

    ahead: Ahead
    price: Prior
    model: str
    spend: spends.Fitted


def parts(
    gathered: Gathered,
    purchases: ir.Table,
    contracts: ir.Table,
    terms: Terms,
    *,
    as_of: date,
    days: int,
) -> Parts:
    """Of everybody whose contract runs on the day: ``purchases`` up to it, ``contracts`` on it."""
    running = gathered.holding.hold(contracts.filter(contracts.status.isin(RUNS)))
    by_contract = gathered.warehouse.engine.arrow(
        running.order_by("customer_id", "store_id", "subscription_id")
    )
    beside = gathered.warehouse.engine.arrow(contract_parts.beside(purchases, running))
    customer = beside["customer_id"].to_numpy()
    where = np.searchsorted(customer, by_contract["customer_id"].to_numpy())
    renewals = terms.ahead.renewals(
        column(by_contract, "number"),
        column(by_contract, "interval_days"),
        column(by_contract, "silent_days"),
        days,
    )
    each = shrunken_ratio(
        column(by_contract, "renewal_revenue"), column(by_contract, "renewals_paid"), terms.price
    )
    other = _other_orders(beside, terms.model, number_of(as_of), days)
    paid, money = (_zero(beside, name) for name in ("paid", "money"))
    spend = terms.spend.conditional_expected_spend(paid, mean_of(paid, money))
    size = customer.size
    return Parts(
        customer,
        _sums(where, renewals, size),
        _sums(where, renewals * each, size),
        other,
        other * spend,
    )


def _other_orders(beside: pa.Table, model: str, end: float, days: int) -> Floats:
    """By the shop's model of orders, learned from these customers' orders beside their contracts.

    Where too few have come back, everybody gets the rate of all.
    """
    first, count = days_of(beside, "first_on"), _zero(beside, "days")
    last = np.where(count > 0, days_of(beside, "last_on"), first)
    if int((count > 0).sum()) >= thresholds.FIT_REPEATERS:
        people = Customers.of(count, first, last, end)
        try:
            return fitted(Candidate(model), people, None).expected(people, days)
        except Refused:
            pass  # a model that cannot be fitted leaves the rate of all
    lived = float((end - first).sum())
    rate = float(count.sum()) / lived if lived > 0 else 0.0
    return np.full(count.size, rate * days)


def _zero(rows: pa.Table, name: str) -> Floats:
    numbers = rows[name].fill_null(0).to_numpy()
    return np.asarray(numbers, dtype=np.float64)


def _sums(places: Indices, amounts: Floats, size: int) -> Floats:
    return np.bincount(places, amounts, minlength=size).astype(np.float64)
