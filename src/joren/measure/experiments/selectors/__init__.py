"""Questions about effects."""

from joren.measure.experiments.selectors.concluding import (
    curve,
    due_looks,
    horizons,
    outcomes_of,
    read_now,
    result,
    results,
)
from joren.measure.experiments.selectors.designing import design
from joren.measure.experiments.selectors.planned import plans
from joren.measure.experiments.selectors.readings import courses

__all__ = [
    "courses", "curve", "design", "due_looks", "horizons", "outcomes_of", "plans", "read_now",
    "result", "results",
]  # fmt: skip
