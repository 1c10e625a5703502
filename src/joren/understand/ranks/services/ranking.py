"""The step of a refresh that says where every customer stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis.expr.types as ir
from pydantic import TypeAdapter

from joren.understand.ltv.services import Refresh
from joren.understand.ranks import selectors
from joren.understand.ranks.contracts import (
    CUSTOMER_RANKS,
    WAYS,
    Edges,
    RankMovement,
    RankReport,
    RankRules,
    VipBounds,
)
from joren.understand.ranks.rules import counting, edges, settings, standing, survival
from joren.understand.ranks.services import reporting
from joren.understand.ranks.services.reporting import Scene
from joren.warehouse import Snapshot, Warehouse

_MONTH = timedelta(days=28)  # the shortest time after which a fall is more than noise of a day
_documents = TypeAdapter(RankReport)


@dataclass(frozen=True)
class _Ranked:
    ranks: ir.Table
    rules: RankRules
    edges: Edges
    vip: VipBounds


def rank_customers(refresh: Refresh) -> dict[str, Any]:
    """Write CUSTOMER_RANKS of the snapshot; returns the room's documents."""
    ranked = _rank(refresh)
    house = refresh.warehouse
    stored = ranked.ranks.order_by("customer_id")
    house.snapshots.write(refresh.snapshot_id, CUSTOMER_RANKS, stored, house.scratch)
    return {selectors.REPORT: _documents.dump_python(_report(refresh, ranked), mode="json")}


def _rank(refresh: Refresh) -> _Ranked:
    engine, hold = refresh.warehouse.engine, refresh.holding.hold
    rules = settings.filled(selectors.rank_rules(), refresh.currency)
    measures = hold(
        standing.measured(refresh.values, refresh.purchases, _ranks_before(refresh), refresh.as_of)
    )
    reached = _edges(refresh.warehouse, measures, rules)
    shares = (rules.vip_enter, rules.vip_keep)
    bounds = engine.rows(edges.within_top(standing.vip_candidates(measures), shares))[0]
    vip = VipBounds(bounds["edge_0"], bounds["edge_1"])
    ranks = hold(standing.placed(measures, rules, reached, vip))
    return _Ranked(ranks, rules, reached, vip)


def _edges(house: Warehouse, measures: ir.Table, rules: RankRules) -> Edges:
    if rules.rfm == "thresholds":
        return Edges(rules.recency_days, rules.purchases, rules.spend or ())

    def quantiles(column: ir.Column) -> tuple[int | None, ...]:
        row = house.engine.rows(edges.above_shares(column, standing.RFM_SHARES))[0]
        return tuple(row.values())

    return Edges(
        # Fewer days are better, so the question is asked of their negative.
        tuple(None if e is None else -e for e in quantiles(-measures.days)),
        quantiles(measures.purchases),
        quantiles(measures.revenue),
    )


def _report(refresh: Refresh, ranked: _Ranked) -> RankReport:
    house, ranks = refresh.warehouse, ranked.ranks
    rows = house.engine.rows
    visits = survival.first_visits(refresh.visits)
    month_before = _four_weeks_before(refresh)
    return reporting.report(
        Scene(refresh.as_of, refresh.currency, ranked.rules, ranked.edges, ranked.vip),
        rfm=rows(counting.totals(ranks, ["rfm_r", "rfm_f", "rfm_m"])),
        deciles=rows(counting.totals(ranks, ["decile"])),
        pareto=rows(counting.pareto_parts(ranks)),
        cpm=rows(counting.totals(ranks, ["cpm"])),
        stages=rows(counting.totals(ranks, ["stage"])),
        steps=rows(survival.steps(visits, refresh.as_of)),
        first_months=rows(survival.by_first_month(visits, refresh.as_of)),
        vip=rows(counting.sales_of_vips(ranks))[0],
        compared=None if month_before is None else selectors.report_in(house, month_before),
        movement=_movement(refresh, ranks),
    )


def _movement(refresh: Refresh, ranks: ir.Table) -> RankMovement | None:
    before, previous = _ranks_before(refresh), refresh.previous
    if before is None or previous is None:
        return None
    pairs = refresh.holding.hold(counting.paired(before, ranks))
    rows = refresh.warehouse.engine.rows
    moves = {way: counting.as_moves(rows(counting.moves(pairs, way))) for way in WAYS}
    return RankMovement(previous.as_of, refresh.as_of, moves)


def _ranks_before(refresh: Refresh) -> ir.Table | None:
    """The ranks of the snapshot before, unless it looks at a later day than this refresh."""
    previous = refresh.previous
    if previous is None or previous.as_of > refresh.as_of:
        return None
    return refresh.warehouse.snapshots.table(previous.id, CUSTOMER_RANKS)


def _four_weeks_before(refresh: Refresh) -> Snapshot | None:
    latest: date = refresh.as_of - _MONTH
    old = [s for s in refresh.warehouse.snapshots.all() if s.as_of <= latest]
    return max(old, key=lambda s: (s.as_of, s.id), default=None)
