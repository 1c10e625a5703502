"""The verbs of this room: keep segments, and say at each refresh who belongs."""

from joren.decide.segments.services.following import follow_segments, forget_sources
from joren.decide.segments.services.keeping import (
    archive,
    change,
    create,
    freeze,
    members_taken,
    restore,
    thaw,
)
from joren.decide.segments.services.live import follow_live, look_live, unfollow_live

__all__ = [
    "archive",
    "change",
    "create",
    "follow_live",
    "follow_segments",
    "forget_sources",
    "freeze",
    "look_live",
    "members_taken",
    "restore",
    "thaw",
    "unfollow_live",
]
