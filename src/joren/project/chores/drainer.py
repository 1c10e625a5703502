"""``python -m joren.project.chores.drainer``: the process that writes live events to the warehouse.

Apart from the worker, whose tasks and nightly chores take minutes.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from typing import Final

import django

_LOOK_EVERY: Final = 1.0
_OLDEST: Final = 5.0
"""Seconds that an event waits at most; what is asked of it until then is answered by the inbox."""

_TURN: Final = 3.0
"""Seconds to wait for an import to let events in between."""

_ENOUGH: Final = 20_000
_AFTER_TROUBLE: Final = 5.0
_log = logging.getLogger("joren.drainer")


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")
    django.setup()
    from joren.project.starting import finish_promised

    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    finish_promised()
    while not stopped.wait(_LOOK_EVERY):
        if not _look():
            stopped.wait(_AFTER_TROUBLE)
    return 0


def _look() -> bool:
    """Drain what is due; False when that did not go well, and the messages still wait."""
    from django.db import close_old_connections

    from joren.collect.inbox import services
    from joren.plumbing.warehouse import warehouse

    try:
        while _is_due(*services.waiting()):
            done = services.drain(warehouse(), wait=_TURN)
            if done is None:
                break  # somebody else is writing, or what is left waits for an import
            _log.debug("%s messages, %s events, %.1f s", done.messages, done.events, done.seconds)
    except Exception:  # whatever it was, events must go on being written when it is over
        _log.exception("live events wait")
        return False
    finally:
        close_old_connections()
    return True


def _is_due(messages: int, seconds: float) -> bool:
    return messages >= _ENOUGH or (messages > 0 and seconds >= _OLDEST)


if __name__ == "__main__":
    sys.exit(main())
