"""The verbs of this room: weigh what customers cost and bring, change the targets."""

from joren.understand.economics.services.targets import change_rules
from joren.understand.economics.services.weighing import weigh_economics

__all__ = ["change_rules", "weigh_economics"]
