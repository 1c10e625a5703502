"""What counts and how it adds up: expressions over whole tables, which name no engine.

purchases  which orders count, and what each brought after refunds and costs
summary    one row per customer, and what it was on an earlier day
thresholds when there is enough to predict from
"""

from joren.understand.ltv.rules.exact import total
from joren.understand.ltv.rules.purchases import (
    Facts,
    credits,
    known_orders,
    left_out_because,
    purchases,
)

__all__ = ["Facts", "credits", "known_orders", "left_out_because", "purchases", "total"]
