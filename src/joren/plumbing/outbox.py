"""Announcements by name. The one who puts it does not know who listens.

A listener is called inside the transaction that puts the announcement, so that what it writes
stands or falls with the verb. Work that reaches outside belongs in a task that a listener enqueues.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Listener = Callable[[str, dict[str, Any]], None]

_listeners: dict[str, list[Listener]] = defaultdict(list)


def listen(prefix: str, listener: Listener) -> None:
    """Call the listener for every announcement whose name begins with the prefix."""
    if listener not in _listeners[prefix]:
        _listeners[prefix].append(listener)


def put(name: str, /, **content: Any) -> None:
    """Announce what happened: ``room.past_tense``, with ids and never with personal data."""
    for prefix, listeners in list(_listeners.items()):
        if name.startswith(prefix):
            for listener in listeners:
                listener(name, content)
