"""The agenda of a monthly review: each point with what may be said of it."""

from __future__ import annotations

from typing import Final, cast

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from joren.act.pressure.contracts import MEASURE_NAMES
from joren.core.figures import Figure
from joren.measure.experiments.contracts import EVIDENCE_NAMES
from joren.measure.indicators.contracts import PART_NAMES, WAYS, Part, Verdict, Way
from joren.measure.indicators.contracts import VERDICT_NAMES as AIMED
from joren.measure.initiatives.contracts import LATE_EVIDENCE_NAMES
from joren.measure.practices import selectors as practices
from joren.measure.practices.contracts import NoSuchPractice
from joren.measure.reviews.contracts import AgendaItem, MonthlyReview
from joren.measure.trials.contracts import TRIAL_EVIDENCE_NAMES, TrialEvidence
from joren.project import showing
from joren.project.pages.sections import word
from joren.project.pages.tables import Column, Linked, Row, Table, Value
from joren.project.pages.views.effects import over
from joren.project.pages.views.indicators import way_name
from joren.project.pages.views.practice_words import called

_PAGES: Final = {
    "effect": "holdout", "faded": "holdout", "initiative": "initiative", "strategy": "strategy",
    "drift": "strategy",
}  # fmt: skip
_KINDS: Final = {
    "value": gettext_noop("Customer base"),
    "gap": gettext_noop("Target that is not met"),
    "loss": gettext_noop("Where most is lost"),
    "faded": gettext_noop("Win that did not last"),
    "effect": gettext_noop("What an action earned"),
    "trial": gettext_noop("Practice tried by lot"),
    "guard": gettext_noop("Refusals or reports of spam beyond their limit"),
    "initiative": gettext_noop("Initiative whose effect comes late"),
    "strategy": gettext_noop("Strategy whose review is late"),
    "drift": gettext_noop("Segment that moved"),
    "alarm": gettext_noop("Data that are not as they were"),
    "action": gettext_noop("Action still open"),
    "tuning": gettext_noop("Tuning to be judged"),
    "audit": gettext_noop("Audit of the practices that is due"),
}


def agenda_of(one: MonthlyReview) -> Table:
    """Its points, each with what may be said of it."""
    return Table(
        "agenda",
        gettext("What the data said"),
        [
            Column(gettext("Subject")), Column(gettext("What")), Column(gettext("Figure")),
            Column(gettext("Its interval")), Column(gettext("Target")),
            Column(gettext("At the review before")), Column(gettext("More")),
        ],
        [
            Row(
                [
                    gettext(_KINDS[point.kind]), _what(point), point.figure,
                    showing.interval(point.figure) if point.figure else None, _target(point),
                    _before(point), _more(point),
                ]
            )
            for point in one.agenda or ()
        ],
        note=gettext("As they were when the data were opened; they do not change any more."),
    )  # fmt: skip


def _what(point: AgendaItem) -> Value | Linked:
    if point.kind == "value":
        return word(point.name)
    if point.kind == "gap":
        return Linked(word(point.name), f"{reverse('indicators')}#targets")
    if point.kind == "loss" and point.name in WAYS:
        return Linked(way_name(cast(Way, point.name)), f"{reverse('indicators')}#loss")
    if point.kind == "alarm":
        return Linked(gettext("Data quality"), f"{reverse('data_quality')}#alarms")
    if point.kind == "audit":
        return Linked(point.name, f"{reverse('practices')}#audit")
    if point.kind == "guard":
        return Linked(point.name or gettext("The whole shop"), reverse("message_guard"))
    if point.kind == "trial":
        return Linked(_practice(point.name), reverse("trial", args=[point.number]))
    if point.kind in _PAGES and point.number is not None:
        return Linked(point.name, reverse(_PAGES[point.kind], args=[point.number]))
    return point.name


def _before(point: AgendaItem) -> Value:
    if point.figure is None or point.before is None:
        return None
    return Figure(point.figure.name, point.before, point.figure.unit)


def _target(point: AgendaItem) -> Value:
    if point.kind == "guard" or point.figure is None or point.target is None:
        return None
    return Figure(point.figure.name, point.target, point.figure.unit)


def _more(point: AgendaItem) -> str | None:
    if point.kind == "gap" and point.said in AIMED:
        return gettext(AIMED[cast(Verdict, point.said)])
    if point.kind == "loss" and point.said in PART_NAMES:
        return gettext(PART_NAMES[cast(Part, point.said)])
    if point.kind in ("effect", "faded"):
        return _evidence(point)
    if point.kind == "initiative":
        known: dict[str, str] = {**EVIDENCE_NAMES, **LATE_EVIDENCE_NAMES}  # type: ignore[dict-item]  # both are names of evidence
        words = known.get(point.said)
        return gettext(words) if words else None
    if point.kind == "trial" and point.said in TRIAL_EVIDENCE_NAMES:
        return gettext(TRIAL_EVIDENCE_NAMES[cast(TrialEvidence, point.said)])
    if point.kind == "guard" and point.said in MEASURE_NAMES and point.target is not None:
        limit = showing.text(Figure("guard_share", point.target, "share"))
        return gettext("%(measure)s, limit %(limit)s") % {
            "measure": gettext(MEASURE_NAMES[point.said]), "limit": limit,
        }  # fmt: skip
    if point.kind in ("action", "strategy"):
        return gettext("due on %(day)s") % {"day": point.said}
    if point.kind == "audit":
        return gettext("last time %(points)s") % {"points": point.said} if point.said else None
    return point.said or None if point.kind == "tuning" else None


def _evidence(point: AgendaItem) -> str | None:
    if point.said not in EVIDENCE_NAMES:
        return None
    said = gettext(EVIDENCE_NAMES[point.said])
    quiet = point.days is None or point.said in ("not_yet", "broken")
    return said if quiet else over(said, point.days or 0)


def _practice(key: str) -> str:
    """As the reader calls it; one that is there no more by its key."""
    try:
        return called(practices.practice(key))
    except NoSuchPractice:
        return key
