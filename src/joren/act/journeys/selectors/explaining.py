"""Why somebody did or did not get what a journey sends: where they stand in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from joren.act.journeys import models
from joren.act.journeys.contracts import (
    DATE_NAMES,
    Cause,
    Event,
    Every,
    Journey,
    Moves,
    OnDate,
    Trigger,
    Version,
    Whereabouts,
)
from joren.act.journeys.selectors.keeping import journeys, version_by_id, versions_in
from joren.act.journeys.selectors.whom import belonging, members_among
from joren.core.errors import JorenError
from joren.core.ids import CustomerId
from joren.decide.segments import selectors as segments
from joren.protect.consent.selectors import circle_of

_ENTRIES: Final = 500
_GOING: Final = ("running", "paused")


def whereabouts(customer: CustomerId) -> list[Whereabouts]:
    """Of each journey that was published and goes on, and of others that they ever entered; by
    name. What happened under numbers that they had before counts as theirs."""
    circle = circle_of(customer)
    rows = models.Enrolment.objects.filter(customer_id__in=circle).order_by("-entered_at", "-pk")
    newest: dict[int, models.Enrolment] = {}
    for entry in rows[:_ENTRIES]:
        newest.setdefault(entry.journey_id, entry)
    running = {one.journey: one for one, is_newest in versions_in(_GOING) if is_newest}
    kept = [*journeys(), *(one for one in journeys(ended=True) if one.id in newest)]
    ended = _ended([row.pk for row in newest.values()])
    found = []
    for one in kept:
        row = newest.get(one.id)
        if row is not None:
            found.append(_entered(one, row, running.get(one.id), ended.get(row.pk)))
        elif one.id in running:
            causes = tuple(_never(one, running[one.id], customer))
            found.append(Whereabouts(one.id, one.name, one.state, "never", causes))
    return found


def _ended(entries: Sequence[int]) -> dict[int, models.Passage]:
    """The last thing that was logged of each entry."""
    rows = models.Passage.objects.filter(enrolment_id__in=list(entries)).order_by("step")
    return {row.enrolment_id: row for row in rows}


def _entered(
    one: Journey, row: models.Enrolment, newest: Version | None, last: models.Passage | None
) -> Whereabouts:
    causes: list[Cause] = []
    if one.state != "running":
        causes.append(Cause("not_running"))
    if row.lot is not None:
        causes.append(Cause("held_out"))
    if row.standing == "active":
        node = version_by_id(row.version_id).document.nodes[row.node].id
        causes.append(Cause("waits", node, row.due_at))
        return Whereabouts(one.id, one.name, one.state, "waiting", tuple(causes), row.entered_at)
    if newest is not None:
        document = newest.document
        if document.reentry == "never":
            causes.append(Cause("once"))
        elif document.reentry == "after":
            after = row.entered_at + timedelta(days=document.reentry_days)
            causes.append(Cause("again_after", at=after))
    return Whereabouts(
        one.id, one.name, one.state, row.standing, tuple(causes),  # type: ignore[arg-type]  # the constraint keeps it to the standings
        row.entered_at, last.at if last else None,
    )  # fmt: skip


def _never(one: Journey, version: Version, customer: CustomerId) -> Iterator[Cause]:
    """What each of its beginnings lacks."""
    if one.state != "running":
        yield Cause("not_running")
    for trigger in version.document.triggers:
        try:
            yield _lacking(trigger, customer)
        except JorenError:  # there are no figures, or the segment cannot be asked
            yield Cause("not_known", _name(trigger))


def _lacking(trigger: Trigger, customer: CustomerId) -> Cause:
    if isinstance(trigger, Event):
        return Cause("no_event", trigger.event)
    if isinstance(trigger, OnDate):
        return Cause("no_date", DATE_NAMES[trigger.date])
    if isinstance(trigger, Every):
        there = bool(members_among(trigger.segment, [int(customer)]))
        return Cause("in_segment" if there else "not_in_segment", _name(trigger))
    there = bool(belonging(trigger.segment, [int(customer)]))
    if trigger.move == "leaves":
        return Cause("still_in_segment" if there else "not_in_segment", _name(trigger))
    return Cause("already_in_segment" if there else "not_in_segment", _name(trigger))


def _name(trigger: Trigger) -> str:
    return segments.segment(trigger.segment).name if isinstance(trigger, Every | Moves) else ""
