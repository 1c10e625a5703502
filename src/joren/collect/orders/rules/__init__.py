"""How lines become orders, as expressions over columns. No Django, no database."""

from joren.collect.orders.rules.grouping import (
    reckoned,
    spoken,
    to_lines,
    to_orders,
    with_numbers,
    worded,
)
from joren.collect.orders.rules.keys import content_of, key_of
from joren.collect.orders.rules.refunding import ASKED, without_tax
from joren.collect.orders.rules.sources import SOURCES, filled, known_of, silent

__all__ = [
    "ASKED",
    "SOURCES",
    "content_of",
    "filled",
    "key_of",
    "known_of",
    "reckoned",
    "silent",
    "spoken",
    "to_lines",
    "to_orders",
    "with_numbers",
    "without_tax",
    "worded",
]
