"""The verbs of this room: gather the purchases, conclude what customers are worth."""

from joren.understand.ltv.rules.purchases import Facts
from joren.understand.ltv.services.ahead import worth_of, years_ahead
from joren.understand.ltv.services.concluding import Begun, begin_values, conclude_values
from joren.understand.ltv.services.gathering import (
    Gathered,
    Refresh,
    gather,
    in_reporting_currency,
    purchases_of,
)
from joren.understand.ltv.services.paths import path_of

__all__ = [
    "Begun",
    "Facts",
    "Gathered",
    "Refresh",
    "begin_values",
    "conclude_values",
    "gather",
    "in_reporting_currency",
    "path_of",
    "purchases_of",
    "worth_of",
    "years_ahead",
]
