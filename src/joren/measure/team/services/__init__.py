"""The verbs of the team: share out parts, thank, keep meetings, tell whom it concerns."""

from joren.measure.team.services.keeping import (
    forget_meeting,
    keep_meeting,
    share_out,
    take_back_praise,
    take_back_training,
    thank,
    train,
)
from joren.measure.team.services.mailing import mail_due
from joren.measure.team.services.noticing import choose, look
from joren.measure.team.services.pausing import pause_notices, resume_notices

__all__ = [
    "choose",
    "forget_meeting",
    "keep_meeting",
    "look",
    "mail_due",
    "pause_notices",
    "resume_notices",
    "share_out",
    "take_back_praise",
    "take_back_training",
    "thank",
    "train",
]
