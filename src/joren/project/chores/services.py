"""Do what is due, each of it by one worker."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from joren.accounts.selectors import business
from joren.core import clock
from joren.core.errors import JorenError
from joren.decide.exports import services as exports
from joren.project.chores import leases, rules
from joren.project.chores.models import Chore
from joren.project.chores.work import AFTER, NIGHTLY
from joren.project.starting import finish_promised

_log = logging.getLogger(__name__)


def recover() -> int:
    """What dead processes promised is done, what they held is free; returns what was taken back."""
    finish_promised()
    return leases.take_back(clock.now())


def look_after(
    worker: str, *, now: datetime | None = None, chores: Mapping[str, Callable[[], str]] = NIGHTLY
) -> tuple[str, ...]:
    """Do the nightly chores that are due and that nobody is at; returns their names."""
    ours = business()
    if ours.nightly_at == rules.OFF:
        return ()
    done = []
    for name, verb in chores.items():
        moment = now or clock.now()
        night = rules.night_before(moment, ours.time_zone, ours.nightly_at)
        if _began(name, night, moment, worker):
            _carry_out(name, verb, worker)
            done.append(name)
    return tuple(done)


def write_exports() -> int:
    """Files of segments whose hour has come; a fault of one is written down with it."""
    return exports.write_due()


@transaction.atomic
def _began(name: str, night: datetime, now: datetime, worker: str) -> bool:
    """Take the chore for this worker, if it is due: of several workers one gets it."""
    Chore.objects.get_or_create(pk=name)
    row = Chore.objects.select_for_update().get(pk=name)
    if row.worker:
        return False
    if row.night is None:
        # A new installation begins with its first night, not with the one before it.
        row.night = night
        row.save()
        return False
    if name in AFTER and not _went_well(AFTER[name], night):
        return False
    if not rules.is_due(rules.Past(row.night, row.well, row.attempts, row.finished_at), night, now):
        return False
    row.attempts = row.attempts + 1 if row.night == night else 1
    row.night, row.begun_at, row.finished_at, row.worker = night, now, None, worker
    row.save()
    return True


def _went_well(name: str, night: datetime) -> bool:
    """Nobody is at it any more, and what it did that night stands."""
    return Chore.objects.filter(
        pk=name, night=night, well=True, worker="", finished_at__isnull=False
    ).exists()


def _carry_out(name: str, verb: Callable[[], str], worker: str) -> None:
    well, said, hint = False, "the worker was stopped", "it is done again when joren runs"
    try:
        said, hint = verb(), ""
        well = True
    except JorenError as problem:
        said, hint = problem.message, problem.hint
        _log.warning("%s: %s", name, said)
    except Exception as problem:  # any fault of one chore must leave the others their turn
        said, hint = f"{type(problem).__name__}: {problem}"[:2000], "the log of joren up says more"
        _log.exception("%s failed", name)
    finally:
        now = clock.now()
        changes = {"well": well, "said": said, "hint": hint, "finished_at": now, "worker": ""}
        if well:
            changes["done_at"] = now
        Chore.objects.filter(pk=name, worker=worker).update(**changes)
