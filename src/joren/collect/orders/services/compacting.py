"""Facts kept in few files: versions that were replaced go, and with them the list of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from joren.collect.orders.contracts import ORDER_LINES, ORDERS, SUPERSEDED
from joren.collect.orders.services.recovering import KEPT, recover
from joren.warehouse import Holding, Warehouse
from joren.warehouse.compaction import join_small, leave_out
from joren.warehouse.lake import LONGEST_READ_HOURS


@dataclass(frozen=True)
class Compacted:
    """``joined``: small files by table; ``rewritten``: files that held replaced versions;
    ``forgotten``: entries of the list of replaced versions that have become needless."""

    joined: Mapping[str, int]
    rewritten: int
    forgotten: int


def compact_facts(warehouse: Warehouse, *, now: datetime) -> Compacted:
    """Join small files, drop replaced versions, and remove what no reader can still hold.

    The list of replaced versions (decision 0002) loses an entry only after the longest read: who
    has begun to read may hold the files from before, and must still find the entry.
    """
    with warehouse.journal.lock(), warehouse.engine.session() as holding:
        recover(warehouse)
        forgotten = _forget(warehouse, holding, now)
        replaced = holding.hold(warehouse.facts(SUPERSEDED))
        rewritten = sum(
            leave_out(warehouse.lake, warehouse.engine, spec, replaced, warehouse.scratch)
            for spec in (ORDER_LINES, ORDERS)
        )
        joined = {
            spec.name: join_small(warehouse.lake, warehouse.engine, spec, warehouse.scratch)
            for spec in KEPT
        }
        for spec in KEPT:
            warehouse.lake.vacuum(spec)
    return Compacted(joined, rewritten, forgotten)


def _forget(warehouse: Warehouse, holding: Holding, now: datetime) -> int:
    """Take out of the list what an earlier compaction has dropped, long enough ago."""
    times = [warehouse.lake.exchanged_at(spec) for spec in (ORDER_LINES, ORDERS)]
    if any(at is not None and now - at < timedelta(hours=LONGEST_READ_HOURS) for at in times):
        return 0
    listed = holding.hold(warehouse.facts(SUPERSEDED))
    needless = listed
    for spec in (ORDER_LINES, ORDERS):
        needless = needless.anti_join(warehouse.facts(spec), ["order_id", "import_id"])
    needless = holding.hold(needless)
    (row,) = warehouse.engine.rows(needless.agg(count=needless.count()))
    if row["count"]:
        leave_out(warehouse.lake, warehouse.engine, SUPERSEDED, needless, warehouse.scratch)
    return int(row["count"])
