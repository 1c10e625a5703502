"""What is done about pressure: messages are weighed, limits set, alarms raised and settled."""

from joren.act.pressure.services.guarding import look, settle
from joren.act.pressure.services.keeping import forget_limits, set_limits, set_weights
from joren.act.pressure.services.weighing import weigh_pressure

__all__ = ["forget_limits", "look", "set_limits", "set_weights", "settle", "weigh_pressure"]
