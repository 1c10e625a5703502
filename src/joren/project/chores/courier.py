"""``python -m joren.project.chores.courier``: the process that reads what webhooks brought.

Apart from the drainer: what webhooks bring are orders, whose import waits for a refresh, and live
events must not.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from typing import Final

import django

_LOOK_EVERY: Final = 2.0
_AFTER_TROUBLE: Final = 10.0
_log = logging.getLogger("joren.courier")


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")
    django.setup()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    while not stopped.wait(_LOOK_EVERY):
        if not _look():
            stopped.wait(_AFTER_TROUBLE)
    return 0


def _look() -> bool:
    """Read what came; False when that did not go well, and the bodies still wait."""
    from django.db import close_old_connections

    from joren.collect.webhooks import services

    try:
        while services.read_deliveries():
            pass
    except Exception:  # whatever it was, reading must go on when it is over
        _log.exception("webhooks wait")
        return False
    finally:
        close_old_connections()
    return True


if __name__ == "__main__":
    sys.exit(main())
