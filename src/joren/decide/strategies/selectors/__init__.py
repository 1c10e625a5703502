"""Questions about strategies: what segments are for, when they are looked at, and what moved."""

from joren.decide.strategies.selectors.cards import (
    card,
    cards,
    every_review,
    outcomes_of,
    overdue,
    reviews,
)
from joren.decide.strategies.selectors.drifting import drift_of, drift_report

__all__ = [
    "card",
    "cards",
    "drift_of",
    "drift_report",
    "every_review",
    "outcomes_of",
    "overdue",
    "reviews",
]
