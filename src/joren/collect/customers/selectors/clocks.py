"""Where people's clocks are, as far as files and live events said."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
from django.db import connection

from joren.collect.customers import models
from joren.plumbing.bulk import columns_of

_TOLD: Final = "time_zone > ''"
"""As the index of zones has it."""

_CLOCKS: Final = (
    "SELECT id AS customer_id, time_zone AS zone FROM customers_customer WHERE time_zone > ''"
)
_EACH_ONCE: Final = """
    WITH RECURSIVE told(zone) AS (
        SELECT min(time_zone) FROM customers_customer WHERE time_zone > ''
        UNION ALL
        SELECT (SELECT min(c.time_zone) FROM customers_customer AS c
            WHERE c.time_zone > '' AND c.time_zone > told.zone)
        FROM told WHERE told.zone IS NOT NULL
    )
    SELECT zone FROM told WHERE zone IS NOT NULL
"""


def clocks_sql() -> str:
    """SQL of both databases, to stand behind FROM in brackets: (customer_id, zone), IANA names."""
    return _CLOCKS


def clocks() -> pa.Table:
    """(customer_id, zone) of those whose zone was said, by number."""
    parts = [*columns_of(models.Customer, ["id", "time_zone"], where=_TOLD)]
    if not parts:
        return pa.schema([("customer_id", pa.int64()), ("zone", pa.string())]).empty_table()
    every = pa.concat_tables(parts).rename_columns(["customer_id", "zone"])
    return every.sort_by("customer_id")


def zones_told() -> set[str]:
    """Each zone once, from one to the next in their index: not a row of each person is read."""
    with connection.cursor() as cursor:
        cursor.execute(_EACH_ONCE)
        return {zone for (zone,) in cursor.fetchall()}
