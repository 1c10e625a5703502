"""Keep journeys: write them, publish a version, pause and resume, end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from math import ceil, isclose

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from joren.act.journeys import models, selectors
from joren.act.journeys.contracts import (
    AT_ONCE,
    OVERDUE,
    PAUSES,
    SOURCE,
    Await,
    Belongs,
    Branch,
    Document,
    Fault,
    Journey,
    JourneyMeaningless,
    JourneyNameTaken,
    JourneyNotPublishable,
    JourneyNotSo,
    Moves,
    NoSuchJourney,
    Overdue,
    RehearsedPage,
    Send,
)
from joren.act.journeys.rules import Known, faults, read, written
from joren.act.journeys.services.clocking import ROOM
from joren.act.journeys.services.giving import GIVERS
from joren.act.journeys.services.hands import empty_hands, moment
from joren.act.journeys.services.leaving import leave, take_all
from joren.act.messages import selectors as templates
from joren.act.messages import services as messages
from joren.core import clock
from joren.decide.holdouts import services as lots
from joren.decide.segments import selectors as segments
from joren.decide.segments import services as following
from joren.protect.audit import services as audit

_CAME = (  # when somebody of the enrolment ``e`` came to where they stand
    "(SELECT p.at FROM journeys_passage AS p WHERE p.enrolment_id = e.id AND p.step = e.steps)",
    "(SELECT v.published_at FROM journeys_version AS v"
    " WHERE v.id = e.version_id AND v.published_at = e.due_at)",
)
_LATEST = {"postgresql": "greatest", "sqlite": "max"}
_LATER = {
    "postgresql": "due_at + (%s - floor(extract(epoch FROM {}))) * interval '1 second'",
    # What follows the second stays as it is written, so that moments compare as texts.
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%S', substr(due_at, 1, 19),"
    " '+' || (%s - strftime('%%s', substr({}, 1, 19))) || ' seconds') || substr(due_at, 20)",
}
_ENDS = "end:"
"""What the marks of ends that are not finished are called, with the journey's number."""

_LONGEST_WHY = 200
_LONGEST_LOT = 100
_LONGEST_NAME = 100


def create(document: Document, *, by: str) -> Journey:
    """Keep a new journey as a draft, which may lack things still."""
    with transaction.atomic():
        row = models.Journey(name=document.name, draft=written(document), changed_at=clock.now())
        _save(row)
        audit.record("journeys.created", actor=by, subject_kind="journey", subject_id=row.pk)
    return selectors.journey(row.pk)


def change(number: int, document: Document, *, by: str) -> Journey:
    """Change the draft. What runs stays as it is until it is published."""
    return redraft(number, lambda _before: document, by=by)


def redraft(number: int, edit: Callable[[Document], Document], *, by: str) -> Journey:
    """Change the draft into what ``edit`` makes of it, and nobody else's change is lost."""
    with transaction.atomic():
        row = _held(number)
        document = edit(read(row.draft))
        row.name, row.draft, row.changed_at = document.name, written(document), clock.now()
        _save(row)
        audit.record("journeys.changed", actor=by, subject_kind="journey", subject_id=number)
    return selectors.journey(number)


def rehearsed_taken(number: int, page: RehearsedPage, *, by: str) -> None:
    """Write down that somebody read or took the numbers of these customers."""
    audit.record(
        "journeys.rehearsal_taken", actor=by, subject_kind="journey", subject_id=number,
        customers=len({one.customer for one in page.items}),
    )  # fmt: skip


def check(document: Document) -> tuple[Fault, ...]:
    """What keeps it from being published."""
    known = Known(
        templates={one.id: one.sendable is not None for one in templates.templates()},
        segments=frozenset(one.id for one in segments.segments()),
        givers=frozenset(GIVERS),
    )
    return faults(document, known)


def publish(
    number: int, *, by: str, why: str = "", moves: Mapping[tuple[int, str], str] | None = None
) -> Journey:
    """Make the draft what people enter by. Who is on the way finishes the version they began, but
    for those at a (version, node) that ``moves`` leads to a node of the new one. Another share
    left out than before is a lot of its own: whoever enters from now on is drawn by it.
    """
    document = selectors.journey(number).draft
    if found := check(document):
        raise JourneyNotPublishable(found)
    _follow(document)
    with transaction.atomic():
        row = _held(number)
        if read(row.draft) != document:  # looking at segments takes its time
            raise JourneyNotSo(
                f"the draft of “{row.name}” was changed meanwhile", hint="look at it, publish again"
            )
        row.version += 1
        row.state = "running" if row.state == "draft" else row.state
        row.changed_at = clock.now()
        before = selectors.share_left_out(row.holdout)
        if not isclose(document.holdout, before, abs_tol=1e-9):
            _draw_by_another(row, document, by=by)
        row.save()
        fresh = models.Version.objects.create(
            journey=row, number=row.version, document=row.draft, published_at=row.changed_at,
            published_by=by, why=why.strip()[:_LONGEST_WHY],
            errands=_errands(number, document),
        )  # fmt: skip
        moved = sum(
            _move(number, one, node, fresh, to, document, row.changed_at)
            for (one, node), to in (moves or {}).items()
        )
        audit.record(
            "journeys.published", actor=by, subject_kind="journey", subject_id=number,
            version=row.version, moved=moved, holdout=document.holdout, holdout_before=before,
        )  # fmt: skip
    return selectors.journey(number)


def pause(number: int, *, by: str) -> Journey:
    """Stop all steps. What waits in the ledger is put aside; who is on the way stays where they
    are, and nobody enters."""
    with transaction.atomic():
        row = _held(number)
        if row.state != "running":
            raise JourneyNotSo(f"journey {number} is {row.state}", hint="only a running one pauses")
        row.state, row.paused_at = "paused", clock.now()
        row.save()
        messages.set_aside(selectors.errands(number))
        audit.record("journeys.paused", actor=by, subject_kind="journey", subject_id=number)
    return selectors.journey(number)


def resume(number: int, *, overdue: Overdue, by: str) -> Journey:
    """Go on. ``overdue`` says what becomes of those whose time came meanwhile, and of messages that
    had not left: ``send`` does all at once, ``skip`` lets them go on to their next wait without it
    and cancels these, ``shift`` moves all times by as long as the pause was."""
    return resume_at(number, clock.now(), overdue=overdue, by=by)


def resume_at(number: int, now: datetime, *, overdue: str, by: str) -> Journey:
    """The same at a moment that is given."""
    if overdue not in OVERDUE:
        raise JourneyNotSo(f"{overdue!r} is no policy", hint=f"one of {', '.join(OVERDUE)}")
    with transaction.atomic():
        row = _held(number)
        if row.state != "paused" or row.paused_at is None:
            raise JourneyNotSo(f"journey {number} is {row.state}", hint="only a paused one resumes")
        late = selectors.overdue(number, now)
        if overdue == "shift":
            _shift(number, row.paused_at, now)
        _answer(number, now, limit_moves=overdue == "shift")
        if overdue == "skip":
            late_ones = models.Enrolment.objects.filter(journey_id=number, due_at__lte=now)
            late_ones.update(muted=True)
        _take_up(number, overdue, now - row.paused_at)
        row.state, row.paused_at = "running", None
        row.save()
        audit.record(
            "journeys.resumed", actor=by, subject_kind="journey", subject_id=number,
            overdue=overdue, people=late,
        )  # fmt: skip
    return selectors.journey(number)


def end(number: int, *, by: str) -> Journey:
    """Everybody leaves, what has not left is cancelled, in chunks, and nobody enters any more.
    Where it was killed it goes on when it is called again, or with the worker's next tick."""
    with transaction.atomic():
        row = _held(number, ended=True)
        if row.state != "ended":
            row.state, row.paused_at, row.changed_at = "ended", None, clock.now()
            row.save()
            models.Mark.objects.get_or_create(
                name=f"{_ENDS}{number}", defaults={"at": clock.now(), "upto": number}
            )
            audit.record("journeys.ended", actor=by, subject_kind="journey", subject_id=number)
    _see_off(number)
    return selectors.journey(number)


def finish_ends() -> int:
    """Finish the ends that were killed on their way; returns how many."""
    killed = models.Mark.objects.filter(name__startswith=_ENDS).order_by("name")
    numbers = list(killed.values_list("upto", flat=True))
    for number in numbers:
        _see_off(number)
    return len(numbers)


def _see_off(number: int) -> None:
    for version in selectors.versions(number):
        while True:
            with transaction.atomic(), connection.cursor() as cursor:
                _held(number, ended=True)  # two who see off at once take turns
                empty_hands(cursor)
                if not take_all(cursor, version, AT_ONCE):
                    break
                leave(cursor, version, clock.now(), standing="left")
    messages.cancel(selectors.errands(number), None, reason="left")  # also of who is through
    _unfollow()
    models.Mark.objects.filter(name=f"{_ENDS}{number}").delete()


def _draw_by_another(row: models.Journey, document: Document, *, by: str) -> None:
    """Another lot from now on, or none; the one before keeps the time in which it was drawn by."""
    row.lots.filter(until=None).update(until=row.changed_at)
    row.holdout = _lot(document, row.pk, row.version, by=by)
    if row.holdout is not None:
        models.Lot.objects.create(journey=row, holdout=row.holdout, since=row.changed_at)


def _lot(document: Document, number: int, version: int, *, by: str) -> int | None:
    if not document.holdout:
        return None
    name = _lot_name(document.name, number, version)
    return lots.stand(name, share=document.holdout, by=by).id


def _lot_name(name: str, number: int, version: int) -> str:
    """One that was free: a holdout that was switched off keeps its own."""
    suffix = f" ({number}/{version})"
    return name[: _LONGEST_LOT - len(suffix)] + suffix


def _errands(journey: int, document: Document) -> dict[str, int]:
    """What messages know its sends by; another template is another errand."""
    return {
        node.id: messages.errand(SOURCE, journey, f"{node.id}/{node.template}", node.template)
        for node in document.nodes
        if isinstance(node, Send)
    }


def _move(
    journey: int, version: int, node: str, fresh: models.Version, to: str, document: Document,
    now: datetime,
) -> int:  # fmt: skip
    """Lead those at a node of an older version to one of the new. Who stands at a wait and goes to
    one keeps the moment at which they are due."""
    older = selectors.version(journey, version)
    place, there = _place(older.document, node), _place(document, to)
    theirs = models.Enrolment.objects.filter(version_id=older.id, node=place, due_at__isnull=False)
    change: dict[str, object] = {"version_id": fresh.pk, "node": there}
    both = (older.document.nodes[place], document.nodes[there])
    if not all(isinstance(one, PAUSES) for one in both):
        change["due_at"] = now
    if not all(isinstance(one, Await) for one in both):
        change["answered_at"] = None
    return theirs.update(**change)


def _place(document: Document, node: str) -> int:
    places = {one.id: place for place, one in enumerate(document.nodes)}
    if node not in places:
        raise JourneyNotSo(
            f"nobody is moved from or to {node!r}: it is no node of that version",
            hint="name a node of the version they are on, and one of the new version",
        )
    return places[node]


def _shift(number: int, paused_at: datetime, now: datetime) -> None:
    """All due moments later, in whole seconds and one statement: by the length of the pause, or
    what was left of it where somebody came to their node, or was led to it, meanwhile."""
    came = ", ".join(f"coalesce({one}, %s)" for one in _CAME)
    later = _LATER[connection.vendor].format(f"{_LATEST[connection.vendor]}(%s, {came})")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE journeys_enrolment AS e SET due_at = {later} "
            "WHERE journey_id = %s AND due_at IS NOT NULL",
            [ceil(now.timestamp()), *[moment(paused_at)] * (1 + len(_CAME)), number],
        )


def _take_up(number: int, overdue: str, paused: timedelta) -> None:
    """What the pause found in the ledger."""
    errands = selectors.errands(number)
    if overdue == "skip":
        messages.cancel(errands, None, reason="paused")
    else:
        messages.take_up(errands, later=paused if overdue == "shift" else timedelta(0))


def _answer(number: int, now: datetime, *, limit_moves: bool) -> None:
    """Whoever was answered during the pause goes on now; but where the limit stayed where it was,
    what happened after it came too late."""
    answered = models.Enrolment.objects.filter(journey_id=number, answered_at__isnull=False)
    if not limit_moves:
        answered.filter(answered_at__gte=F("due_at")).update(answered_at=None)
    answered.filter(due_at__isnull=False).update(due_at=now)


def _follow(document: Document) -> None:
    """Follow the segments that it names; of a new one it is asked at once who belongs."""
    wanted = _segments(document) - {*segments.followed_live(ROOM)}
    for segment in sorted(wanted):
        following.follow_live(segment, by=ROOM)
    if wanted:
        following.look_live()


def _unfollow() -> None:
    """Follow no longer what no journey that goes on asks for, in whichever version."""
    going = models.Version.objects.exclude(journey__state="ended")
    documents = [read(one) for one in going.values_list("document", flat=True)]
    wanted = {one for document in documents for one in _segments(document)}
    for segment in sorted({*segments.followed_live(ROOM)} - wanted):
        following.unfollow_live(segment, by=ROOM)


def _segments(document: Document) -> set[int]:
    """The segments that a document names, but for those of schedules, which are asked whole."""
    occasions = [*document.triggers, *document.goal]
    found = {one.segment for one in occasions if isinstance(one, Moves)}
    for node in document.nodes:
        if isinstance(node, Await):
            found |= {one.segment for one in node.of if isinstance(one, Moves)}
        elif isinstance(node, Branch):
            found |= {way.when.segment for way in node.ways if isinstance(way.when, Belongs)}
    return found


def _held(number: int, *, ended: bool = False) -> models.Journey:
    """The journey, which nobody else changes meanwhile; one that was ended only if that is said."""
    row = models.Journey.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NoSuchJourney(f"there is no journey {number}", hint="joren journeys list")
    if row.state == "ended" and not ended:
        raise JourneyNotSo(f"“{row.name}” was ended", hint="make a new one of its document")
    return row


def _save(row: models.Journey) -> None:
    if len(row.name) > _LONGEST_NAME:
        raise JourneyMeaningless(
            f"the name has {len(row.name)} characters", hint=f"at most {_LONGEST_NAME}"
        )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise JourneyNameTaken(
            f"there is a journey “{row.name}” already", hint="choose another name"
        ) from None
