"""Questions about the team: who does what, what was decided, who did well, who is told."""

from joren.measure.team.selectors.actions import action, actions, measured_by
from joren.measure.team.selectors.deciding import decisions
from joren.measure.team.selectors.meeting import meeting, meetings
from joren.measure.team.selectors.noticing import (
    choice,
    choices,
    mails_waiting,
    notices,
    pauses,
    spoken,
    wording_of,
)
from joren.measure.team.selectors.praising import deserved, praise, praises
from joren.measure.team.selectors.training import trained, training, trainings

__all__ = [
    "action",
    "actions",
    "choice",
    "choices",
    "decisions",
    "deserved",
    "mails_waiting",
    "measured_by",
    "meeting",
    "meetings",
    "notices",
    "pauses",
    "praise",
    "praises",
    "spoken",
    "trained",
    "training",
    "trainings",
    "wording_of",
]
