"""Questions about trials: which there are, what is done with an order, and what they say."""

from joren.measure.trials.selectors.keeping import arm, day_of, schedule, store_of, trial, trials
from joren.measure.trials.selectors.reading import read, results

__all__ = ["arm", "day_of", "read", "results", "schedule", "store_of", "trial", "trials"]
