"""Prices finer than their currency: each line is rounded, and together they add up.

What a line loses or gains by rounding is carried to the next such line of the file, or of the order
where the file states the order's total (docs/decisions/0012).
"""

from __future__ import annotations

from joren.collect.connectors.files.staging import quoted
from joren.collect.connectors.rejecting import Rejections
from joren.collect.connectors.typed import Typed
from joren.warehouse import DuckDB


def finer(engine: DuckDB, typed: Typed) -> int:
    """How many lines have a price finer than its currency."""
    any_ = f"SELECT count(_rest) FROM read_parquet({quoted(typed.file('what'))})"
    if not engine.raw.execute(any_).fetchall()[0][0]:
        return 0
    counted = f"SELECT count(*) FROM {typed.whole()} WHERE _rest IS NOT NULL"
    (count,) = engine.raw.execute(counted).fetchall()[0]
    return int(count)


def carry(engine: DuckDB, typed: Typed, rejected: Rejections, *, by_order: bool) -> int:
    """Write what each such line's amount is more by; returns how many there are."""
    count = finer(engine, typed)
    if not count:
        return 0
    within = "currency, order_number" if by_order else "currency"
    sum_so_far = f"sum(_rest) OVER (PARTITION BY {within} ORDER BY source_row)"
    carried = (
        "SELECT source_row, "
        "CAST(round_even(_sum, 0) - round_even(_sum - _rest, 0) AS BIGINT) AS more FROM "
        f"(SELECT source_row, _rest, CAST({sum_so_far} AS DECIMAL(38, 8)) AS _sum "
        f"FROM {typed.whole()} WHERE _rest IS NOT NULL AND {rejected.stays('_row')})"
    )
    engine.raw.execute(f"COPY ({carried}) TO {quoted(typed.carried)} (FORMAT parquet)")
    return count
