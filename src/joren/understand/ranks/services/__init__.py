"""The verbs of this room: rank the customers, change the bounds."""

from joren.understand.ranks.services.bounds import change_rules
from joren.understand.ranks.services.ranking import rank_customers

__all__ = ["change_rules", "rank_customers"]
