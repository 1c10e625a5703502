"""Look what is beyond its limit, hold back what is to stop itself, and let it go again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from joren.act.messages import selectors as messages
from joren.act.messages import services as sending
from joren.act.pressure import models, selectors
from joren.act.pressure.contracts import Alarm, BadLimits, Judged, NoSuchAlarm, Watched
from joren.core import clock
from joren.protect.audit import services as audit

GUARD = "guard"
"""Who stops what stops itself, in the audit log."""


def look() -> list[Alarm]:
    """Raise an alarm for what is beyond its limit, and end those of what is so no more; returns the
    new ones. To look again changes nothing."""
    watched = selectors.watched()
    new = [
        raised
        for one in watched
        for judged in one.beyond
        if (raised := _raised(one, judged)) is not None
    ]
    _end_those_over(watched)
    _hold_what_is_new()
    return [one for one in selectors.open_alarms() if one.id in new]


@transaction.atomic
def settle(alarm: int, *, why: str, by: str) -> None:
    """Somebody looked at it, and at all else that is open of the same: what was held back leaves
    again, and counts anew from now on."""
    row = models.Alarm.objects.select_for_update().filter(pk=alarm, ended_at=None).first()
    if row is None:
        raise NoSuchAlarm(f"no alarm {alarm} is open", hint="joren pressure guard")
    why = " ".join(why.split())
    if not why:
        raise BadLimits("no reason is given", hint="such as: the list was wrong, and is put right")
    together = models.Alarm.objects.filter(
        source=row.source, source_id=row.source_id, step=row.step, ended_at=None
    )
    stopped = together.filter(stopped=True).exists()
    together.update(ended_at=clock.now(), ended_by=by, why=why[:200])
    freed = sending.let_go(_freed(row)) if stopped else 0
    audit.record(
        "pressure.alarm_settled", actor=by, subject_kind=row.source or "shop",
        subject_id=row.source_id, step=row.step, measure=row.measure, why=why[:200], freed=freed,
    )  # fmt: skip


@transaction.atomic
def _raised(one: Watched, judged: Judged) -> int | None:
    stops = one.limits.stops and bool(one.source)
    row, made = models.Alarm.objects.get_or_create(
        source=one.source, source_id=one.source_id, step=one.step, measure=judged.measure,
        ended_at=None,
        defaults={
            "bad": judged.bad, "of": judged.of, "low": judged.low or 0.0, "limit": judged.limit,
            "raised_at": clock.now(), "stopped": stops,
        },
    )  # fmt: skip
    if not made and (row.stopped or not stops):
        return None
    if not made:  # it was told to stop itself since
        row.stopped = True
        row.save(update_fields=["stopped"])
    held = sending.hold_back(_stoppable(one)) if stops else 0
    audit.record(
        "pressure.stopped" if stops else "pressure.alarm_raised", actor=GUARD,
        subject_kind=one.source or "shop", subject_id=one.source_id, step=one.step,
        measure=judged.measure, bad=judged.bad, of=judged.of, low=judged.low, limit=judged.limit,
        held=held,
    )  # fmt: skip
    return int(row.pk)


def _stoppable(one: Watched) -> Sequence[int]:
    """Of a whole campaign or journey also the steps that have sent nothing yet."""
    return one.errands if one.step else messages.stoppable(one.source, one.source_id)


def _hold_what_is_new() -> None:
    """What came to a stopped campaign or journey while it was being stopped."""
    whole = models.Alarm.objects.filter(ended_at=None, stopped=True, step="").exclude(source="")
    for source, number in sorted(set(whole.values_list("source", "source_id"))):
        sending.hold_back(messages.stoppable(source, number))


def _end_those_over(watched: Iterable[Watched]) -> None:
    beyond = {
        (one.source, one.source_id, one.step, judged.measure)
        for one in watched
        for judged in one.beyond
    }
    rows = models.Alarm.objects.filter(ended_at=None, stopped=False)
    over = [
        row.pk for row in rows if (row.source, row.source_id, row.step, row.measure) not in beyond
    ]
    models.Alarm.objects.filter(pk__in=over).update(ended_at=clock.now())


def _freed(row: models.Alarm) -> list[int]:
    """What no other open alarm holds back."""
    numbers = messages.errands_by_step(row.source, row.source_id)
    mine = {pk for pk, step in numbers.items() if row.step in ("", step)}
    others = models.Alarm.objects.filter(
        source=row.source, source_id=row.source_id, stopped=True, ended_at=None
    )
    for other in others:
        mine -= {pk for pk, step in numbers.items() if other.step in ("", step)}
    return sorted(mine)
