"""``python -m joren.project.chores.worker``: the process that works on what pages start.

django-tasks-db claims and carries out one task at a time; this adds what it lacks: a heartbeat, by
which the tasks of a killed worker are taken back, and the chores of the night.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
from typing import Final

import django

_LOOK_EVERY: Final = 30.0
_WAIT: Final = 1.0
_log = logging.getLogger("joren.worker")


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")
    django.setup()
    from django.db import DatabaseError, close_old_connections
    from django.utils.crypto import get_random_string
    from django_tasks_db.management.commands.db_worker import Worker

    from joren.project.chores import leases, services

    name = f"{socket.gethostname()[:30]}-{os.getpid()}-{get_random_string(8)}"
    worker = Worker(
        queue_names=["*"],
        interval=_WAIT,
        batch=True,  # it returns when nothing waits, and the chores have their turn
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )
    worker.configure_signals()
    looked = 0.0
    with leases.Heartbeat(name):
        while worker.running:
            try:
                if time.monotonic() - looked >= _LOOK_EVERY or not looked:
                    services.recover()
                    services.look_after(name)
                    services.write_exports()
                    looked = time.monotonic()
                worker.run()
            except DatabaseError as problem:
                # It may come back; what was being done is taken back then.
                _log.warning("the database does not answer: %s", str(problem).strip())
                time.sleep(_WAIT * 5)
            close_old_connections()
            time.sleep(_WAIT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
