"""Groups of customers that began together, followed over time. No Django."""

from __future__ import annotations

from typing import Final

from joren.core.tables import TableSpec

COHORT_CELLS: Final = TableSpec(
    "cohort_cells",
    {
        "dimension": "string",  # all, store, sku, category, source
        "value": "string",  # within the dimension; the long tail is "…"
        "cohort": "date",  # month of the first purchase
        "age": "int64",  # months since then; 0 is the month itself
        "customers": "int64",  # in the cohort: the n of every share
        "mature": "boolean",  # has the whole month of that age passed for all of them?
        "active": "int64",  # customers with a purchase in that month
        "orders": "int64",
        "revenue": "int64",
        "revenue_to_date": "int64",  # cumulative
        "revenue_squares": "float64",  # of cumulative revenue per customer: for the interval
        "profit_to_date": "int64",  # null: not known
    },
    snapshot=True,
)
