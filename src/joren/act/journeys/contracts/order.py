"""An order as a signal: the same wherever it came from. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ORDER: Final = "Order Completed"
"""An order was accepted: of a live event, a webhook or a file, whichever tells it first."""

ORDER_NUMBER: Final = "order_number"
ORDER_DAYS: Final = 3
"""Days after which an order starts nothing any more, unless the document says otherwise."""

MOST_ORDER_DAYS: Final = 31
"""Days for which an order may still be a goal, or what somebody waited for."""

CARRIED: Final[Mapping[str, str]] = {
    ORDER_NUMBER: "order_number", "currency": "currency", "value": "revenue",
    "sku": "main_sku", "category": "main_category", "campaign_source": "source",
    "campaign_medium": "medium", "campaign_name": "campaign",
}  # fmt: skip
"""What its signal says, and the column of the order that has it."""
