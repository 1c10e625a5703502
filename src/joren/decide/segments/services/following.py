"""The step of a refresh that says who belongs to each segment, who came and who left."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

import ibis
import ibis.expr.types as ir
from pydantic import TypeAdapter

from joren.collect.customers import selectors as people
from joren.collect.customers.contracts import TRAITS
from joren.collect.orders import selectors as facts
from joren.core import clock
from joren.core.errors import JorenError
from joren.decide.segments import selectors
from joren.decide.segments.contracts import (
    CREDITED,
    IDENTITIES,
    MEMBERS,
    MOVES,
    PURCHASED,
    Counted,
    Member,
    Segment,
    SegmentsReport,
)
from joren.decide.segments.rules import Sources, customers, purchased
from joren.decide.segments.selectors.keeping import REPORT
from joren.decide.segments.selectors.sources import failing_alone, sources_of
from joren.decide.segments.services import touching
from joren.understand.ltv.services import Refresh
from joren.warehouse import Snapshot, Warehouse

ORDERS_AT_ONCE: Final = 8_000_000
"""Orders that are joined and written at once."""

_documents = TypeAdapter(SegmentsReport)


def follow_segments(refresh: Refresh, zone: str) -> dict[str, Any]:
    """Write who belongs, and who moved since the last refresh; returns the room's documents."""
    read = touching.files_now(refresh.warehouse)  # before anything is: what comes after is news
    _write_sources(refresh, zone)
    house, holding = refresh.warehouse, refresh.holding
    before = _before(refresh)
    sources = sources_of(house, _as_if_finished(refresh))
    followed = {one.id: one for one in selectors.segments()}
    counted, parts = [], []
    for one in followed.values():
        found, error, seconds = _members(refresh, sources, one, before)
        parts.append(found)
        counted.append((one, error, seconds))
    now = _dated(refresh, parts, before)
    moves = holding.hold(_moves(refresh, now, before, followed))
    house.snapshots.write(refresh.snapshot_id, MEMBERS, now, house.scratch)
    house.snapshots.write(refresh.snapshot_id, MOVES, moves, house.scratch)
    sizes = _sizes(house, now, moves)
    report = SegmentsReport(
        refresh.as_of_text,
        tuple(
            Counted(one.id, one.version, *sizes.get(one.id, (0, 0, 0)), seconds, error)
            for one, error, seconds in counted
        ),
    )
    return {REPORT: _documents.dump_python(report, mode="json"), touching.READ: read}


def forget_sources(house: Warehouse) -> None:
    """Only the newest snapshot is asked, so only it keeps the large table that rules need."""
    newest = house.snapshots.latest()
    for one in house.snapshots.all():
        if newest is not None and one.id != newest.id:
            house.snapshots.drop(one.id, (PURCHASED, CREDITED, IDENTITIES, TRAITS))


def _write_sources(refresh: Refresh, zone: str) -> None:
    house = refresh.warehouse
    known = refresh.holding.take(people.traits(house, zone))
    bought = refresh.values.anti_join(known, "customer_id")
    nothing = {name: ibis.null(kind) for name, kind in TRAITS.columns.items()}
    traits = known.union(bought.select(**nothing | {"customer_id": bought.customer_id}))
    house.snapshots.write(refresh.snapshot_id, TRAITS, traits, house.scratch)
    house.snapshots.write(refresh.snapshot_id, PURCHASED, _bought(refresh), house.scratch)
    credited = refresh.credits.select(*CREDITED.columns)
    house.snapshots.write(refresh.snapshot_id, CREDITED, credited, house.scratch)
    house.snapshots.write(refresh.snapshot_id, IDENTITIES, refresh.person_of, house.scratch)


def _bought(refresh: Refresh) -> list[ir.Table]:
    """PURCHASED, in parts of orders: what joins those of a large shop at once is too much."""
    house = refresh.warehouse
    (found,) = house.engine.rows(refresh.purchases.agg(n=refresh.purchases.count()))
    parts = 1 + found["n"] // ORDERS_AT_ONCE
    if parts == 1:
        return [purchased(refresh.purchases, facts.orders(house))]
    both = (refresh.purchases, facts.orders(house))
    return [
        purchased(*(orders.filter(orders.order_id % parts == part) for orders in both))
        for part in range(parts)
    ]


def _as_if_finished(refresh: Refresh) -> Snapshot:
    """The snapshot under work: its tables are there already, though nobody else sees them."""
    settings = {"currency": refresh.currency}
    return Snapshot(refresh.snapshot_id, refresh.as_of, clock.now(), 0.0, {}, settings)


def _before(refresh: Refresh) -> ir.Table | None:
    """Who belonged at the refresh before this one, of whatever day."""
    house = refresh.warehouse
    last = house.snapshots.latest()
    if last is None or not house.lake.files(MEMBERS, snapshot=last.id):
        return None
    return refresh.holding.hold(house.snapshots.table(last.id, MEMBERS))


def _members(
    refresh: Refresh, sources: Sources, one: Segment, before: ir.Table | None
) -> tuple[ir.Table, str, float]:
    """Who belongs now. A rule that cannot be asked keeps the members it had, and says why."""
    begun = time.perf_counter()
    number = ibis.literal(one.id).cast("int64")
    try:
        with failing_alone():
            fits = customers(one.rule if one.membership == "live" else Member(one.id), sources)
            found = refresh.holding.hold(fits.mutate(segment_id=number))
        error = ""
    except JorenError as refused:
        kept = before.filter(before.segment_id == one.id) if before is not None else None
        found = _nobody(refresh) if kept is None else kept.select("customer_id", "segment_id")
        error = refused.message
    return found, error, round(time.perf_counter() - begun, 3)


def _nobody(refresh: Refresh) -> ir.Table:
    values = refresh.values
    return values.filter(False).select("customer_id", segment_id=ibis.literal(0).cast("int64"))


def _dated(refresh: Refresh, parts: list[ir.Table], before: ir.Table | None) -> ir.Table:
    """Everybody who belongs, since when."""
    every = parts[0] if parts else _nobody(refresh)
    for part in parts[1:]:
        every = every.union(part)
    today = ibis.literal(refresh.as_of)
    if before is None:
        return refresh.holding.hold(every.mutate(entered_on=today))
    since = before.select("segment_id", "customer_id", since=before.entered_on)
    both = every.left_join(since, ["segment_id", "customer_id"])
    return refresh.holding.hold(
        both.select("segment_id", "customer_id", entered_on=ibis.coalesce(both.since, today))
    )


def _moves(
    refresh: Refresh, now: ir.Table, before: ir.Table | None, followed: Mapping[int, Segment]
) -> ir.Table:
    """Who came and who left, of the segments that there are."""
    today = ibis.literal(refresh.as_of)
    own = ["segment_id", "customer_id"]
    came = now if before is None else now.anti_join(before, own)
    entered = came.select(*own, entered=ibis.literal(True), moved_on=today)
    if before is None:
        return entered
    there = before.filter(before.segment_id.isin(list(followed) or [0]))
    gone = there.anti_join(now, own)
    return entered.union(gone.select(*own, entered=ibis.literal(False), moved_on=today))


def _sizes(house: Warehouse, now: ir.Table, moves: ir.Table) -> dict[int, tuple[int, int, int]]:
    """Members, entered and left of each segment."""
    sizes = {row["segment_id"]: row["n"] for row in house.engine.rows(_per_segment(now))}
    entered = _per_segment(moves.filter(moves.entered))
    left = _per_segment(moves.filter(~moves.entered))
    came = {row["segment_id"]: row["n"] for row in house.engine.rows(entered)}
    gone = {row["segment_id"]: row["n"] for row in house.engine.rows(left)}
    return {
        one: (sizes.get(one, 0), came.get(one, 0), gone.get(one, 0))
        for one in sizes.keys() | came.keys() | gone.keys()
    }


def _per_segment(rows: ir.Table) -> ir.Table:
    return rows.group_by("segment_id").agg(n=rows.count())
