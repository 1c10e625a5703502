"""Rules asked of customers of whom nothing is known but what they are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from joren.collect.customers.contracts import TRAITS
from joren.collect.inbox.contracts import EVENTS
from joren.collect.orders.contracts import ORDER_LINES
from joren.decide.segments.contracts import PURCHASED, Rule
from joren.decide.segments.rules import Sources, check, customers
from joren.understand.ltv.contracts import CUSTOMER_SUBSCRIPTIONS, CUSTOMER_VALUES
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.understand.shifts.contracts import CUSTOMER_SHIFTS
from joren.warehouse.engine import Holding
from tests.understand.tables import table

AS_OF = date(2026, 2, 27)
Rows = list[dict[str, Any]]


def asked(
    holding: Holding,
    rule: Rule,
    values: Rows,
    *,
    ranks: Sequence[dict[str, Any]] = (),
    ago: Mapping[int, Rows] | None = None,
) -> set[int]:
    """Whom the rule fits; ``ago`` has what the values were so many days ago."""
    check(rule)
    kept = ago or {}

    def earlier(_table: str, days: int) -> Any:
        old = [one for one in kept if one >= days]
        return holding.take(table(CUSTOMER_VALUES, kept[min(old)])) if old else None

    def nobody(*_: object) -> Any:
        raise AssertionError

    people = [{"customer_id": one["customer_id"]} for one in values]
    sources = Sources(
        people=holding.take(table(TRAITS, people)),
        values=holding.take(table(CUSTOMER_VALUES, values)),
        contracts=holding.take(table(CUSTOMER_SUBSCRIPTIONS, [])),
        ranks=holding.take(table(CUSTOMER_RANKS, list(ranks))),
        shifts=holding.take(table(CUSTOMER_SHIFTS, [])),
        purchases=holding.take(table(PURCHASED, [])),
        lines=holding.take(table(ORDER_LINES, [])),
        events=holding.take(table(EVENTS, [])),
        as_of=AS_OF, of_figures=AS_OF, earlier=earlier, members=nobody,
    )  # fmt: skip
    rows = holding.engine.rows(customers(rule, sources))
    return {row["customer_id"] for row in rows}
