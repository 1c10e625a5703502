"""Questions about trials: which there are, what is done with an order, and what they say."""

from joren.measure.trials.selectors.designing import design
from joren.measure.trials.selectors.keeping import (
    arm,
    day_of,
    needs,
    schedule,
    store_of,
    trial,
    trials,
)
from joren.measure.trials.selectors.reading import read, results
from joren.measure.trials.selectors.tried import TRIED

__all__ = [
    "TRIED", "arm", "day_of", "design", "needs", "read", "results", "schedule", "store_of", "trial",
    "trials",
]  # fmt: skip
