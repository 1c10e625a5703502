"""The verbs of this room: draw who is left out, say when the others were reached, end it."""

from joren.decide.holdouts.services.drawing import close, divide, reached

__all__ = ["close", "divide", "reached"]
