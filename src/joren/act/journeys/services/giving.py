"""Who gives something to people on a journey: rooms of points and coupons enter here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from joren.core.registry import Registry

Give = Callable[[int, str, str, str], None]
"""Takes the journey, the node, what is to be given, and SQL of (customer_id, id of the entry), and
gives in the caller's transaction, once for each id."""

GIVERS: Final[Registry[Give]] = Registry("giver")
