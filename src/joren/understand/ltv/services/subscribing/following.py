"""Contracts as they stood at some days, and the renewals that were decided by each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import ibis.expr.types as ir
import numpy as np

from joren.science.clv.renewals import Contracts
from joren.science.clv.renewals_ahead import Waits
from joren.understand.ltv.rules import contract_runs as runs
from joren.understand.ltv.services.gathering import Gathered


@dataclass(frozen=True)
class Followed:
    """The deliveries of all contracts, each in its run, as they were known ``at`` each day.

    ``usual`` is the interval of the shop's contracts at each of them.
    """

    rows: ir.Table
    usual: Mapping[date, int]


def follow(gathered: Gathered, purchases: ir.Table, ends: Sequence[date]) -> Followed | None:
    """None where at none of these days an order had belonged to a contract."""
    hold, engine = gathered.holding.hold, gathered.warehouse.engine
    days = hold(runs.seen_at(runs.deliveries(purchases), ends))
    if not engine.rows(days.agg(deliveries=days.count()))[0]["deliveries"]:
        return None
    intervals = hold(runs.own_intervals(days))
    usual = runs.usual_intervals(engine.rows(runs.spread_of_intervals(intervals)), ends)
    return Followed(hold(runs.runs(days, intervals, usual)), usual)


def decided_runs(gathered: Gathered, found: ir.Table) -> dict[date, int]:
    """How many runs have a decided renewal, at each day that has any."""
    rows = gathered.warehouse.engine.rows(runs.runs_decided(found))
    return {row["at"]: row["runs"] for row in rows}


def renewals(
    gathered: Gathered, found: ir.Table, runs_at: Mapping[date, int]
) -> dict[date, Contracts]:
    """What was decided at each day, by running number."""
    return {
        at: Contracts(
            np.array([row["number"] for row in rows]),
            np.array([row["renewed"] for row in rows]),
            np.array([row["lost"] for row in rows]),
            float(runs_at[at]),
        )
        for at, rows in _by_day(gathered, runs.renewals(found)).items()
    }


def waits(gathered: Gathered, found: ir.Table, ends: Iterable[date]) -> dict[date, Waits]:
    """When the renewals came, as known at each of the days."""
    by_day = _by_day(gathered, runs.waits(found))
    return {end: _waits(by_day.get(end, [])) for end in ends}


def _waits(rows: Sequence[dict[str, Any]]) -> Waits:
    return Waits.of(
        [row["tenth"] for row in rows],
        [row["renewals"] for row in rows],
        size=runs.TENTHS,
        days=sum(row["days"] for row in rows),
        intervals=sum(row["intervals"] for row in rows),
    )


def _by_day(gathered: Gathered, sums: ir.Table) -> dict[date, list[dict[str, Any]]]:
    """The rows of each day; the table is in the order of days."""
    rows = gathered.warehouse.engine.rows(sums)
    return {at: list(some) for at, some in groupby(rows, key=itemgetter("at"))}
