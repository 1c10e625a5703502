"""Draw trials, call them off, say what is done, and take in who got the practice."""

from joren.measure.trials.services.drawing import arm, call_off, draw, draw_buyers
from joren.measure.trials.services.exposing import expose, expose_file

__all__ = ["arm", "call_off", "draw", "draw_buyers", "expose", "expose_file"]
