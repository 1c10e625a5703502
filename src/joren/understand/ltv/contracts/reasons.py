"""Why a figure is not known, or how far it can be relied on; see ``core.words``."""

from __future__ import annotations

from typing import Final

from joren.core.words import gettext_noop

NEEDS_WEEKS: Final = gettext_noop("needs {} more weeks of orders")
NEEDS_REPEATERS: Final = gettext_noop("needs {} more customers who come back")
TOO_FEW_CAME_BACK: Final = gettext_noop("too few customers had come back by then")
INTERVAL_NEEDS_WEEKS: Final = gettext_noop(
    "the interval is not yet known: it needs {} more weeks of orders"
)
INTERVAL_TOO_FEW: Final = gettext_noop(
    "the interval is not yet known: too few customers had come back at earlier cut-offs"
)
SPREAD_ONLY: Final = gettext_noop(
    "the interval knows the spread over customers, not yet the model's own error"
)
CHANCE_OF_ONE: Final = gettext_noop(
    "the interval knows the chance of one customer's purchases and spend, not season and trend"
)
ONE_CUSTOMER: Final = gettext_noop("one customer: no interval")
UNKNOWN_COST: Final = gettext_noop("no cost of goods is known: import products with their cost")
COST_COVERS: Final = gettext_noop("covers the {} of purchases whose cost of goods is known")
COST_IN_FULL: Final = gettext_noop("of the {} of {} customers whose cost of goods is known in full")
NO_PURCHASE_SAYS: Final = gettext_noop("no purchase says")
MARGINS_ALIKE: Final = gettext_noop(
    "customers' margins differ by no more than chance: all have the shop's"
)
NOTHING_THEN: Final = gettext_noop("nothing was bought in those weeks")
NOTHING_THAT_YEAR: Final = gettext_noop("nothing was bought in that year")
FIRST_SNAPSHOT: Final = gettext_noop("this is the first snapshot")
OTHER_CURRENCY: Final = gettext_noop("money was in another currency then")
