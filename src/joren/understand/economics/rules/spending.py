"""Which months of which source have a recorded spend, and how much it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from joren.core.period import month_of, months
from joren.understand.economics.rules.touch import Paid

_FOR_NEW = {"new", None}  # spend that is not split is counted as spend for new customers


@dataclass(frozen=True)
class Spending:
    """Spend of one source, or of all. Between its first and last month it is known throughout."""

    by_month: Mapping[date, Mapping[str | None, int]]

    def known(self, month: date) -> bool:
        return bool(self.by_month) and min(self.by_month) <= month <= max(self.by_month)

    def for_new(self, month: date) -> int | None:
        """Spend of the month that was to win customers; None where nothing was recorded."""
        if not self.known(month):
            return None
        return sum(self.by_month.get(month, {}).get(purpose, 0) for purpose in _FOR_NEW)

    def of(self, month: date, purpose: str | None) -> int | None:
        """Spend of one purpose; None where the month has none of it."""
        return self.by_month.get(month, {}).get(purpose)


def all_of(rows: Iterable[Mapping[str, Any]]) -> Spending:
    """All sources together."""
    return _spending(rows)


def by_source(rows: Iterable[Mapping[str, Any]]) -> dict[str | None, Spending]:
    """Each source alone."""
    found: dict[str | None, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["source"]].append(row)
    return {source: _spending(theirs) for source, theirs in found.items()}


def paid_for(rows: Iterable[Mapping[str, Any]], mediums: Collection[str]) -> Paid:
    """What counts as paid: the shop's mediums, and whatever money was spent on."""
    spent = [row for row in rows if row["source"] is not None]
    return Paid(
        mediums=mediums,
        sources={row["source"] for row in spent},
        pairs={(row["source"], row["medium"]) for row in spent if row["medium"] is not None},
    )


def full_months(as_of: date, *, since: date, last: int) -> tuple[date, ...]:
    """The last so many months that have fully passed; the running one if none has."""
    passed = [month for month in months(since, as_of) if month_end(month) <= as_of]
    return tuple(passed[-last:]) or (month_of(as_of),)


def month_end(month: date) -> date:
    return month_of(month + timedelta(days=32)) - timedelta(days=1)


def _spending(rows: Iterable[Mapping[str, Any]]) -> Spending:
    found: dict[date, dict[str | None, int]] = defaultdict(dict)
    for row in rows:
        purpose = row["purpose"] if row["purpose"] in ("new", "repeat") else None
        month = found[row["month"]]
        month[purpose] = month.get(purpose, 0) + row["amount"]
    return Spending(dict(found))


def last_months(as_of: date, *, since: date, last: int) -> tuple[date, ...]:
    """The last so many months, the running one included."""
    return tuple(months(since, as_of))[-last:]
