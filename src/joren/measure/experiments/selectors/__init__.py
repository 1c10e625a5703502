"""Questions about effects."""

from joren.measure.experiments.selectors.concluding import (
    curve,
    horizons,
    outcomes_of,
    read_now,
    result,
    results,
)
from joren.measure.experiments.selectors.readings import courses

__all__ = ["courses", "curve", "horizons", "outcomes_of", "read_now", "result", "results"]
