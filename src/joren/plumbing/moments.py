"""Columns of moments as a shop's clock shows them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def shop_days(moments: pa.ChunkedArray, zone: str) -> pa.ChunkedArray:
    """The day that a clock in the zone shows at each of the moments, which are in UTC."""
    local = pc.local_timestamp(moments.cast(pa.timestamp("us", zone)))
    return local.cast(pa.timestamp("s"), safe=False).cast(pa.date32(), safe=False)
