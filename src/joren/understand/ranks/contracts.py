"""Where a customer stands: RFM, decile, CPM, stage, VIP. No Django."""

from __future__ import annotations

from typing import Final

from joren.core.tables import TableSpec

CUSTOMER_RANKS: Final = TableSpec(
    "customer_ranks",
    {
        "customer_id": "int64",
        "rfm_r": "int64",  # 1 (worst) … 5 (best)
        "rfm_f": "int64",
        "rfm_m": "int64",
        "decile": "int64",  # 1 is the tenth with the highest revenue
        "cpm": "string",
        "stage": "string",
        "vip": "boolean",
    },
    snapshot=True,
)
