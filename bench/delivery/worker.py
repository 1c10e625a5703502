"""``python -m bench.delivery.worker``: what the courier does on the channel of mail, in a hurry.

A dead worker's rows are taken back after two seconds, that a run of kills need not last hours.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta

import django


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")
    django.setup()
    from joren.act.messages import services
    from joren.act.messages.services.delivering import carrying, claiming

    carrying.LEASE = claiming.HELD = timedelta(seconds=2)
    carrying._FIRST = timedelta(seconds=0.5)
    print("up", flush=True)
    while True:
        if not services.deliver_some("email", 60).rows:
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
