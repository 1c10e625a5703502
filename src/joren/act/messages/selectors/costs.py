"""What messages cost, by who got them and on which shop day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Max, Min

from joren.act.messages import models
from joren.act.messages.contracts import LEFT
from joren.act.messages.selectors.shares import as_now_column
from joren.plumbing.bulk import columns_of
from joren.plumbing.moments import shop_days

AT_ONCE: Final = 2_000_000
"""Rows of the ledger that are summed at a time: it may hold hundreds of millions."""
_KEYS: Final = ["customer_id", "sent_on"]
_SUMS: Final = ["messages", "known", "cost"]


def message_costs(zone: str) -> Iterator[pa.Table]:
    """Parts of MESSAGE_COSTS of all that left, whosever they turned out to be, by the shop day in
    ``zone`` on which each was asked for. Somebody and a day may stand in several parts."""
    ends = models.Send.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return
    listed = ", ".join(f"'{state}'" for state in LEFT)
    names = ["customer_id", "asked_at", "cost"]
    for first in range(ends["first"], ends["last"] + 1, AT_ONCE):
        where = f"id BETWEEN {first} AND {first + AT_ONCE - 1} AND state IN ({listed})"
        for part in columns_of(models.Send, names, where=where):
            yield _summed(_dated(part, zone))


def _dated(part: pa.Table, zone: str) -> pa.Table:
    columns = [
        pa.array(as_now_column(part["customer_id"].to_numpy()), pa.int64()),
        shop_days(part["asked_at"], zone),
        pa.array(np.ones(part.num_rows, np.int64)),
        pc.is_valid(part["cost"]).cast(pa.int64()),
        pc.fill_null(part["cost"], 0),
    ]
    return pa.table(columns, [*_KEYS, *_SUMS])


def _summed(rows: pa.Table) -> pa.Table:
    summed = rows.group_by(_KEYS).aggregate([(name, "sum") for name in _SUMS])
    ordered = summed.select([*_KEYS, *(f"{name}_sum" for name in _SUMS)])
    return ordered.rename_columns([*_KEYS, *_SUMS])
