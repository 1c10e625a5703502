"""Where one customer stood in each snapshot that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv.contracts import CUSTOMER_VALUES
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.warehouse import Snapshot

SHOWN: Final = 24


def history_of(customer: CustomerId) -> list[dict[str, Any]]:
    """One row for each of the last days, newest first: ranks and values as they stood then."""
    days = _days()
    if not days:
        return []
    what = ("history_of", *(int(one.id) for one in days))
    return warehouse().questions.rows(what, lambda: _rows(days), customer_id=[customer])


def _rows(days: Sequence[Snapshot]) -> ir.Table:
    house = warehouse()
    given = house.questions.given("customer_id")
    parts = []
    for one in days:
        ranks = house.snapshots.table(one.id, CUSTOMER_RANKS).semi_join(given, "customer_id")
        worth = house.snapshots.table(one.id, CUSTOMER_VALUES).semi_join(given, "customer_id")
        parts.append(
            worth.left_join(ranks, "customer_id").select(
                *("stage", "rfm_r", "rfm_f", "rfm_m", "decile", "cpm", "vip"),
                *("orders", "revenue_past", "revenue_365d"),
                snapshot_id=ibis.literal(int(one.id)),
                as_of=ibis.literal(one.as_of),
            )
        )
    whole = ibis.union(*parts) if len(parts) > 1 else parts[0]
    return whole.order_by(ibis.desc("as_of"))


def _days() -> list[Snapshot]:
    """The last snapshot of each day, the newest days."""
    by_day = {one.as_of: one for one in warehouse().snapshots.all()}
    return [by_day[day] for day in sorted(by_day, reverse=True)[:SHOWN]]
