"""A worker to kill: what the courier does on the channel of mail, in a hurry.

A dead worker's rows are taken back after two seconds, that a run of kills need not last hours.
"""

from __future__ import annotations

import time
from datetime import timedelta


def main() -> None:
    """Never returns; call it in a process of its own, where Django is set up."""
    from joren.act.messages import services
    from joren.act.messages.services.delivering import carrying, claiming

    carrying.LEASE = claiming.HELD = timedelta(seconds=2)
    carrying._FIRST = timedelta(seconds=0.5)
    with services.Scribe() as scribe:
        while True:
            if not services.deliver_due("email", most=60, scribe=scribe).rows:
                time.sleep(0.1)
