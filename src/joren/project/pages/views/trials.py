"""Trials of practices: what they say, the stretches, and who got it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.accounts import selectors as accounts
from joren.collect.customers import selectors as people
from joren.core import clock
from joren.core.errors import JorenError
from joren.core.figures import Figure
from joren.measure.practices import selectors as practices
from joren.measure.trials import selectors, services
from joren.measure.trials.contracts import (
    BY_PEOPLE,
    TRIAL_EVIDENCE_NAMES,
    TRIAL_METRIC_NAMES,
    TRIAL_UNIT_NAMES,
    ExposuresTaken,
    Period,
    Trial,
    TrialDesign,
    TrialPlan,
    TrialResult,
)
from joren.plumbing.access import caller, needs
from joren.plumbing.problems import in_one_line
from joren.plumbing.warehouse import warehouse
from joren.project import showing
from joren.project.pages.deeds import carry_out, day_of
from joren.project.pages.sent_files import sent_csv
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.typed import must_be_whole
from joren.project.pages.views.practice_words import called

ARMS: Final = {True: gettext_noop("with"), False: gettext_noop("without")}
METRICS: Final = {
    "profit": gettext_noop("profit before its cost"),
    "revenue": gettext_noop("revenue, profit unknown"),
}
_ASKED: Final = {
    "unit": "", "first": "", "last": "", "horizon": "90", "period": "7", "washout": "1",
    "metric": "money",
}  # fmt: skip


def trials_of(practice: str) -> Table:
    """The trials of one practice, with what they say; of all where none is named."""
    snapshot = warehouse().snapshots.latest()
    read = selectors.results(snapshot) if snapshot else {}
    columns = [
        Column(gettext("Trial")), Column(gettext("By lot")), Column(gettext("Last day")),
        Column(gettext("Evidence")), Column(gettext("Brought more, before its cost")),
        Column(gettext("Its 95% interval")), Column(gettext("Less its cost")),
    ]  # fmt: skip
    rows = []
    for one in selectors.trials(practice):
        said = read.get(one.id)
        rows.append(
            Row(
                [
                    Linked(_named(one, practice), reverse("trial", args=[one.id])),
                    gettext(TRIAL_UNIT_NAMES[one.plan.unit]), one.plan.last,
                    gettext(TRIAL_EVIDENCE_NAMES[said.evidence]) if said else None,
                    _gain(said), showing.interval(shown) if (shown := _gain(said)) else None,
                    said.net if said else None,
                ],
                thin=said is None or said.evidence in ("not_yet", "too_few", "broken"),
            )
        )  # fmt: skip
    caption = gettext("Tried by lot") if practice else gettext("Practices tried by lot")
    note = gettext(
        "Of what is called proven among all that was tried by lot (actions, trials, tests by area) "
        "at most one in ten is so by chance."
    )
    return Table("trials", caption, columns, rows, note)


def _gain(said: TrialResult | None) -> Figure | None:
    """What it brought; of a ratio, which comes to no sum, the difference."""
    if said is None or said.gain.value is not None:
        return said.gain if said else None
    known = [one for one in (said.each, said.lift) if one.value is not None]
    return known[0] if known else said.gain


def _named(one: Trial, practice: str) -> str:
    first = str(one.plan.first)
    return first if practice else f"{called(practices.practice(one.plan.practice))} · {first}"


@needs("view_figures")
def trial(request: HttpRequest, number: int) -> HttpResponseBase:
    """One of them."""
    return _page(request, number)


def _page(
    request: HttpRequest, number: int, done: ExposuresTaken | None = None
) -> HttpResponseBase:
    one, snapshot = selectors.trial(number), warehouse().snapshots.latest()
    said = selectors.read(one, snapshot) if snapshot else None
    sides, periods = _sides(said, one.plan.unit), _periods(selectors.schedule(one))
    if asked := csv_asked(request, sides, periods):
        return asked
    today = clock.shop_day(clock.now(), accounts.business().time_zone)
    faults = [] if done is None else [
        (each.row, each.column, each.value, showing.reason(each.reason)) for each in done.faults
    ]  # fmt: skip
    shown = {
        "one": one,
        "practice": called(practices.practice(one.plan.practice)),
        "unit": gettext(TRIAL_UNIT_NAMES[one.plan.unit]),
        "said": said,
        "evidence": gettext(TRIAL_EVIDENCE_NAMES[said.evidence]) if said else "",
        "metric": _metric(one.plan, said.metric) if said else "",
        "decides": gettext(TRIAL_METRIC_NAMES[one.plan.metric]),
        "figures": _figures(said, one.plan.unit) if said else (),
        "sides": sides,
        "periods": periods,
        "done": done,
        "faults": faults,
        "changes": caller(request).may("treat"),
        "imports": caller(request).may("import"),
        "open": one.plan.first > today,
        "today": _today(one, selectors.schedule(one), today),
    }
    return render(request, "pages/practices/trial.html", shown)


def _today(one: Trial, dealt: tuple[Period, ...], today: date) -> str:
    """What is to be done today, for whoever packs."""
    if today < one.plan.first:
        return gettext("It has not begun yet.")
    if today > one.plan.last:
        return gettext("Its days are over.")
    if one.plan.unit == "customer":
        return gettext("Today half of the customers get it, by the lot.")
    if not dealt:
        return gettext("Today half of the orders get it, by the lot.")
    names = {int(each.id): each.name for each in people.stores()}
    now = [each for each in dealt if each.first <= today <= each.last]
    on = [names.get(each.store or 0, "") for each in now if each.treated]
    if not on:
        return gettext("Today nobody gets it.")
    if any(on):
        return gettext("Today it is given in: %(stores)s") % {"stores": "、".join(sorted(on))}
    return gettext("Today everybody gets it.")


def _figures(said: TrialResult, unit: str) -> tuple[Figure, ...]:
    return (said.each if unit in BY_PEOPLE else said.lift, said.gain, said.net)


def _sides(said: TrialResult | None, unit: str) -> Table:
    money = said.gain.unit if said else ""
    columns = [
        Column(gettext("Side")),
        Column(_counted_as(unit), "count"),
        Column(gettext("Orders"), "count"), Column(gettext("Amount brought"), money),
        Column(gettext("Said to have got it"), "share"),
    ]  # fmt: skip
    rows = [
        Row([gettext(ARMS[one.treated]), one.units, one.orders, one.amount, one.given])
        for one in (said.sides if said else ())
    ]
    note = gettext(
        "The lot decides to which side something belongs, whether or not it was really given. "
        "Where many of one side are said to have got what the other side should, the difference is "
        "small."
    )
    return Table("sides", gettext("With and without"), columns, rows, note)


def _counted_as(unit: str) -> str:
    if unit == "customer":
        return gettext("Households")
    return gettext("Customers") if unit == "order" else gettext("Stretches")


def _periods(found: tuple[Period, ...]) -> Table:
    names = {int(one.id): one.name for one in people.stores()}
    columns = [
        Column(gettext("Store")), Column(gettext("First day")), Column(gettext("Counted from")),
        Column(gettext("Last day")), Column(gettext("Side")),
    ]  # fmt: skip
    rows = [
        Row([names.get(one.store or 0), one.first, one.counted_from, one.last,
             gettext(ARMS[one.treated])])
        for one in found
    ]  # fmt: skip
    return Table("stretches", gettext("Stretches"), columns, rows)


def designed(request: HttpRequest, key: str) -> dict[str, Any]:
    """What is asked for, and what it could show; without figures it may be drawn all the same."""
    asked = {name: request.GET.get(name, usual) for name, usual in _ASKED.items()}
    if not asked["unit"]:
        return {"asked": asked}
    shown: dict[str, Any] = {"asked": asked, "wanted": True}
    snapshot = warehouse().snapshots.latest()
    try:
        plan = _plan(key, asked)
        if snapshot is not None:
            shown |= _panel(selectors.design(plan, snapshot))
    except JorenError as refused:
        return {"asked": asked, "refusal": in_one_line(refused)}
    return shown


def _panel(found: TrialDesign) -> dict[str, Any]:
    people = found.plan.by_people
    each = (found.smallest,) if people else ()
    return {
        "design": found,
        "measures": (*each, found.smallest_lift, found.smallest_gain),
        "lift": round(found.lift * 100),
        "metric": _metric(found.plan, found.metric),
    }


def _metric(plan: TrialPlan, money: str) -> str:
    """What it is measured in: of money which, of all else the name."""
    if plan.metric == "money":
        return gettext(METRICS[money])
    return gettext(TRIAL_METRIC_NAMES[plan.metric])


def _plan(key: str, sent: Mapping[str, str]) -> TrialPlan:
    return TrialPlan(
        key, sent.get("unit", ""),  # type: ignore[arg-type]  # the rules refuse what is none
        day_of(sent.get("first", "")), day_of(sent.get("last", "")),
        must_be_whole(sent.get("horizon", "")), must_be_whole(sent.get("period", "")),
        must_be_whole(sent.get("washout", "")),
        sent.get("metric") or "money",  # type: ignore[arg-type]  # the verb refuses others
    )  # fmt: skip


@needs("treat")
@require_POST
def draw(request: HttpRequest, key: str) -> HttpResponse:
    """Deal a new one."""
    sent = {name: request.POST.get(name, "") for name in _ASKED}

    def deed() -> str:
        services.draw(_plan(key, sent), by=caller(request).name)
        return gettext("The trial is drawn.")

    return carry_out(request, deed, then="practice", args=[key])


@needs("treat")
@require_POST
def call_off(request: HttpRequest, number: int) -> HttpResponse:
    """It will not be done."""
    one = selectors.trial(number)

    def deed() -> str:
        services.call_off(number, by=caller(request).name)
        return gettext("The trial is called off.")

    return carry_out(request, deed, then="practice", args=[one.plan.practice])


@needs("import")
@require_POST
def expose(request: HttpRequest, number: int) -> HttpResponseBase:
    """Take in who got it, and say what stayed out."""
    with sent_csv(request) as file:
        done = services.expose_file(number, file, by=caller(request).name)
    return _page(request, number, done)
