"""What messages cost, by who got them and on which shop day."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joren.act.messages import models
from joren.act.messages.contracts import LEFT
from joren.act.messages.selectors.shares import as_now_column
from joren.plumbing.bulk import columns_of

_KEYS: Final = ["customer_id", "sent_on"]
_SUMS: Final = ["messages", "known", "cost"]
_SCHEMA: Final = pa.schema(
    [
        ("customer_id", pa.int64()),
        ("sent_on", pa.date32()),
        *((name, pa.int64()) for name in _SUMS),
    ]
)


def message_costs(zone: str) -> pa.Table:
    """MESSAGE_COSTS of all that left, whosever they turned out to be, by the shop day in ``zone``
    on which each was asked for."""
    listed = ", ".join(f"'{state}'" for state in LEFT)
    names = ["customer_id", "asked_at", "cost"]
    parts = columns_of(models.Send, names, where=f"state IN ({listed})")
    # The ledger may be far larger than what is left of it: people and days.
    every = pa.concat_tables(
        [_SCHEMA.empty_table(), *(_summed(_dated(part, zone)) for part in parts)]
    )
    people = pa.array(as_now_column(every["customer_id"].to_numpy()), pa.int64())
    return _summed(every.set_column(0, "customer_id", people))


def _dated(part: pa.Table, zone: str) -> pa.Table:
    local = pc.local_timestamp(part["asked_at"].cast(pa.timestamp("us", zone)))
    columns = [
        part["customer_id"],
        local.cast(pa.timestamp("s"), safe=False).cast(pa.date32(), safe=False),
        pa.array(np.ones(part.num_rows, np.int64)),
        pc.is_valid(part["cost"]).cast(pa.int64()),
        pc.fill_null(part["cost"], 0),
    ]
    return pa.table(columns, schema=_SCHEMA)


def _summed(rows: pa.Table) -> pa.Table:
    summed = rows.group_by(_KEYS).aggregate([(name, "sum") for name in _SUMS])
    ordered = summed.select([*_KEYS, *(f"{name}_sum" for name in _SUMS)])
    return ordered.rename_columns(_SCHEMA.names)
