"""Draw trials, call them off, and take in who got the practice."""

from joren.measure.trials.services.drawing import call_off, draw
from joren.measure.trials.services.exposing import expose, expose_file

__all__ = ["call_off", "draw", "expose", "expose_file"]
