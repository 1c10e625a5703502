"""Look what is late or changed, and put a notice down once: for mails, programs and chat rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Final, TypeVar

from django.db import transaction

from joren.accounts import selectors as accounts
from joren.accounts.contracts import Action
from joren.act.messages import selectors as messages
from joren.act.pressure import selectors as pressure
from joren.collect.connectors import selectors as imports
from joren.core import clock
from joren.measure.channels import selectors as channels
from joren.measure.channels.contracts import AreaTest
from joren.measure.experiments import selectors as experiments
from joren.measure.reviews import selectors as reviews
from joren.measure.reviews.contracts import MOST_DAYS
from joren.measure.team import models, selectors
from joren.measure.team.contracts import TOPICS, NoticeChoice, Topic, announced
from joren.measure.team.rules import telling, writing
from joren.measure.trials import selectors as trials
from joren.measure.trials.contracts import Trial
from joren.plumbing import outbox
from joren.plumbing.alone import alone
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import services as audit

_FRESH: Final = timedelta(days=7)
"""What happened longer ago is no news any more."""
_STILL_NEWS: Final = timedelta(days=62)
"""So old may a verdict be that is told at last: each is told once, and a refresh that the holidays
held up, or a trial that could not be read for a while, must not swallow it."""
_MOST_FILES: Final = 20


_Tried = TypeVar("_Tried", Trial, AreaTest)


@dataclass(frozen=True)
class _Due:
    topic: Topic
    mark: str
    about: str
    subject: str
    key: str
    detail: Mapping[str, str]
    concerned: Sequence[int] = field(default=())
    told: tuple[int, str] | None = None  # the evidence of a holdout that people know from now on


def look() -> int:
    """Tell what is late or changed and was not told yet; returns how many notices are new.

    To look again, or from two processes, tells nothing twice: each notice has a mark of its own.
    """
    today = _today()
    sources: Mapping[str, Callable[[], Iterator[_Due]]] = {
        "reviews": lambda: _reviews(today), "actions": lambda: _actions(today),
        "alarms": _guarded, "evidence": _evidence, "verdicts": _verdicts,
        "imports": _failed_imports,
    }  # fmt: skip
    due = [
        one
        for name, source in sources.items()
        for one in alone(partial(_all, source), f"what is due of {name}") or ()
    ]
    known = set(
        models.Notice.objects.filter(mark__in=[one.mark for one in due]).values_list(
            "mark", flat=True
        )
    )
    for one in due:
        if one.mark in known and one.told:
            _note_evidence(*one.told)
    return sum(_told(one) for one in due if one.mark not in known)


def _all(source: Callable[[], Iterator[_Due]]) -> list[_Due]:
    return list(source())


@transaction.atomic
def choose(member: int, *, topics: Sequence[str], language: str = "ja", by: str) -> NoticeChoice:
    """Say of what a member is told by mail."""
    accounts.member_numbered(member)
    writing.check_topics(topics)
    writing.check_language(language)
    off = [one for one in TOPICS if one not in topics]
    models.NoticeChoice.objects.update_or_create(
        member_id=member, defaults={"off": off, "language": language}
    )
    audit.record("team.notices_chosen", actor=by, subject_kind="member", subject_id=member, off=off)
    return selectors.choice(member)


@transaction.atomic
def _told(one: _Due) -> bool:
    row, made = models.Notice.objects.get_or_create(
        mark=one.mark,
        defaults={
            "topic": one.topic, "about": one.about[:200], "detail": dict(one.detail),
            "subject": one.subject, "key": one.key, "made_at": clock.now(),
        },
    )  # fmt: skip
    if one.told:
        _note_evidence(*one.told)
    if not made:
        return False
    if messages.staff_sender() is not None:
        active = accounts.members_who_may("view_figures")
        else_told: Action = "import" if one.topic == "import_failed" else "treat"
        to = telling.whom(
            one.topic, one.concerned, active, accounts.members_who_may(else_told),
            selectors.choices(),
        )  # fmt: skip
        models.NoticeMail.objects.bulk_create(
            models.NoticeMail(notice=row, member_id=each, next_at=row.made_at) for each in to
        )
    outbox.put(announced(one.topic), notice=row.pk, subject=one.subject, number=one.key,
               **one.detail)  # fmt: skip
    return True


def _reviews(today: date) -> Iterator[_Due]:
    for one in reviews.held_today(today):
        named = [one.decider, *(each.owner for each in one.actions)]
        yield _Due(
            "review_due", f"review_due:{one.id}:{today}", "", "review", str(one.id),
            {"day": str(today)}, [each for each in dict.fromkeys(named) if each is not None],
        )  # fmt: skip
    stands = reviews.standing()
    if stands.missed_on is not None:
        late = (today - stands.missed_on).days
        mark = telling.review_mark(f"missed:{stands.missed_on}", late, 0)
        yield _Due(
            "review_overdue", mark, "", "review", str(stands.missed),
            {"days": str(late), "missed": str(stands.missed_on)},
        )  # fmt: skip
    elif stands.overdue and stands.days_since is not None:
        mark = telling.review_mark(str(stands.last_held), stands.days_since, MOST_DAYS)
        said = {"days": str(stands.days_since)}
        if stands.last_held is None:
            said["first"] = "yes"
        yield _Due("review_overdue", mark, "", "reviews", "", said)


def _actions(today: date) -> Iterator[_Due]:
    for one in reviews.open_actions():
        if one.due_on == today:
            yield _Due(
                "action_due", f"action_due:{one.id}:{one.due_on}", one.what, "review",
                str(one.cycle), {"day": str(one.due_on)}, (one.owner,) if one.owner else (),
            )  # fmt: skip
        if reviews.is_late(one, today=today):
            yield _Due(
                "action_overdue", f"action:{one.id}:{one.due_on}", one.what, "review",
                str(one.cycle), {"day": str(one.due_on)}, (one.owner,) if one.owner else (),
            )  # fmt: skip


def _guarded() -> Iterator[_Due]:
    """Each alarm once as it is raised, and once where it was held back for it."""
    alarms = pressure.open_alarms()
    parts = {(one.kind, one.key): one for one in selectors.actions()} if alarms else {}
    for one in alarms:
        action = parts.get((one.source, str(one.source_id)))  # type: ignore[arg-type]  # or none
        topic: Topic = "guard_stopped" if one.stopped else "guard_alarm"
        yield _Due(
            topic, f"guard:{one.id}" if one.stopped else f"guard:{one.id}:raised", one.name,
            one.source or "guard", str(one.source_id),
            {"bad": str(one.bad), "of": str(one.of)},
            [each.id for each in action.everybody] if action else (),
        )  # fmt: skip


def _evidence() -> Iterator[_Due]:
    """What changed since people were told; at first sight it is noted without a word."""
    told = dict(models.EvidenceTold.objects.values_list("holdout_id", "evidence"))
    now = experiments.evidence_now()
    changed = {one: read for one, read in now.items() if told.get(one) != read.evidence}
    if not changed:
        return
    by_holdout = {number: one for one in selectors.actions() for number in one.holdouts}
    for number, read in changed.items():
        before = told.get(number)
        if before is None or not telling.is_news(before, read.evidence):
            _note_evidence(number, read.evidence)
            continue
        action = by_holdout.get(number)
        yield _Due(
            "evidence_changed", f"evidence:{number}:{read.snapshot}:{read.evidence}", read.name,
            "holdout", str(number), {"before": before, "now": read.evidence},
            [each.id for each in action.everybody] if action else (), (number, read.evidence),
        )  # fmt: skip


def _verdicts() -> Iterator[_Due]:
    """Trials and tests by area whose days are over: each is read once, and told once; one that
    cannot be read is told when it can."""
    latest = warehouse().snapshots.latest()
    if latest is None:
        return
    fresh = latest.as_of - _STILL_NEWS
    ripe = _untold("verdict:trial", [
        one for one in trials.trials() if fresh <= one.plan.read_on <= latest.as_of
    ])  # fmt: skip
    if ripe:
        read, parts = trials.results(latest), {one.key: one for one in selectors.actions()
                                               if one.kind == "practice"}  # fmt: skip
        for one in ripe:
            if read[one.id].evidence == "not_yet":
                continue
            action = parts.get(one.plan.practice)
            yield _Due(
                "verdict_reached", f"verdict:trial:{one.id}", one.plan.practice, "trial",
                str(one.id), {"now": read[one.id].evidence},
                [each.id for each in action.everybody] if action else (),
            )  # fmt: skip
    tests = _untold("verdict:area_test", [
        one for one in channels.area_tests() if fresh <= one.text.last <= latest.as_of
    ])  # fmt: skip
    if tests:
        said = channels.results(latest)
        owned = {one.key: one for one in selectors.actions() if one.kind == "area_test"}
        for test in tests:
            if said[test.id].evidence == "not_yet":
                continue
            part = owned.get(str(test.id))
            yield _Due(
                "verdict_reached", f"verdict:area_test:{test.id}", test.text.name, "area_test",
                str(test.id), {"now": said[test.id].evidence},
                [each.id for each in part.everybody] if part else (),
            )  # fmt: skip


def _untold(prefix: str, every: Sequence[_Tried]) -> list[_Tried]:
    """To read them takes long, and people were told of most of them already."""
    marks = [f"{prefix}:{one.id}" for one in every]
    known = set(models.Notice.objects.filter(mark__in=marks).values_list("mark", flat=True))
    return [one for one, mark in zip(every, marks, strict=True) if mark not in known]


def _failed_imports() -> Iterator[_Due]:
    """By number and kind: the name of a file may be somebody's."""
    since = clock.now() - _FRESH
    for status in ("failed", "refused"):
        for one in imports.imports(status=status, limit=_MOST_FILES).items:
            if one.finished_at is not None and one.finished_at >= since:
                yield _Due("import_failed", f"import:{one.id}", one.kind, "import", str(one.id), {})


def _note_evidence(holdout: int, evidence: str) -> None:
    models.EvidenceTold.objects.update_or_create(
        holdout_id=holdout, defaults={"evidence": evidence}
    )


def _today() -> date:
    return clock.shop_day(clock.now(), accounts.business().time_zone)
