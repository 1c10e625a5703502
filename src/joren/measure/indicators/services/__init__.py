"""The verbs of this room: count the funnel at a refresh, say the plan and the targets."""

from joren.measure.indicators.services.following import follow_indicators
from joren.measure.indicators.services.planning import aim, write_plan

__all__ = ["aim", "follow_indicators", "write_plan"]
