"""The verbs of this room: plan a review, open its data, decide, act, close, judge."""

from joren.measure.reviews.services.deciding import (
    add_action,
    close,
    decide,
    finish,
    judge,
    note,
)
from joren.measure.reviews.services.planning import (
    claim_mail,
    give_mail_back,
    open_data,
    plan,
    replan,
)

__all__ = [
    "add_action",
    "claim_mail",
    "close",
    "decide",
    "finish",
    "give_mail_back",
    "judge",
    "note",
    "open_data",
    "plan",
    "replan",
]
