"""The verbs of this room: draw who is left out, say when the others were reached, end it."""

from joren.decide.holdouts.services.arriving import (
    assign,
    log_arrivals,
    stand,
    stand_trial,
)
from joren.decide.holdouts.services.drawing import close, divide, end_trial, reached
from joren.decide.holdouts.services.exposing import log_exposures
from joren.decide.holdouts.services.globally import rotate, set_global

__all__ = [
    "assign",
    "close",
    "divide",
    "end_trial",
    "log_arrivals",
    "log_exposures",
    "reached",
    "rotate",
    "set_global",
    "stand",
    "stand_trial",
]
