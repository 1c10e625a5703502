"""How lines become orders, as expressions over columns. No Django, no database."""

from joren.collect.orders.rules.grouping import slim, to_lines, to_orders, ways_of, with_numbers
from joren.collect.orders.rules.keys import content_of, key_of

__all__ = ["content_of", "key_of", "slim", "to_lines", "to_orders", "ways_of", "with_numbers"]
