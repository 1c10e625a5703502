"""How lines become orders, as expressions over columns. No Django, no database."""

from joren.collect.orders.rules.grouping import numbered, to_lines, to_orders
from joren.collect.orders.rules.keys import content_of, key_of

__all__ = ["content_of", "key_of", "numbered", "to_lines", "to_orders"]
