"""The verbs of this room: keep segments, and say at each refresh who belongs."""

from joren.decide.segments.services.following import follow_segments, forget_sources
from joren.decide.segments.services.keeping import (
    archive,
    change,
    create,
    freeze,
    restore,
    thaw,
)

__all__ = [
    "archive",
    "change",
    "create",
    "follow_segments",
    "forget_sources",
    "freeze",
    "restore",
    "thaw",
]
