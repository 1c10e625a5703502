"""How lines become orders, as expressions over columns. No Django, no database."""

from joren.collect.orders.rules.grouping import (
    AS_GIVEN,
    reckoned,
    spoken,
    to_lines,
    to_orders,
    with_numbers,
)
from joren.collect.orders.rules.keys import content_of, key_of
from joren.collect.orders.rules.refunding import ASKED, without_tax

__all__ = [
    "ASKED",
    "AS_GIVEN",
    "content_of",
    "key_of",
    "reckoned",
    "spoken",
    "to_lines",
    "to_orders",
    "with_numbers",
    "without_tax",
]
