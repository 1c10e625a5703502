"""One tick: what the clock brings, what happened to people, and whoever is due."""

from __future__ import annotations

from datetime import datetime

from joren.accounts.selectors import business
from joren.act.journeys import selectors
from joren.act.journeys.contracts import Ticked
from joren.act.journeys.services.clocking import follow, ring
from joren.act.journeys.services.hearing import names_listened_for
from joren.act.journeys.services.keeping import finish_ends
from joren.act.journeys.services.listening import MOVE, listen
from joren.act.journeys.services.stepping import walk
from joren.core import clock


def tick(now: datetime | None = None) -> Ticked:
    """Let everybody go on as far as they may now. It may be killed anywhere, and run twice at once.

    Between two things that happen to the same person they go on as far as they can, so that what
    they are to wait for may come right after what they entered by.
    """
    moment = now or clock.now()
    finish_ends()
    zone = business().time_zone
    running = selectors.versions_in(["running"])
    if not running and not selectors.versions_in(["paused"]):
        return Ticked()
    ring([version for version, newest in running if newest], moment, zone)
    follow(_segments_of(names_listened_for()))
    done = Ticked()
    versions = [version for version, _ in running]
    while True:
        done += Ticked(passed=walk(versions, moment, zone))
        heard = listen(moment, zone)
        done += heard
        if not heard.signals:
            return done


def _segments_of(names: set[str]) -> set[int]:
    return {int(name.split(":")[1]) for name in names if name.startswith(MOVE)}
