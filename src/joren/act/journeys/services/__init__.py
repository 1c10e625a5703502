"""What is done with journeys: they are kept, published, and people go on."""

from joren.act.journeys.services.accepting import accept
from joren.act.journeys.services.beginning import begin_ready
from joren.act.journeys.services.finishing import finish_duty
from joren.act.journeys.services.giving import GIVERS
from joren.act.journeys.services.hearing import hear, sweep
from joren.act.journeys.services.keeping import (
    change,
    check,
    create,
    end,
    pause,
    publish,
    redraft,
    rehearsed_taken,
    resume,
)
from joren.act.journeys.services.recalling import keep_attributes
from joren.act.journeys.services.ticking import tick

__all__ = [
    "GIVERS",
    "accept",
    "begin_ready",
    "change",
    "check",
    "create",
    "end",
    "finish_duty",
    "hear",
    "keep_attributes",
    "pause",
    "publish",
    "redraft",
    "rehearsed_taken",
    "resume",
    "sweep",
    "tick",
]
