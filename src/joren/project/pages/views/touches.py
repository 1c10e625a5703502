"""When customers decide, what they touched before, and last touch beside effects."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.act.messages.contracts import KIND_NAMES
from joren.core.errors import BadInput
from joren.measure.experiments.contracts import EVIDENCE_NAMES
from joren.measure.touches import selectors, services
from joren.measure.touches.contracts import (
    CONTENT_KIND_NAMES,
    DECISION_NAMES,
    HORIZONS,
    ContentBeside,
    DecisionTime,
    NoTouchesYet,
    TouchReport,
)
from joren.plumbing.access import caller, needs
from joren.project import showing
from joren.project.pages.charts import Chart, lines
from joren.project.pages.codes import partner
from joren.project.pages.deeds import carry_out
from joren.project.pages.sections import Section, of_the_latest, show, word
from joren.project.pages.tables import Column, Linked, Row, Table, Value
from joren.project.pages.typed import whole
from joren.project.pages.views.last_touch import last_touch_table
from joren.warehouse import Snapshot

_TITLE = gettext_noop("When customers decide")
NO_CLICKS = gettext_noop(
    "Nothing was touched in the last year. Send a campaign with links, or send page views and "
    "clicks as live events; they are counted at the next refresh."
)


@needs("view_figures")
@of_the_latest(_TITLE)
def decisions(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    """How soon people order, which content they touched, and last touch."""
    try:
        counted = selectors.report(snapshot)
    except NoTouchesYet:
        return render(request, "pages/nothing_yet.html", {"heading": gettext(_TITLE)})
    return show(
        request,
        "pages/decisions.html",
        _sections(counted),
        rule=selectors.last_touch_rule(),
        changes=caller(request).may("change_settings"),
        history=[one for one in selectors.rule_history() if one.changed_at][:20],
    )


def _sections(counted: TouchReport) -> list[Section]:
    cautions = [] if counted.events else [gettext("There are no events of visits yet.")]
    beside = selectors.contents_beside(counted)
    some = [one for one in counted.decisions if one.points]
    found = [
        Section(
            gettext("Time until the decision"),
            gettext("Whoever has not ordered yet counts for as long as they were followed."),
            cautions=cautions,
            charts=[_chart(some)] if some else [],
            tables=[_decisions(counted)],
            name="decisions",
        ),
        Section(
            gettext("Content touched before an order"),
            gettext(
                "Observed, no effect: whoever is about to buy clicks and looks more. Where people "
                "were left out by lot, what the action really changed stands beside it."
            ),
            cautions=[] if beside else [gettext(NO_CLICKS)],
            tables=[_contents(beside)],
            name="contents",
        ),
    ]
    if selectors.last_touch_rule().shown:
        found.append(
            Section(
                gettext("Last touch"),
                _said(counted),
                cautions=[] if counted.last_touch else [gettext(NO_CLICKS)],
                tables=[last_touch_table(counted, EVIDENCE_NAMES)],
                name="last-touch",
            )
        )
    return found


def _said(counted: TouchReport) -> str:
    words = (
        gettext("Opens and clicks of the last %(days)s days before each order of a year.")
        if counted.last_touch_opens
        else gettext("Clicks of the last %(days)s days before each order of a year.")
    )
    return words % {"days": counted.last_touch_days}


def _decisions(counted: TouchReport) -> Table:
    columns = [
        Column(gettext("From → to")), Column(gettext("Began"), "count"),
        Column(gettext("Decided"), "count"), Column(gettext("Waiting still"), "count"),
        *(Column(gettext("within %(days)s days") % {"days": day}, "share") for day in HORIZONS),
        Column(word("decision_median"), "days"), Column(gettext("from"), "days"),
        Column(gettext("to"), "days"), Column(gettext("Had decided before"), "count"),
    ]  # fmt: skip
    rows = [
        Row(
            [
                partner(*DECISION_NAMES[one.way]), one.entered, one.decided, one.waiting,
                *one.shares, one.median, one.median.low, one.median.high, one.before,
            ]
        )
        for one in counted.decisions
    ]  # fmt: skip
    note = gettext(
        "Whoever had ordered before the beginning is left out of the way. A visitor nobody knows "
        "counts as one person. Where people sign up with their first order, the first contact and "
        "the order are of the same day, and the share is high from day 0 on."
    )
    return Table("decisions", gettext("Time until the decision"), columns, rows, note)


def _contents(beside: list[ContentBeside]) -> Table:
    columns = [
        Column(gettext("Content")), Column(gettext("Kind")), Column(gettext("People"), "count"),
        Column(gettext("Ordered within 30 days"), "count"),
        Column(gettext("Their share (observed)"), "share"), Column(gettext("Its 95% interval")),
        Column(gettext("By holdout: difference in buyers")), Column(gettext("Its interval")),
        Column(gettext("Evidence")),
    ]  # fmt: skip
    rows = [
        Row(
            [
                _type(one.called) if one.content.kind == "type" else one.called,
                gettext(CONTENT_KIND_NAMES[one.content.kind]), one.content.people,
                one.content.bought, one.content.share, showing.interval(one.content.share),
                *(_experiment(one) or [None] * 3),
            ],
            thin=one.content.share.value is None,
        )
        for one in beside
    ]  # fmt: skip
    note = gettext(
        "First touches of the last year that had their 30 days. A dash under the holdout: nobody "
        "was left out, so that nobody knows what it changed."
    )
    return Table("contents", gettext("Content touched before an order"), columns, rows, note)


def _type(name: str) -> str:
    words = KIND_NAMES.get(name)
    return gettext(words) if words else name


def _experiment(one: ContentBeside) -> list[Value | Linked]:
    said = one.experiment
    if said is None:
        return []
    verdict = gettext(EVIDENCE_NAMES[said.evidence])  # type: ignore[index]  # it is one of these
    return [
        said.conversion, showing.interval(said.conversion),
        Linked(verdict, reverse("holdout", args=[said.holdout])),
    ]  # fmt: skip


def _chart(some: list[DecisionTime]) -> Chart:
    points: list[dict[str, Any]] = [
        {"way": partner(*DECISION_NAMES[one.way]), "day": day, "share": share}
        for one in some
        for day, share in one.points
    ]
    words = gettext("Each line is one way: the share that has ordered, by days since it began.")
    form = lines(points, x="day", y="share", color="way", y_format=".0%", x_title=gettext("Days"))
    columns = [
        Column(gettext("From → to")), Column(gettext("Days"), "count"),
        Column(word("decision_share"), "share"),
    ]  # fmt: skip
    rows = [Row([one["way"], one["day"], one["share"]]) for one in points]
    table = Table("decision-lines", word("decision_share"), columns, rows)
    return Chart("decision-lines", word("decision_share"), words, form, table)


@needs("change_settings")
@require_POST
def set_rule(request: HttpRequest) -> HttpResponse:
    """Is last touch shown, how far back, do opens count?"""
    sent = request.POST

    def deed() -> str:
        days = sent.get("days", "").strip()
        if (number := whole(days)) is None:
            raise BadInput(f"{days[:60]!r} days", hint="a whole number, such as 7")
        services.set_last_touch(
            by=caller(request).name, shown="shown" in sent, days=number, opens="opens" in sent
        )
        return gettext("The setting is kept.")

    return carry_out(request, deed, then="decisions")
