"""Questions about what customers are worth, answered from snapshots."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter

from joren.collect.orders import selectors as facts
from joren.collect.quality.selectors import verdicts_in
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv.contracts import (
    CUSTOMER_VALUES,
    ModelReport,
    NoSnapshot,
    NoValue,
    StandingRate,
    SubscriptionReport,
    ValueReport,
)
from joren.understand.ltv.rules import exchange
from joren.warehouse import Snapshot, Warehouse

T = TypeVar("T")
ROOM: Final = "ltv"
REPORT: Final = "value"
MODELS: Final = "models"
CONTRACTS: Final = "contracts"


def snapshot(number: int | None = None) -> Snapshot:
    """The snapshot of that number; without one the current one."""
    every = warehouse().snapshots.all()
    if not every:
        raise NoSnapshot("nothing has been refreshed yet", hint="joren refresh")
    if number is None:
        return every[-1]
    for one in every:
        if one.id == number:
            return one
    raise NoSnapshot(f"no snapshot {number}", hint=f"the newest is {every[-1].id}")


def snapshot_by(day: date) -> Snapshot:
    """The newest snapshot of that day; where it has none, of the last day before it."""
    until = [one for one in warehouse().snapshots.all() if one.as_of <= day]
    if not until:
        raise NoSnapshot(f"no snapshot is of {day} or earlier", hint="joren refresh --as-of DATE")
    return max(until, key=lambda one: (one.as_of, one.id))


def value_report(snapshot: Snapshot) -> ValueReport:
    """What the customers of the snapshot were worth and may be worth."""
    return report_in(warehouse(), snapshot)


def report_in(house: Warehouse, snapshot: Snapshot) -> ValueReport:
    """The same, of a warehouse at hand."""
    found = _known(house, snapshot, REPORT, _reader().validate_python)
    return replace(found, verdicts=verdicts_in(house, snapshot, "predictions", "profit"))


def model_report(snapshot: Snapshot) -> ModelReport:
    """Which models the snapshot's predictions come from, and why."""
    return models_in(warehouse(), snapshot)


def models_in(house: Warehouse, snapshot: Snapshot) -> ModelReport:
    """The same, of a warehouse at hand."""
    found = _known(house, snapshot, MODELS, _model_reader().validate_python)
    return replace(found, verdicts=verdicts_in(house, snapshot, "predictions"))


def contract_report(snapshot: Snapshot) -> SubscriptionReport:
    """How contracts (定期) go on, and what those that run may bring."""
    house = warehouse()
    found = _known(house, snapshot, CONTRACTS, _contract_reader().validate_python)
    return replace(found, verdicts=verdicts_in(house, snapshot, "predictions"))


def _known(house: Warehouse, snapshot: Snapshot, name: str, read: Callable[[Any], T]) -> T:
    found = house.snapshots.figure(snapshot.id, ROOM, name, read)
    if found is None:
        raise NoSnapshot(
            f"snapshot {snapshot.id} of {snapshot.as_of} has no {name} report",
            hint="joren refresh",
        )
    return found


def value_of(customer: CustomerId, snapshot: Snapshot) -> dict[str, Any]:
    """One customer's row of CUSTOMER_VALUES."""
    rows = values_of([customer], snapshot)
    if not rows:
        raise NoValue(f"customer {customer} had no purchase by {snapshot.as_of}")
    return rows[0]


def values_of(customers: Collection[int], snapshot: Snapshot) -> list[dict[str, Any]]:
    """The rows of those of them who had bought by then, in no order."""
    house = warehouse()
    return house.questions.rows(
        ("values_of", snapshot.id),
        lambda: house.snapshots.table(snapshot.id, CUSTOMER_VALUES).semi_join(
            house.questions.given("customer_id"), "customer_id"
        ),
        customer_id=list(customers),
    )


def rates_of_days(
    asked: Collection[tuple[str, date]], *, into: str
) -> dict[tuple[str, date], StandingRate]:
    """The rates at which orders of these currencies and days are counted, where there are any."""
    house = warehouse()
    known = facts.rates(house)
    if not asked or known is None:
        return {}
    of_these = known.filter(known.currency.isin({currency for currency, _ in asked}))
    rows = house.engine.rows(exchange.standing(of_these, into=into))
    return {
        (currency, day): StandingRate(row["rate"], row["rate_on"])
        for currency, day in asked
        for row in rows
        if row["foreign"] == currency and row["rate_on"] <= day < row["until"]
    }


@lru_cache(maxsize=1)
def _reader() -> TypeAdapter[ValueReport]:
    return TypeAdapter(ValueReport)


@lru_cache(maxsize=1)
def _model_reader() -> TypeAdapter[ModelReport]:
    return TypeAdapter(ModelReport)


@lru_cache(maxsize=1)
def _contract_reader() -> TypeAdapter[SubscriptionReport]:
    return TypeAdapter(SubscriptionReport)
