"""Prices finer than their currency: each line is rounded, and together they add up.

What a line loses or gains by rounding is carried to the next such line of the file, or of the order
where the file states the order's total (docs/decisions/0012).
"""

from __future__ import annotations

from pathlib import Path

from joren.collect.connectors.fields import typed_rows
from joren.collect.connectors.files.staging import quoted
from joren.collect.connectors.rejecting import Rejections
from joren.warehouse import DuckDB


def finer(engine: DuckDB, typed: Path) -> int:
    """How many lines have a price finer than its currency."""
    counted = f"SELECT count(*) FROM {typed_rows(typed)} WHERE _rest IS NOT NULL"  # noqa: S608
    (count,) = engine.raw.execute(counted).fetchall()[0]
    return int(count)


def carry(engine: DuckDB, typed: Path, rejected: Rejections, *, by_order: bool) -> int:
    """Round the amounts of such lines in the file of typed rows; returns how many there are."""
    count = finer(engine, typed)
    if not count:
        return 0
    rows = typed_rows(typed)
    within = "currency, order_number" if by_order else "currency"
    sum_so_far = f"sum(_rest) OVER (PARTITION BY {within} ORDER BY source_row)"
    carried = (
        "SELECT source_row AS _place, "  # noqa: S608
        "round_even(_sum, 0) - round_even(_sum - _rest, 0) AS _more FROM "
        f"(SELECT source_row, _rest, CAST({sum_so_far} AS DECIMAL(38, 8)) AS _sum FROM {rows} "
        f"WHERE _rest IS NOT NULL AND {rejected.stays('_row')})"
    )
    target = typed.with_name("carried.parquet")
    query = (
        f"SELECT * EXCLUDE (_place, _more) REPLACE (amount + coalesce(_more, 0) AS amount) "  # noqa: S608
        f"FROM {rows} LEFT JOIN ({carried}) ON source_row = _place"
    )
    engine.raw.execute(f"COPY ({query}) TO {quoted(target)} (FORMAT parquet)")
    target.replace(typed)
    return count
