"""What is done to sources and to what they send."""

from joren.collect.inbox.services.draining import (
    Drained,
    compact_events,
    drain,
    keep_promised,
    waiting,
)
from joren.collect.inbox.services.importing import import_events, import_sent_events
from joren.collect.inbox.services.loading import keep_messages, load_events
from joren.collect.inbox.services.receiving import admit, public_source, receive, refused
from joren.collect.inbox.services.sources import (
    add_source,
    allow_property,
    forbid_property,
    revoke_source,
    source_of_files,
)
from joren.collect.inbox.services.unreading import drop_unread, retry_unread, sweep

__all__ = [
    "Drained",
    "add_source",
    "admit",
    "allow_property",
    "compact_events",
    "drain",
    "drop_unread",
    "forbid_property",
    "import_events",
    "import_sent_events",
    "keep_messages",
    "keep_promised",
    "load_events",
    "public_source",
    "receive",
    "refused",
    "retry_unread",
    "revoke_source",
    "source_of_files",
    "sweep",
    "waiting",
]
