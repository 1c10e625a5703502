"""What follows from both arms' sums. No Django, no clock."""

from joren.measure.experiments.rules import (
    adjusting,
    comparing,
    planning,
    pooling,
    projecting,
    winning,
)
from joren.measure.experiments.rules.comparing import (
    SAYS,
    Arm,
    At,
    Compared,
    best_known,
    buyers_at,
    lift_at,
    net_at,
    profit_at,
    reached,
    revenue_at,
    until_now,
    weeks_needed,
)
from joren.measure.experiments.rules.costing import cost_of
from joren.measure.experiments.rules.listing import among_all, ranked

__all__ = [
    "SAYS",
    "Arm",
    "At",
    "Compared",
    "adjusting",
    "among_all",
    "best_known",
    "buyers_at",
    "comparing",
    "cost_of",
    "lift_at",
    "net_at",
    "planning",
    "pooling",
    "profit_at",
    "projecting",
    "ranked",
    "reached",
    "revenue_at",
    "until_now",
    "weeks_needed",
    "winning",
]
