"""Effects: what was done, and what it brought beside those who were left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext

from joren.core import tested
from joren.core.figures import Figure
from joren.measure.channels import selectors as channels
from joren.measure.experiments import selectors
from joren.measure.experiments.contracts import (
    EVIDENCE_NAMES,
    ActionKind,
    EffectAction,
    Metric,
    Result,
)
from joren.measure.initiatives import selectors as initiatives
from joren.measure.initiatives.contracts import (
    LATE_EVIDENCE_NAMES,
    LATE_METRIC_NAMES,
    Initiative,
    LateEffect,
)
from joren.plumbing.access import needs
from joren.plumbing.http import file_answer
from joren.project import showing
from joren.project.pages.codes import partner
from joren.project.pages.sections import of_the_latest
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.views import effect_pools, last_touch
from joren.project.pages.views.channels import tests_of
from joren.project.pages.views.trials import trials_of
from joren.warehouse import Snapshot

METRICS: Final[dict[Metric, str]] = {
    "profit": gettext_noop("profit less cost"),
    "margin": gettext_noop("profit, cost unknown"),
    "revenue": gettext_noop("revenue, profit unknown"),
}
KINDS: Final[dict[ActionKind, str]] = {
    "campaign": gettext_noop("Campaign"),
    "journey": gettext_noop("Journey"),
    "everything": gettext_noop("All messages"),
    "segment": gettext_noop("By hand"),
    "standing": gettext_noop("Whoever comes"),
}
_BEFORE: Final = timedelta(days=28)
ENOUGH: Final = 10
"""Matured actions from which a projection counts as validated (docs/science/incremental.md)."""


@needs("view_figures")
@of_the_latest(gettext_noop("Effects"))
def effects(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    """Every journey, campaign and holdout as a row, that with most money at stake first."""
    found, pools = selectors.results_and_pools()
    courses = selectors.courses() if found else {}
    unit = found[0].realised.unit if found else ""
    late = [_late(one, said) for one, said in initiatives.effects()]
    table = Table(
        "effects",
        gettext("What was done, and what it brought"),
        [
            Column(gettext("What was done")), Column(gettext("Kind"), below=True),
            Column(gettext("Evidence")), Column(gettext("Measured in"), below=True),
            Column(gettext("Incremental LTV, realised"), unit),
            Column(gettext("Its 95% interval"), below=True),
            Column(gettext("Expected over a year"), unit),
            Column(gettext("Its 95% interval"), below=True),
            Column(gettext("Cost"), unit), Column(gettext("ROI"), "ratio"),
            Column(gettext("Per customer treated"), unit),
            Column(gettext("Change in four weeks"), unit, below=True), Column(gettext("Since")),
        ],
        [
            Row(
                [
                    Linked(one.name, reverse("holdout", args=[one.holdout_id])),
                    gettext(KINDS[one.action.kind]), verdict(one), gettext(METRICS[one.metric]),
                    one.realised, showing.interval(one.realised), *_expected(one),
                    one.cost.total, one.roi, one.realised_per_customer,
                    _change(one.realised_per_customer, courses.get(one.holdout_id, {}), one),
                    one.first,
                ],
                thin=one.evidence in ("too_small", "not_yet", "broken"),
            )
            for one in found
        ]
        + late,
        note=gettext(
            "Everybody who was drawn counts. Intervals hold however often you look, and of what is "
            "called proven among all that was tried by lot (actions, trials, tests by area) at "
            "most one in ten is so by chance. What is not known is a dash, not a zero. Money runs "
            "until today; what a planned look said is of the days named beside it, and where more "
            "days say something else, that follows it."
        )
        + _unread(),
    )  # fmt: skip
    board = _board({one.holdout_id: one for one in found}, unit)
    last = last_touch.wanted(snapshot, EVIDENCE_NAMES)
    alike = [effect_pools.together(pools, EVIDENCE_NAMES, METRICS), effect_pools.apart(pools)]
    tried = trials_of("")
    areas = tests_of(channels.area_tests(), snapshot)
    shown = {
        "tried": tried if tried.rows else None,
        "tests": areas if areas.rows else None,
        "last_touch": last, "table": table, "board": board,
        "any": bool(found or late or tried.rows or areas.rows),
        "alike": alike if pools else [],
    }  # fmt: skip
    return csv_asked(
        request, table, tried, areas, *alike, board, *([last] if last else [])
    ) or render(request, "pages/effects.html", shown)


@needs("view_figures")
def lifts(_request: HttpRequest, form: Literal["csv", "parquet"]) -> HttpResponse:
    """All that was tried by lot, flat, for a model of the media mix."""
    return file_answer(selectors.lift_file(form), form, "lifts")


def _unread() -> str:
    """What is not among all that was tried is said: it may be what was not proven."""
    unread = tested.unread()
    if not unread:
        return ""
    return " " + ngettext(
        "%(n)d of what was tried could not be read and is not among it; the server's log says why.",
        "%(n)d of what was tried could not be read and are not among it; the server's log says "
        "why.",
        unread,
    ) % {"n": unread}


def _late(one: Initiative, said: LateEffect) -> Row:
    """An initiative: what a comparison with its own past says is no incremental LTV."""
    if said.holdout:
        words = EVIDENCE_NAMES[said.holdout.evidence]  # type: ignore[index]  # or none
    else:
        words = LATE_EVIDENCE_NAMES[said.evidence]
    held = said.holdout.realised if said.holdout else None
    return Row(
        [
            Linked(one.text.name, reverse("initiative", args=[one.id])), gettext("Initiative"),
            gettext(words), partner(*LATE_METRIC_NAMES[one.text.metric]), held,
            showing.interval(held) if held else "", None, "", one.cost, None, None, None,
            one.text.started_on,
        ],
        thin=said.holdout is None,
    )  # fmt: skip


def _expected(one: Result) -> tuple[Figure | None, str]:
    """The figure, and its interval with how far it may be believed."""
    if not one.projection:
        return None, ""
    figure = one.projection.together
    shown = showing.interval(figure)
    if one.projection.basis == "repeats":
        return figure, f"{shown} · " + gettext("by its repeats")
    if one.projection.actions >= ENOUGH:
        return figure, shown
    return figure, f"{shown} · " + gettext("not yet validated")


def _board(known: Mapping[int, Result], unit: str) -> Table:
    """Every projection that was made early, beside what came."""
    rows = selectors.board()
    return Table(
        "board",
        gettext("Projections held against what came"),
        [
            Column(gettext("What was done")), Column(gettext("Told on")),
            Column(gettext("Days since the beginning"), "count"),
            Column(gettext("Projected per customer"), unit), Column(gettext("from"), unit),
            Column(gettext("to"), unit), Column(gettext("Came in the year"), unit),
            Column(gettext("Within")),
        ],
        [
            Row(
                [
                    Linked(known[one.holdout_id].name, reverse("holdout", args=[one.holdout_id])),
                    one.told_on, one.age, one.projected, one.low, one.high, one.came,
                    gettext("yes") if one.held else gettext("no"),
                ]
            )
            for one in rows
            if one.holdout_id in known
        ],
        note=gettext(
            "Of each action the first projection after four weeks, and what everybody brought in "
            "a year. From ten on the spread between them is learned from here; until then "
            "projections are not yet validated, and their intervals are wide on purpose."
        ),
    )  # fmt: skip


def verdict(one: Result) -> str:
    """What may be said of it, in the reader's words."""
    if one.weeks:
        return ngettext(
            "Not yet known: needs about %(n)s more week",
            "Not yet known: needs about %(n)s more weeks",
            one.weeks,
        ) % {"n": one.weeks}
    said = gettext(EVIDENCE_NAMES[one.evidence])
    if one.over_days is None or one.evidence in ("not_yet", "broken"):
        return said
    told = over(said, one.over_days)
    if not (one.faded and one.afterwards):
        return told
    after = gettext(EVIDENCE_NAMES[one.afterwards.evidence])
    return f"{told} → {over(after, one.afterwards.days)}"


def over(said: str, days: int) -> str:
    """A word of evidence with the time that it is of."""
    words = gettext("%(evidence)s (each customer's first %(days)s days)")
    return words % {"evidence": said, "days": days}


def done(action: EffectAction) -> Linked | None:
    """The campaign or journey that the treated got, as something that leads there."""
    if action.number is None or action.kind not in ("campaign", "journey"):
        return None
    words = f"{gettext(KINDS[action.kind])}: {action.name}"
    return Linked(words, reverse(action.kind, args=[action.number]))


def _change(
    now: Figure, course: Mapping[Metric, list[tuple[date, float]]], one: Result
) -> float | None:
    """Of the difference per customer against the newest reading at least four weeks older."""
    before = [each for day, each in course.get(one.metric, []) if one.last - day >= _BEFORE]
    return now.value - before[-1] if before and now.value is not None else None
