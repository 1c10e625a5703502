"""The step of a refresh that keeps each customer's pressure, so that segments can ask for it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from joren.act.messages import selectors as messages
from joren.act.pressure import rules
from joren.act.pressure.contracts import CUSTOMER_PRESSURE, WINDOWS
from joren.act.pressure.selectors import weights
from joren.understand.ltv.services import Refresh


def weigh_pressure(refresh: Refresh) -> None:
    """Write CUSTOMER_PRESSURE of the snapshot, from the ledger as it is now."""
    left = messages.left_to_people(max(WINDOWS))
    who, sums, counts = rules.weighed(left.customers, left.kinds, left.days_ago, weights())
    caps = messages.policy().caps
    columns: dict[str, pa.Array] = {"customer_id": pa.array(who, pa.int64())}
    for place, days in enumerate(WINDOWS):
        most = rules.allowed(caps, days)
        share = np.round(100 * sums[:, place] / most, 1) if most else np.full(len(who), np.nan)
        columns[f"pressure_{days}d"] = pa.array(share, pa.float64(), from_pandas=True)
    columns["messages_30d"] = pa.array(counts[:, WINDOWS.index(30)], pa.int64())
    house = refresh.warehouse
    table = refresh.holding.take(pa.table(columns))
    house.snapshots.write(refresh.snapshot_id, CUSTOMER_PRESSURE, table, house.scratch)
