"""Announcements by name. The one who puts it does not know who listens.

A listener is called inside the transaction that puts the announcement, so that what it writes
stands or falls with the verb. Work that reaches outside belongs in a task that a listener enqueues.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any

Listener = Callable[[str, dict[str, Any]], None]

_listeners: dict[str, list[Listener | str]] = defaultdict(list)


def listen(prefix: str, listener: Listener | str) -> None:
    """Call the listener for every announcement whose name begins with the prefix.

    A text is where one is, ``module:attribute``: it is loaded with the first such announcement.
    """
    if listener not in _listeners[prefix]:
        _listeners[prefix].append(listener)


def put(name: str, /, **content: Any) -> None:
    """Announce what happened: ``room.past_tense``, with ids and never with personal data."""
    for prefix, listeners in list(_listeners.items()):
        if name.startswith(prefix):
            for listener in listeners:
                hear: Listener = resolve_name(listener) if isinstance(listener, str) else listener
                hear(name, content)
