"""The verbs of this room: plan a review, open its data, decide, act, close, judge."""

from joren.measure.reviews.services.deciding import (
    add_action,
    close,
    decide,
    finish,
    judge,
    note,
)
from joren.measure.reviews.services.mailing import claim_mail, note_mailed, put_mails
from joren.measure.reviews.services.planning import open_data, plan, replan

__all__ = [
    "add_action",
    "claim_mail",
    "close",
    "decide",
    "finish",
    "judge",
    "note",
    "note_mailed",
    "open_data",
    "plan",
    "put_mails",
    "replan",
]
