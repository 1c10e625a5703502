"""The verbs of this room: plan a review, open its data, decide, act, close, judge."""

from joren.measure.reviews.services.deciding import (
    add_action,
    close,
    decide,
    finish,
    judge,
    note,
)
from joren.measure.reviews.services.planning import open_data, plan, replan

__all__ = [
    "add_action",
    "close",
    "decide",
    "finish",
    "judge",
    "note",
    "open_data",
    "plan",
    "replan",
]
