"""Where one customer stood in each snapshot that is kept."""

from __future__ import annotations

from typing import Any, Final

import ibis

from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv.contracts import CUSTOMER_VALUES
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.warehouse import Snapshot

SHOWN: Final = 24


def history_of(customer: CustomerId) -> list[dict[str, Any]]:
    """One row for each of the last days, newest first: ranks and values as they stood then."""
    house = warehouse()
    parts = []
    for one in _days():
        ranks = house.snapshots.table(one.id, CUSTOMER_RANKS)
        worth = house.snapshots.table(one.id, CUSTOMER_VALUES)
        both = worth.filter(worth.customer_id == customer).left_join(
            ranks.filter(ranks.customer_id == customer), "customer_id"
        )
        parts.append(
            both.select(
                *("stage", "rfm_r", "rfm_f", "rfm_m", "decile", "cpm", "vip"),
                *("orders", "revenue_past", "revenue_365d"),
                snapshot_id=ibis.literal(int(one.id)),
                as_of=ibis.literal(one.as_of),
            )
        )
    if not parts:
        return []
    whole = ibis.union(*parts) if len(parts) > 1 else parts[0]
    return house.engine.rows(whole.order_by(ibis.desc("as_of")))


def _days() -> list[Snapshot]:
    """The last snapshot of each day, the newest days."""
    by_day = {one.as_of: one for one in warehouse().snapshots.all()}
    return [by_day[day] for day in sorted(by_day, reverse=True)[:SHOWN]]
