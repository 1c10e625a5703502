"""``python -m joren.project.chores.carrier CHANNEL``: another process that sends on a channel.

The courier starts it where many messages wait, for one process uses one processor. Rows are
claimed, so that two never send the same. It ends when nothing has waited for a while, and with the
courier, at whose other end of a pipe it listens.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import Final

import django

_LOOK_EVERY: Final = 1.0
_RESTS: Final = 20.0
"""Seconds without a message, after which it ends."""


def main(channel: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")
    django.setup()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    threading.Thread(target=_until_left_alone, args=[stopped], daemon=True).start()
    carry(channel, stopped, rests=_RESTS)
    return 0


def carry(channel: str, stopped: threading.Event, *, rests: float) -> None:
    """Send what waits there, until nothing has for so many seconds."""
    from django.db import close_old_connections

    from joren.act.messages import services

    with services.Scribe() as scribe:
        at_work = time.monotonic()
        while not stopped.is_set() and time.monotonic() - at_work <= rests:
            if services.deliver_due(channel, stopped=stopped.is_set, scribe=scribe).rows:
                at_work = time.monotonic()
            close_old_connections()
            stopped.wait(min(rests, _LOOK_EVERY))


def _until_left_alone(stopped: threading.Event) -> None:
    sys.stdin.buffer.read()
    stopped.set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
