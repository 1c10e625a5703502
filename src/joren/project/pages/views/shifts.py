"""Whose mix of categories changed: from which towards which, and what to do about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.core.figures import Figure
from joren.core.ids import CustomerId
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import All, Is
from joren.plumbing.access import caller, needs
from joren.project.pages.charts import Chart, lying_bars
from joren.project.pages.deeds import carry_out
from joren.project.pages.sections import Section, of_the_latest, show
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.science.inference import proportion_interval
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import NoSnapshot
from joren.understand.shifts import selectors
from joren.understand.shifts.contracts import CustomerShift, NoShiftsYet, ShiftReport
from joren.warehouse import Snapshot

DAYS: Final = 90
"""A segment of a shift asks for what was found within so many days."""

_DRAWN: Final = 15
_LISTED: Final = 100
_INTERVAL: Final = 0.95


@needs("view_figures")
@of_the_latest(gettext_noop("Shifts of the category mix"))
def shifts(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    try:
        report = selectors.shift_report(snapshot)
    except NoShiftsYet:
        heading = gettext("Shifts of the category mix")
        return render(request, "pages/nothing_yet.html", {"heading": heading})
    section = Section(gettext("From which category towards which"), charts=[_chart(report)]
                      if report.flows else [], tables=[_flows(report)])  # fmt: skip
    return show(
        request,
        "pages/shifts.html",
        [section] if report.flows else [],
        report=report,
        unknown=report.buyers - report.judged,
        headline=[_figure(report)],
        flows=[(one.shift_from, one.shift_to, one.customers) for one in report.flows],
        changes=caller(request).may("treat"),
        figures_as_of=snapshot.as_of,
    )


@needs("view_figures")
@of_the_latest(gettext_noop("Shifts of the category mix"))
def shifted(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    """The customers of one shift."""
    before, towards = request.GET.get("from", ""), request.GET.get("to", "")
    found = selectors.shifted(
        snapshot, shift_from=before or None, shift_to=towards or None, limit=_LISTED
    )
    table = replace(_customers(found), people=True, file=caller(request).may("export"))
    shown = {"table": table, "before": before, "towards": towards, "any": bool(found),
             "verdicts": selectors.rests_on(snapshot), "figures_as_of": snapshot.as_of}  # fmt: skip
    return csv_asked(request, table) or render(request, "pages/shifted.html", shown)


@needs("treat")
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Make a segment of those who shifted so."""
    before, towards = request.POST.get("from", ""), request.POST.get("to", "")
    made: list[int] = []

    def deed() -> str:
        rule = All(
            (
                Is("shift_from", "is", (before,)),
                Is("shift_to", "is", (towards,)),
                Is("shifted_on", "in_last_days", (DAYS,)),
            )
        )
        name = gettext("Shifted from %(before)s to %(towards)s") % {
            "before": before[:30],
            "towards": towards[:30],
        }
        kept = segments.create(name, rule, by=caller(request).name)
        made.append(kept.id)
        return gettext("The segment is kept. Plan a journey or a mail that welcomes them anew.")

    answer = carry_out(request, deed, then="shifts")
    return HttpResponseRedirect(reverse("segment", args=made)) if made else answer


def panel(customer: CustomerId) -> dict[str, Any]:
    """The shift of one customer, for their page."""
    try:
        snapshot = values.snapshot()
    except NoSnapshot:
        return {}
    found = selectors.shift_of(customer, snapshot)
    if found is None or found.shifted_on is None:
        return {}
    return {"shift": found, "shift_shares": _shares(found)}


def _shares(one: CustomerShift) -> str:
    if not one.of_before or not one.of_recent:
        return ""
    return gettext("%(before)s of %(of_before)s purchase days before, %(recent)s of %(of_recent)s "
                   "in the recent window") % {
        "before": one.before, "of_before": one.of_before,
        "recent": one.recent, "of_recent": one.of_recent,
    }  # fmt: skip


def _figure(report: ShiftReport) -> Figure:
    known = report.judged > 0
    interval = proportion_interval(report.shifted, report.judged, _INTERVAL) if known else None
    return Figure(
        "category_shift",
        report.shifted / report.judged if known else None,
        "share",
        n=report.judged,
        low=float(interval.low) if interval else None,
        high=float(interval.high) if interval else None,
        level=_INTERVAL if interval else None,
        as_of=report.as_of.isoformat(),
        why="" if known else gettext("nobody has bought often enough in both windows"),
    )


def _flows(report: ShiftReport) -> Table:
    columns = [
        Column(gettext("From")), Column(gettext("Towards")),
        Column(gettext("Customers"), "count", term="category_shift"),
        Column(gettext("New at this refresh"), "count", term="category_shift"),
        Column(gettext("Distance (bits)"), "count", term="category_shift"),
    ]  # fmt: skip
    rows = [
        Row(
            [
                one.shift_from,
                one.shift_to,
                Linked(one.customers, _address(one.shift_from, one.shift_to)),
                one.new,
                round(one.distance, 2),
            ]
        )
        for one in report.flows
    ]
    return Table("shifts", gettext("Shifts of the category mix"), columns, rows)


def _chart(report: ShiftReport) -> Chart:
    rows = [
        {"flow": f"{one.shift_from} → {one.shift_to}", "customers": one.customers}
        for one in report.flows[:_DRAWN]
    ]
    drawn = lying_bars(rows, y="flow", x="customers", x_title=gettext("Customers"))
    said = gettext("Each bar is one row of the table: customers who shifted so.")
    title = gettext("Shifts of the category mix")
    return Chart("shifts-chart", title, said, drawn, term="category_shift")


def _customers(found: tuple[CustomerShift, ...]) -> Table:
    columns = [
        Column(gettext("Customer")), Column(gettext("From")), Column(gettext("Towards")),
        Column(gettext("Found on")), Column(gettext("First bought in the window")),
        Column(gettext("Share before"), "share", term="mix_share"),
        Column(gettext("Share in the window"), "share", term="mix_share"),
        Column(gettext("Purchase days before"), "count", term="purchase_days"),
        Column(gettext("Purchase days in the window"), "count", term="purchase_days"),
        Column(gettext("Distance (bits)"), "count", term="category_shift"),
    ]  # fmt: skip
    rows = [
        Row(
            [
                Linked(f"#{one.customer_id}", reverse("customer", args=[one.customer_id])),
                one.shift_from,
                one.shift_to,
                one.shifted_on,
                one.first_on,
                _over(one.before, one.of_before),
                _over(one.recent, one.of_recent),
                one.of_before,
                one.of_recent,
                round(one.distance, 2) if one.distance is not None else None,
            ]
        )
        for one in found
    ]
    note = gettext("The first hundred by number; the segment holds all of them.")
    return Table("shifted", gettext("Customers who shifted so"), columns, rows, note)


def _over(part: int | None, whole: int | None) -> float | None:
    return part / whole if part is not None and whole else None


def _address(before: str, towards: str) -> str:
    return f"{reverse('shifted')}?{urlencode({'from': before, 'to': towards})}"
