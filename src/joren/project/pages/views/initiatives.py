"""Initiatives whose effect comes late: what they cost to date, and their metric against its own
past."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.accounts import selectors as accounts
from joren.core import clock
from joren.core.errors import BadInput
from joren.core.figures import Figure
from joren.decide.holdouts import selectors as holdouts
from joren.measure.experiments.contracts import EVIDENCE_NAMES
from joren.measure.initiatives import selectors, services
from joren.measure.initiatives.contracts import (
    LATE_EVIDENCE_NAMES,
    LATE_METRIC_NAMES,
    WHY_NAMES,
    Initiative,
    InitiativeText,
    LateEffect,
    LatePoint,
)
from joren.measure.practices import selectors as practices
from joren.plumbing.access import caller, needs
from joren.plumbing.warehouse import warehouse
from joren.project import showing
from joren.project.pages.charts import Chart, against_baselines
from joren.project.pages.codes import partner
from joren.project.pages.deeds import carry_out, day_of, day_or_none
from joren.project.pages.sections import major
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.typed import amount, must_be_whole
from joren.project.pages.views import initiative_history
from joren.project.pages.views.initiative_history import unit_of
from joren.project.pages.views.practice_words import called

_YEAR_WEEKS: Final = 52
"""Of the weeks before the beginning so many are drawn; the table has all."""


@needs("view_figures")
def initiatives(request: HttpRequest) -> HttpResponseBase:
    """All of them, those that go on first."""
    found, snapshot = selectors.initiatives(), warehouse().snapshots.latest()
    effects = selectors.effects_of(found, snapshot) if snapshot else []
    said = {one.initiative: one for one in effects}
    table = Table(
        "initiatives",
        gettext("Initiatives"),
        [
            Column(gettext("Initiative")), Column(gettext("Metric")), Column(gettext("Begun on")),
            Column(gettext("Effect expected on")), Column(gettext("Ended on")),
            Column(gettext("Owner")), Column(gettext("Cost to date")), Column(gettext("Evidence")),
            Column(gettext("Change against the baseline")), Column(gettext("Its 95% interval")),
        ],
        [_row(one, said.get(one.id)) for one in found],
    )  # fmt: skip
    shown = {"table": table, "any": bool(found), **_form(request, None)}
    return csv_asked(request, table) or render(request, "pages/initiatives/initiatives.html", shown)


@needs("view_figures")
def initiative(request: HttpRequest, number: int) -> HttpResponseBase:
    """One of them: cost, chart, baselines, and the form."""
    one, snapshot = selectors.initiative(number), warehouse().snapshots.latest()
    said = selectors.effect(one, snapshot) if snapshot else None
    weeks, costs, kept = _weeks(one, said.points if said else ()), _costs(one), _baselines(one)
    past = initiative_history.table(one)
    if asked := csv_asked(request, weeks, costs, kept, past):
        return asked
    shown = {
        "one": one,
        "metric": partner(*LATE_METRIC_NAMES[one.text.metric]),
        "said": said,
        "evidence": evidence(said) if said else "",
        "figures": (said.before, said.after, said.change, said.season, said.newest) if said else (),
        "held": said.holdout if said else None,
        "chart": _chart(one, said, weeks) if said and said.points else None,
        "costs": costs,
        "baselines": kept,
        "past": past,
        "cost": cost_of(one),
        "currency": accounts.business().currency or "JPY",
        "today": clock.shop_day(clock.now(), accounts.business().time_zone),
        **_form(request, one.text),
    }
    return render(request, "pages/initiatives/initiative.html", shown)


def evidence(said: LateEffect) -> str:
    """An experiment's verdict where one measures it, else the comparison with its own past."""
    if said.holdout:
        return gettext(EVIDENCE_NAMES[said.holdout.evidence])  # type: ignore[index]  # or none
    return gettext(LATE_EVIDENCE_NAMES[said.evidence])


def cost_of(one: Initiative) -> Figure | None:
    """To date, in the shop's currency."""
    if one.cost is None:
        return None
    return Figure("cost", one.cost, accounts.business().currency or "JPY")


def _row(one: Initiative, said: LateEffect | None) -> Row:
    text = one.text
    change = said.change if said else None
    return Row(
        [
            Linked(text.name, reverse("initiative", args=[one.id])),
            partner(*LATE_METRIC_NAMES[text.metric]), text.started_on, text.expected_on,
            text.stopped_on, one.owner_name or None, cost_of(one),
            evidence(said) if said else None, change, showing.interval(change) if change else None,
        ],
        thin=bool(said and said.evidence in ("waiting", "too_few") and not said.holdout),
    )  # fmt: skip


def _form(request: HttpRequest, text: InitiativeText | None) -> dict[str, Any]:
    return {
        "text": text,
        "metrics": [(code, partner(*words)) for code, words in LATE_METRIC_NAMES.items()],
        "holdouts": [(each.id, each.name) for each in holdouts.holdouts()],
        "practices": [
            (each.key, called(each)) for each in practices.practices() if each.text.holdout
        ],
        "members": [
            (int(each.id), each.name or each.email) for each in accounts.members() if each.active
        ],
        "changes": caller(request).may("treat"),
    }


def _weeks(one: Initiative, points: tuple[LatePoint, ...]) -> Table:
    unit = unit_of(one.text.metric)
    columns = [
        Column(gettext("First day")), Column(gettext("Last day")),
        Column(gettext("Week of the initiative"), "count"),
        Column(partner(*LATE_METRIC_NAMES[one.text.metric]), unit), Column("n", "count"),
    ]  # fmt: skip
    rows = [Row([each.first, each.last, each.week + 1, each.value, each.n]) for each in points]
    note = gettext("Week 1 is the first of the initiative; weeks before it are 0 and less.")
    return Table("weeks", gettext("Week by week"), columns, rows, note)


def _costs(one: Initiative) -> Table:
    unit = accounts.business().currency or "JPY"
    columns = [
        Column(gettext("Day")), Column(gettext("Cost"), unit), Column(gettext("Note")),
        Column(gettext("Written by")),
    ]  # fmt: skip
    names = accounts.names_of_callers()
    rows = [
        Row([each.on, each.amount, each.note or None, names[each.said_by]]) for each in one.costs
    ]
    return Table("costs", gettext("Costs"), columns, rows)


def _baselines(one: Initiative) -> Table:
    columns = [
        Column(gettext("First day")), Column(gettext("Last day")), Column(gettext("Why")),
        Column(gettext("Mean of a week")), Column(gettext("Its 95% interval")),
        Column(gettext("Weeks"), "count"), Column(gettext("Set on")), Column(gettext("Set by")),
        Column(gettext("Reason")),
    ]  # fmt: skip
    names = accounts.names_of_callers()
    rows = [
        Row(
            [
                each.first, each.last, gettext(WHY_NAMES[each.why]), each.figure,
                showing.interval(each.figure), each.figure.n, each.set_on,
                names[each.set_by], each.reason or None,
            ]
        )
        for each in one.baselines
    ]  # fmt: skip
    note = gettext("Kept as they were told on that day, also when figures change later.")
    return Table("baselines", gettext("Baselines"), columns, rows, note)


def _chart(one: Initiative, said: LateEffect, weeks: Table) -> Chart:
    unit, text = unit_of(one.text.metric), one.text
    shown = [each for each in said.points if each.week >= -_YEAR_WEEKS] or said.points[-1:]
    rows = [
        {"day": each.first.isoformat(), "value": major(each.value, unit)} for each in shown
    ]  # fmt: skip
    kept = [
        {
            "first": each.first.isoformat(), "last": each.last.isoformat(),
            "name": f"{each.first:%Y-%m} – {each.last:%Y-%m}",
            **{key: major(getattr(each.figure, key), unit) for key in ("value", "low", "high")},
        }
        for each in one.baselines
        if each.last >= shown[0].first
    ]  # fmt: skip
    marks = [
        {"day": text.started_on.isoformat(), "name": gettext("begun")},
        {"day": text.expected_on.isoformat(), "name": gettext("expected")},
    ]
    title = partner(*LATE_METRIC_NAMES[text.metric])
    words = gettext(
        "Each point is a full week. Stretches with a band are the baselines with their 95% "
        "interval. This is a comparison with its own past, not an experiment."
    )
    form = against_baselines(
        rows, kept, marks, y_format=".0%" if unit == "share" else "compact"
    )  # fmt: skip
    return Chart("late-effect", title, words, form, weeks)


@needs("treat")
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Begin one."""

    def deed() -> str:
        services.add(_text(request.POST), by=caller(request).name)
        return gettext("The initiative is added.")

    return carry_out(request, deed, then="initiatives")


@needs("treat")
@require_POST
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Whatever is done to one of them."""
    sent, by = request.POST, caller(request).name

    def deed() -> str:
        wanted = sent.get("do", "")
        if wanted == "write":
            services.write(number, _text(sent), why=sent.get("why", ""), by=by)
            return gettext("The initiative is kept.")
        if wanted == "cost":
            services.say_cost(
                number, on=day_of(sent.get("on", "")), amount=amount(sent.get("amount", "")),
                note=sent.get("note", ""), by=by,
            )  # fmt: skip
            return gettext("The cost is kept.")
        if wanted == "uncost":
            services.take_cost_back(
                number, must_be_whole(sent.get("cost", "")), why=sent.get("why", ""), by=by
            )
            return gettext("The cost is taken back.")
        if wanted == "rebase":
            services.rebase(number, reason=sent.get("reason", ""), by=by)
            return gettext("The new baseline is kept; the earlier ones stay.")
        raise BadInput(f"{wanted!r} is nothing that is done here", hint="write, cost, rebase")

    return carry_out(request, deed, then="initiative", args=[number])


def _text(sent: Any) -> InitiativeText:
    return InitiativeText(
        name=sent.get("name", ""),
        metric=sent.get("metric", ""),
        started_on=day_of(sent.get("started_on", "")),
        lag_days=must_be_whole(sent.get("lag_days", "")),
        owner=_whole_or_none(sent.get("owner", "")),
        about=sent.get("about", ""),
        holdout=_whole_or_none(sent.get("holdout", "")),
        practice=sent.get("practice", ""),
        stopped_on=day_or_none(sent.get("stopped_on", "")),
    )


def _whole_or_none(text: str) -> int | None:
    return must_be_whole(text) if text else None
