"""Words that journeys keep about people, as segments are asked for them. No Django."""

from __future__ import annotations

from typing import Final

from joren.core.tables import TableSpec
from joren.decide.segments.contracts import ATTRIBUTES

CUSTOMER_ATTRIBUTES: Final = TableSpec(
    ATTRIBUTES,  # what journeys kept about people, with whom they are now
    {"customer_id": "int64", "name": "string", "value": "string"},
    snapshot=True,
)
