"""What the chosen model expects of customers who are alike: a function of Arrow batches.

Each row stands alone, so that batches may be scored on whichever machine holds them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from joren.core.tables import TableSpec
from joren.science.arrays import Floats
from joren.science.clv.calendar import Customers
from joren.science.clv.candidates import Clocked
from joren.understand.ltv.rules import thresholds

SCORES: Final = TableSpec(
    "scores",
    {
        "frequency": "int64",
        "recency": "int64",
        "T": "int64",
        "p_alive": "float64",
        "expected_orders_365d": "float64",
    },
)


def customers(rows: pa.Table | pa.RecordBatch, end: float) -> Customers:
    """Unique rows of frequency, recency and T, and how many there are of each, as of a day."""
    first = end - column(rows, "T")
    return Customers.of(
        column(rows, "frequency"),
        first,
        first + column(rows, "recency"),
        end,
        column(rows, "customers"),
    )


def scored(rows: pa.RecordBatch, *, told: Clocked, end: float) -> pa.RecordBatch:
    """SCORES of these rows."""
    people = customers(rows, end)
    alive = told.fitted.probability_alive(told.summary(people))
    ahead = told.expected(people, thresholds.HORIZON_DAYS)
    kept = [rows["frequency"], rows["recency"], rows["T"]]
    return pa.RecordBatch.from_arrays(
        [*kept, pa.array(alive), pa.array(ahead)], list(SCORES.columns)
    )


def column(rows: pa.Table | pa.RecordBatch, name: str) -> Floats:
    """One column of numbers."""
    numbers: Floats = rows[name].to_numpy(zero_copy_only=False).astype(np.float64)
    return numbers
