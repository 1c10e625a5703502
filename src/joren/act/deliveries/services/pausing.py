"""Keep what chat rooms would be told for a while, and tell it in one message or not at all."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from datetime import date

from django.db import IntegrityError, transaction

from joren.accounts.selectors import business
from joren.act.deliveries import contracts, models, selectors
from joren.act.deliveries.contracts import DIGEST, LONGEST_WHY, PENDINGS
from joren.act.deliveries.rules import saying
from joren.core import clock
from joren.protect.audit import services as audit

_MOST_TOLD = 15
"""So many of them stand in one message; the rest is counted."""


def pause(why: str, *, until: date | None = None, then: str = "digest", by: str) -> contracts.Pause:
    """Tell nobody anything from now on; programs are told as before."""
    said, today = why.strip(), clock.shop_day(clock.now(), business().time_zone)
    if not 0 < len(said) <= LONGEST_WHY:
        raise contracts.BadPause(
            f"the reason has {len(said)} characters", hint=f"from 1 to {LONGEST_WHY}"
        )
    if until is not None and until < today:
        raise contracts.BadPause(f"{until} is over", hint=f"{today} or later, or no end")
    _check(then)
    try:
        with transaction.atomic():
            row = models.Pause.objects.create(
                why=said, until=until, then=then, begun_at=clock.now(), begun_by=by
            )
            audit.record(
                "deliveries.notices_paused", actor=by, subject_kind="pause", subject_id=row.pk,
                why=said, until=str(until or ""), then=then,
            )  # fmt: skip
    except IntegrityError:
        raise contracts.PausedAlready(
            "notices are paused already", hint="joren team resume-notices"
        ) from None
    return selectors.pause_of(row)


@transaction.atomic
def end_pause(pending: str, *, mails: int, by: str) -> contracts.Pause:
    """Tell chat rooms again, and what waited in one message to each or not at all. ``mails``: so
    many waited too, of which the caller takes care in the same transaction."""
    _check(pending)
    row = models.Pause.objects.select_for_update().filter(goes_on=True).first()
    if row is None:
        raise contracts.NotPaused("notices are not paused", hint="joren team pause-notices")
    rows = models.Delivery.objects.filter(pk__in=selectors.chats_waiting(), state="waiting")
    chosen = rows.select_related("message").select_for_update(of=("self",))
    waiting = list(chosen.order_by("pk"))
    if pending == "digest":
        _gather(waiting)
    # A chat room had no chance meanwhile to show that it works again.
    models.Receiver.objects.exclude(shape="signed").update(failing_since=None)
    state = "gathered" if pending == "digest" else "dropped"
    models.Delivery.objects.filter(pk__in=[one.pk for one in waiting]).update(state=state)
    row.goes_on, row.ended_at, row.ended_by, row.ended_how = False, clock.now(), by, pending
    row.mails, row.chats = mails, len(waiting)
    row.save()
    audit.record(
        "deliveries.notices_resumed", actor=by, subject_kind="pause", subject_id=row.pk,
        pending=pending, mails=mails, chats=len(waiting),
    )  # fmt: skip
    return selectors.pause_of(row)


def _gather(waiting: list[models.Delivery]) -> None:
    by_receiver: dict[int, list[models.Delivery]] = defaultdict(list)
    for one in waiting:
        by_receiver[one.receiver_id].append(one)
    now = clock.now()
    for receiver, theirs in by_receiver.items():
        told = [json.loads(one.message.body) for one in theirs[:_MOST_TOLD]]
        content = {
            "messages": [{"type": one["type"], "data": one["data"]} for one in told],
            "more": len(theirs) - len(told),
        }
        message = models.Message.objects.create(
            key=f"msg_{secrets.token_urlsafe(18)}", type=DIGEST, made_at=now,
            body=saying.body_of(DIGEST, content, at=now),
        )  # fmt: skip
        models.Delivery.objects.create(message=message, receiver_id=receiver, next_at=now)


def _check(pending: str) -> None:
    if pending not in PENDINGS:
        raise contracts.BadPause(
            f"{pending!r} says not what becomes of what waits", hint=" or ".join(PENDINGS)
        )
