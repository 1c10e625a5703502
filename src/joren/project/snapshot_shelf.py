"""Which snapshots are kept: 35 daily ones, then one a month; what dead refreshes left goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from joren.act.journeys.contracts import CUSTOMER_ATTRIBUTES
from joren.act.pressure.contracts import CUSTOMER_PRESSURE
from joren.collect.customers.contracts import TRAITS
from joren.core.ids import SnapshotId
from joren.decide.segments.contracts import CREDITED, IDENTITIES, MEMBERS, MOVES, PURCHASED
from joren.understand.cohorts.contracts import COHORT_CELLS
from joren.understand.ltv.contracts import CUSTOMER_SUBSCRIPTIONS, CUSTOMER_VALUES, SUBSCRIPTIONS
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.understand.shifts.contracts import CUSTOMER_SHIFTS
from joren.warehouse import Snapshot, Warehouse
from joren.warehouse.snapshots import FIGURES, SNAPSHOTS

_PRUNED: Final = (
    CUSTOMER_VALUES, SUBSCRIPTIONS, CUSTOMER_SUBSCRIPTIONS, CUSTOMER_RANKS, COHORT_CELLS, TRAITS,
    CUSTOMER_SHIFTS, CUSTOMER_PRESSURE, CUSTOMER_ATTRIBUTES, PURCHASED, CREDITED, IDENTITIES,
    MEMBERS, FIGURES,
)  # fmt: skip
INSIGHTS: Final = (*_PRUNED, MOVES)
"""Who came to a segment and who left is a log, and stays when the figures of its day go."""

DAILY: Final = 35

_PARTITION: Final = re.compile(r"snapshot_id=(\d+)")


def clear(house: Warehouse) -> tuple[SnapshotId, ...]:
    """Remove the tables of snapshots that were never finished; returns their ids."""
    finished = {one.id for one in house.snapshots.all()}
    left = tuple(sorted(_present(house) - finished))
    for snapshot in left:
        house.snapshots.drop(snapshot, _PRUNED)
    house.snapshots.drop(house.snapshots.next_id(), (MOVES,))
    return left


def prune(house: Warehouse) -> tuple[SnapshotId, ...]:
    """Take out the snapshots that are no longer kept; returns their ids."""
    out = outdated(house.snapshots.all())
    for snapshot in out:
        # The row first: a snapshot that is seen is always whole.
        house.lake.drop_snapshot(SNAPSHOTS, snapshot)
        house.snapshots.drop(snapshot, _PRUNED)
    if out:
        for spec in (*INSIGHTS, SNAPSHOTS):
            house.lake.vacuum(spec)
    return out


def outdated(snapshots: Sequence[Snapshot]) -> tuple[SnapshotId, ...]:
    """Of the 35 days before the latest as-of day one snapshot each is kept, earlier one a month.

    It is the one built last. The current one stays whatever its day.
    """
    if not snapshots:
        return ()
    in_order = sorted(snapshots, key=lambda one: one.id)
    daily_from = max(one.as_of for one in in_order) - timedelta(days=DAILY - 1)
    kept: dict[tuple[int, ...], SnapshotId] = {}
    for one in in_order:
        day = one.as_of
        key = (day.year, day.month, day.day) if day >= daily_from else (day.year, day.month)
        kept[key] = one.id
    stay = {*kept.values(), in_order[-1].id}
    return tuple(one.id for one in in_order if one.id not in stay)


def _present(house: Warehouse) -> set[SnapshotId]:
    """Ids under which any table has rows."""
    return {
        SnapshotId(int(found.group(1)))
        for spec in _PRUNED
        for path in house.lake.files(spec)
        if (found := _PARTITION.search(path))
    }
