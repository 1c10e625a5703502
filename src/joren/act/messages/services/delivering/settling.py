"""What dead workers left behind, and what somebody says of a message of which nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from joren.act.messages import models
from joren.act.messages.contracts import MessageTooLate, NotUnknown
from joren.core import clock
from joren.protect.audit import services as audit


@transaction.atomic
def take_back(channel: str, *, remembers: timedelta | None) -> int:
    """Rows whose worker died in the call: ``unknown``, or repeated where the key is known again."""
    now = clock.now()
    dead = _left(channel, now, remembers)
    if not dead.exists():
        return 0
    dead = dead.select_for_update(skip_locked=True)
    if remembers is not None:
        fresh = list(dead.filter(sent_at__gt=now - remembers).values_list("pk", flat=True))
        models.Send.objects.filter(pk__in=fresh).update(claimed_until=None, next_at=now)
        dead = dead.exclude(pk__in=fresh)
    lost = list(dead.values_list("pk", flat=True))
    return models.Send.objects.filter(pk__in=lost).update(
        state="unknown", reason="worker_died", claimed_until=None, next_at=None
    )


def _left(channel: str, now: datetime, remembers: timedelta | None) -> QuerySet[models.Send]:
    """Those whose worker died, and those to be repeated whose key nobody knows any more."""
    errands = models.Errand.objects.filter(channel=channel).values("pk")
    too_late = Q(claimed_until=None)
    if remembers is not None:
        too_late &= Q(sent_at__lte=now - remembers)
    rows = models.Send.objects.filter(Q(claimed_until__lte=now) | too_late, state="sending")
    return rows.filter(errand_id__in=errands).order_by("pk")


@transaction.atomic
def it_arrived(sends: Sequence[int], *, by: str) -> int:
    """Somebody knows that they arrived."""
    rows = _unknown(sends)
    models.Send.objects.filter(pk__in=rows).update(state="sent", reason="")
    audit.record("messages.settled_arrived", actor=by, subject_kind="sends", count=len(rows))
    return len(rows)


@transaction.atomic
def send_again(sends: Sequence[int], *, by: str) -> int:
    """Somebody knows that they did not arrive, or wants them sent whether or not they did. What is
    too late to be sent stays unknown: it may have left, and gives nothing back."""
    rows = _unknown(sends)
    late = models.Send.objects.filter(pk__in=rows, expires_at__lte=clock.now())
    if found := sorted(late.values_list("pk", flat=True)):
        raise MessageTooLate(
            f"of {len(rows)} messages the time of {len(found)} is over: {found[:5]}",
            hint="leave these out, or say --arrived of them where they did",
        )
    models.Send.objects.filter(pk__in=rows).update(
        state="waiting", reason="", next_at=clock.now(), sent_at=None, attempts=0
    )
    audit.record("messages.settled_again", actor=by, subject_kind="sends", count=len(rows))
    return len(rows)


def _unknown(sends: Sequence[int]) -> list[int]:
    wanted = sorted(set(sends))
    rows = models.Send.objects.select_for_update().filter(pk__in=wanted, state="unknown")
    found = sorted(rows.values_list("pk", flat=True))
    if found != wanted:
        missing = sorted(set(wanted) - set(found))
        raise NotUnknown(
            f"of {len(wanted)} messages {len(missing)} are not unknown: {missing[:5]}",
            hint="joren messages unknown lists those that are",
        )
    return found
