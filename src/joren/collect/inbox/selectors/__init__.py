"""Questions about sources, about what came from them, and about what people did just now."""

from joren.collect.inbox.selectors.happening import events_of, newest_events
from joren.collect.inbox.selectors.script import script_for, script_of
from joren.collect.inbox.selectors.sources import (
    UNKNOWN_KEYS,
    allowed_properties,
    own_properties,
    source,
    sources,
    traffic,
    unread,
    unread_count,
)

__all__ = [
    "UNKNOWN_KEYS",
    "allowed_properties",
    "events_of",
    "newest_events",
    "own_properties",
    "script_for",
    "script_of",
    "source",
    "sources",
    "traffic",
    "unread",
    "unread_count",
]
