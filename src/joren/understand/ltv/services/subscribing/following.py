"""Contracts as they stood at a day, and the renewals that were decided by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import pyarrow as pa

from joren.science.clv.renewals import Contracts
from joren.science.clv.renewals_ahead import Waits
from joren.understand.ltv.rules import contract_runs as runs
from joren.understand.ltv.rules.scoring import column
from joren.understand.ltv.services.gathering import Gathered


@dataclass(frozen=True)
class Followed:
    """The deliveries of all contracts up to a day, each in its run."""

    rows: ir.Table
    as_of: date
    usual: int


def follow(gathered: Gathered, purchases: ir.Table, as_of: date) -> Followed | None:
    """None where no order belongs to a contract."""
    hold, engine = gathered.holding.hold, gathered.warehouse.engine
    days = hold(runs.deliveries(purchases.filter(purchases.ordered_on <= as_of)))
    if not engine.rows(days.agg(deliveries=days.count()))[0]["deliveries"]:
        return None
    intervals = hold(runs.own_intervals(days))
    usual = runs.usual_interval(engine.rows(runs.spread_of_intervals(intervals)))
    return Followed(hold(runs.runs(days, intervals, usual)), as_of, usual)


def decided_runs(gathered: Gathered, found: ir.Table) -> int:
    """How many runs have a decided renewal."""
    return int(gathered.warehouse.engine.rows(runs.runs_decided(found))[0]["runs"])


def renewals(gathered: Gathered, found: ir.Table, n: int) -> Contracts:
    """What was decided, by running number, of ``n`` runs."""
    rows: pa.Table = gathered.warehouse.engine.arrow(runs.renewals(found))
    return Contracts(
        column(rows, "number"), column(rows, "renewed"), column(rows, "lost"), float(n)
    )


def waits(gathered: Gathered, found: ir.Table) -> Waits:
    """When the renewals came."""
    rows = gathered.warehouse.engine.rows(runs.waits(found))
    return Waits.of(
        [row["tenth"] for row in rows],
        [row["renewals"] for row in rows],
        size=runs.TENTHS,
        days=sum(row["days"] for row in rows),
        intervals=sum(row["intervals"] for row in rows),
    )
