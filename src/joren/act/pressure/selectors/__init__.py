"""Questions about pressure, limits and alarms."""

from joren.act.pressure.selectors.guarding import (
    alarms,
    is_stopped,
    limits_of,
    open_alarms,
    watched,
)
from joren.act.pressure.selectors.pressing import pressure_of, spread, weights

__all__ = [
    "alarms",
    "is_stopped",
    "limits_of",
    "open_alarms",
    "pressure_of",
    "spread",
    "watched",
    "weights",
]
