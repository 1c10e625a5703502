"""Questions about reviews, and what the data have to say to one now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cache
from typing import Any, Final

from django.db.models import QuerySet
from pydantic import TypeAdapter

from joren.accounts import selectors as accounts
from joren.act.pressure import selectors as pressure
from joren.act.pressure.contracts import Alarm
from joren.collect.quality import selectors as quality
from joren.core import clock
from joren.core.figures import Figure
from joren.decide.strategies import selectors as strategies
from joren.measure.experiments import selectors as experiments
from joren.measure.indicators import selectors as indicators
from joren.measure.initiatives import selectors as initiatives
from joren.measure.practices import selectors as practices
from joren.measure.reviews import models
from joren.measure.reviews.contracts import (
    AgendaItem,
    Kind,
    MonthlyReview,
    NoSuchReview,
    ReviewAction,
    ReviewStanding,
    Tuning,
)
from joren.measure.reviews.rules import is_late
from joren.measure.reviews.rules import standing as standing_of
from joren.measure.trials import selectors as trials
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot

__all__ = [
    "HEADLINE", "action_of", "agenda_now", "held_today", "is_late", "mail_is_due", "open_actions",
    "review", "reviews", "standing", "tuning_of", "tunings_to_judge", "written",
]  # fmt: skip

HEADLINE: Final = ("revenue_365d", "profit_365d", "revenue_past", "profit_past", "customers")
_ORDER: Final[tuple[Kind, ...]] = (
    "value", "gap", "loss", "guard", "faded", "effect", "trial", "initiative", "tuning", "action",
    "strategy", "audit", "drift", "alarm",
)  # fmt: skip


def reviews(*, limit: int = 120) -> list[MonthlyReview]:
    """The newest first."""
    rows = models.Cycle.objects.order_by("-held_on")[:limit]
    return _read(rows.prefetch_related("tunings", "actions"))


def review(number: int) -> MonthlyReview:
    """One of them, with its decisions and actions."""
    rows = models.Cycle.objects.filter(pk=number).prefetch_related("tunings", "actions")
    if not (found := _read(rows)):
        raise NoSuchReview(f"there is no review {number}", hint="joren reviews list")
    return found[0]


def held_today(today: date) -> list[MonthlyReview]:
    """What is to be held on that day and was not closed yet."""
    rows = models.Cycle.objects.filter(held_on=today).exclude(state="closed")
    return _read(rows.prefetch_related("tunings", "actions"))


def mail_is_due() -> bool:
    """Does a review wait to be mailed to somebody?"""
    return models.ReviewMail.objects.filter(state="waiting", next_at__lte=clock.now()).exists()


def standing() -> ReviewStanding:
    """How the tuning goes, over all reviews."""
    zone = accounts.business().time_zone
    return standing_of(reviews(), today=_today(), first_figures=_first_figures(), zone=zone)


def _first_figures() -> date | None:
    """The day of the first refresh that is known."""
    built = [one.built_at for one in warehouse().snapshots.all()]
    return clock.shop_day(min(built), accounts.business().time_zone) if built else None


def open_actions() -> list[ReviewAction]:
    """Of all reviews, what is due first."""
    rows = models.Action.objects.filter(done_at=None).order_by("due_on", "pk")
    names = accounts.member_names()
    return [action_of(row, names) for row in rows]


def tunings_to_judge() -> list[Tuning]:
    """Decided in reviews that were closed, and nobody has said yet what came of them."""
    rows = models.Tuning.objects.filter(verdict="", cycle__state="closed")
    return [tuning_of(row) for row in rows.order_by("decided_at", "pk")]


def agenda_now(snapshot: Snapshot, *, today: date) -> list[AgendaItem]:
    """What there is to talk about, by kind and in each by money or by lateness."""
    found = [
        *_values(snapshot), *_gaps(snapshot), *_guarded(), *_effects(), *_trials(snapshot),
        *_initiatives(snapshot),
        *_tunings(), *_actions(), *_strategies(today), *_audit(), *_drift(),
        *_alarms(snapshot, today),
    ]  # fmt: skip
    return sorted(found, key=lambda one: _ORDER.index(one.kind))


def written(agenda: Sequence[AgendaItem]) -> list[Mapping[str, Any]]:
    """As it is kept in the row."""
    return [asdict(one) for one in agenda]


def tuning_of(row: models.Tuning) -> Tuning:
    """As other rooms see it."""
    return Tuning(
        id=row.pk, cycle=row.cycle_id, part=row.part,  # type: ignore[arg-type]  # constrained
        decision=row.decision,  # type: ignore[arg-type]  # the constraint keeps it to these
        about=row.about, reason=row.reason, expected=row.expected, holdout=row.holdout_id,
        decided_at=row.decided_at, decided_by=row.decided_by,
        verdict=row.verdict or None,  # type: ignore[arg-type]  # the constraint keeps it to these
        outcome=row.outcome, judged_at=row.judged_at, judged_by=row.judged_by,
    )  # fmt: skip


def action_of(row: models.Action, names: Mapping[int, str] | None = None) -> ReviewAction:
    """As other rooms see it."""
    known = accounts.member_names() if names is None else names
    return ReviewAction(
        id=row.pk, cycle=row.cycle_id, what=row.what, owner=row.owner_id,
        owner_name=known.get(row.owner_id or 0, ""), due_on=row.due_on, done_at=row.done_at,
        done_by=row.done_by,
    )  # fmt: skip


def _values(snapshot: Snapshot) -> list[AgendaItem]:
    """The headline, each beside what it was at the review before."""
    report, before = values.value_report(snapshot), _before("value")
    return [
        AgendaItem("value", name, figure=report.total(name), before=before.get(name))
        for name in HEADLINE
    ]


def _gaps(snapshot: Snapshot) -> list[AgendaItem]:
    """Targets that are not met, and where most is lost on the way to buying again."""
    tree, before = indicators.agenda(snapshot), _before("gap", "loss")
    found = [
        AgendaItem(
            "gap", one.label or one.code, figure=one.actual,
            before=before.get(one.label or one.code), said=one.verdict, target=one.target,
        )
        for one in indicators.worst_first(tree)
    ]  # fmt: skip
    if (loss := tree.loss) is None:
        return found
    return [
        *found,
        AgendaItem("loss", loss.way, figure=loss.lost, before=before.get(loss.way), said=loss.part),
    ]


def _before(*kinds: Kind) -> dict[str, float | None]:
    """The figures of the review before, by their name."""
    last = models.Cycle.objects.filter(state="closed").order_by("-as_of", "-held_on").first()
    points = _points(last.agenda) if last and last.agenda else ()
    return {one.name: one.figure.value for one in points if one.kind in kinds and one.figure}


def _effects() -> list[AgendaItem]:
    """What each action earned, and of which a win did not last."""
    results = experiments.results()
    found = [
        AgendaItem(
            "effect", one.name, one.holdout_id, one.realised, said=one.evidence, days=one.over_days
        )
        for one in results
    ]
    faded = [
        AgendaItem("faded", one.name, one.holdout_id, after.per_customer, said=after.evidence,
                   days=after.days)
        for one in results
        if one.faded and (after := one.afterwards)
    ]  # fmt: skip
    return [*sorted(found, key=_money, reverse=True), *faded]


def _guarded() -> list[AgendaItem]:
    """Refusals and reports of spam beyond their limit; of a raise the share is no share of all."""
    return [
        AgendaItem("guard", one.name, one.source_id, _bad_share(one), said=one.measure,
                   target=one.limit)
        for one in pressure.open_alarms()
    ]  # fmt: skip


def _bad_share(one: Alarm) -> Figure | None:
    if one.measure == "raise" or not one.of:
        return None
    return Figure("guard_share", one.bad / one.of, "share", one.of)


def _trials(snapshot: Snapshot) -> list[AgendaItem]:
    """Practices tried by lot, whether or not they can be read yet."""
    read = trials.results(snapshot)
    found = [
        AgendaItem(
            "trial", one.plan.practice, one.id,
            read[one.id].headline,
            said=read[one.id].evidence,
        )
        for one in trials.trials()
    ]  # fmt: skip
    return sorted(found, key=_money, reverse=True)


def _initiatives(snapshot: Snapshot) -> list[AgendaItem]:
    """Those that go on: what they have cost stays on the table until the effect is there."""
    running = [one for one in initiatives.initiatives() if one.text.stopped_on is None]
    found = zip(running, initiatives.effects_of(running, snapshot), strict=True)
    return [
        AgendaItem(
            "initiative", one.text.name, one.id,
            said.holdout.realised if said.holdout else said.change,
            said=said.holdout.evidence if said.holdout else said.evidence,
        )
        for one, said in found
    ]  # fmt: skip


def _money(point: AgendaItem) -> float:
    return abs((point.figure.value if point.figure else None) or 0.0)


def _tunings() -> list[AgendaItem]:
    return [
        AgendaItem("tuning", one.about, one.id, said=one.expected) for one in tunings_to_judge()
    ]


def _actions() -> list[AgendaItem]:
    return [AgendaItem("action", one.what, one.id, said=str(one.due_on)) for one in open_actions()]


def _strategies(today: date) -> list[AgendaItem]:
    late = strategies.overdue(today)
    return [AgendaItem("strategy", one.name, one.segment, said=str(one.review_on)) for one in late]


def _audit() -> list[AgendaItem]:
    """The quarter's audit of the practices, until it is held; with what the last one came to."""
    stands = practices.standing()
    if stands.held:
        return []
    said = "" if stands.total is None else f"{stands.total}/{stands.most}"
    return [AgendaItem("audit", stands.quarter, said=said)]


def _drift() -> list[AgendaItem]:
    moved = [one for one in strategies.drift_report() if one.verdict == "moved"]
    return [AgendaItem("drift", one.name, one.segment) for one in moved]


def _alarms(snapshot: Snapshot, today: date) -> list[AgendaItem]:
    house = warehouse()
    report = quality.report_in(house, snapshot)
    if report is None:
        return []
    day = report.as_of if accounts.business().simulated else today
    found = quality.alarms(house, report, today=day)
    return [AgendaItem("alarm", one.of, one.store_id, said=one.fault) for one in found]


def _read(rows: QuerySet[models.Cycle]) -> list[MonthlyReview]:
    names = accounts.member_names()
    return [_cycle(row, names) for row in rows]


def _cycle(row: models.Cycle, names: Mapping[int, str]) -> MonthlyReview:
    tunings = sorted(row.tunings.all(), key=lambda one: one.pk)
    actions = sorted(row.actions.all(), key=lambda one: (one.due_on, one.pk))
    return MonthlyReview(
        id=row.pk, held_on=row.held_on, state=row.state,  # type: ignore[arg-type]  # constrained
        decider=row.decider_id, decider_name=names.get(row.decider_id or 0, ""),
        criterion=row.criterion, criterion_at=row.criterion_at, opened_at=row.opened_at,
        opened_by=row.opened_by, as_of=row.as_of,
        agenda=None if row.agenda is None else _points(row.agenda), notes=row.notes,
        closed_at=row.closed_at, closed_by=row.closed_by,
        tunings=tuple(tuning_of(one) for one in tunings),
        actions=tuple(action_of(one, names) for one in actions),
    )  # fmt: skip


def _points(kept: Any) -> tuple[AgendaItem, ...]:
    return _reader().validate_python(kept)


@cache
def _reader() -> TypeAdapter[tuple[AgendaItem, ...]]:
    return TypeAdapter(tuple[AgendaItem, ...])


def _today() -> date:
    return clock.shop_day(clock.now(), accounts.business().time_zone)
