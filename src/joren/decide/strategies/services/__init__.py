"""The verbs of this room: say what a segment is for, review it, and count what it consists of."""

from joren.decide.strategies.services.describing import describe_segments
from joren.decide.strategies.services.reviewing import review, write_card

__all__ = ["describe_segments", "review", "write_card"]
