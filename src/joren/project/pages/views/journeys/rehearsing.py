"""If the draft of a journey had run in the last year: a chart, tables, and what is not known."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from joren.act.journeys import selectors, services
from joren.act.journeys.contracts import (
    UNKNOWN_WORDS,
    Between,
    Journey,
    JourneyNotPublishable,
    NotKnown,
    Rehearsal,
)
from joren.plumbing.access import needs
from joren.project.pages.charts import Chart, lines
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.views.journeys import words
from joren.project.showing import amount, minute, moment


@needs("view_figures")
def rehearsal(request: HttpRequest, number: int) -> HttpResponseBase:
    """The draft as it is, on all that is known of the last year."""
    kept, found = selectors.journey(number), _found(number)
    lacks = words.faults(services.check(kept.draft))
    if found is None:
        return render(request, "pages/journeys/rehearsal.html", {"one": kept, "faults": lacks})
    months, steps, meetings = _months(found), _steps(found, kept), _meetings(found)
    shown = {
        "one": kept,
        "found": found,
        "letters": between(found.messages),
        "cost": _money(found.cost, found.currency),
        "goal": between(found.goal),
        "done": between(found.done),
        "active": between(found.active),
        "since": moment(found.since),
        "until": moment(found.until),
        "chart": _chart(found, months),
        "steps": steps,
        "meetings": meetings if meetings.rows else None,
        "not_known": [(each.node, _said(each)) for each in found.not_known],
        "faults": lacks,
    }
    tables = [months, steps, meetings]
    return csv_asked(request, *tables) or render(request, "pages/journeys/rehearsal.html", shown)


def _found(number: int) -> Rehearsal | None:
    """None where the document leads nowhere; messages that are drafts still do not matter."""
    try:
        return selectors.rehearse_one(number)
    except JourneyNotPublishable:
        return None


def between(one: Between | None) -> str:
    """``5`` or ``0 – 12``; nothing where it is not known."""
    if one is None:
        return gettext("not known")
    return f"{one.low:,}" if one.sure else f"{one.low:,} – {one.high:,}"


def _money(one: Between | None, currency: str) -> str:
    if one is None:
        return gettext("not known")
    low, high = amount(one.low, currency), amount(one.high, currency)
    return low if one.sure else f"{low} – {high}"


def _chart(found: Rehearsal, table: Table) -> Chart:
    entered, sent = gettext("Entries"), gettext("Messages, at most")
    rows: list[dict[str, Any]] = []
    for one in found.months:
        month, letters = one.month.isoformat(), one.messages
        for what, low, high in (
            (entered, one.entered, one.entered),
            (sent, letters.low, letters.high),
        ):
            rows.append({"month": month, "n": high, "what": what, "low": low, "high": high})
    drawn = lines(rows, x="month", y="n", color="what", low="low", high="high")
    said = gettext(
        "%(entries)s entries and %(messages)s messages in the months from %(since)s to %(until)s"
    ) % {
        "entries": f"{found.entries:,}", "messages": between(found.messages),
        "since": f"{found.months[0].month:%Y-%m}", "until": f"{found.months[-1].month:%Y-%m}",
    }  # fmt: skip
    title = gettext("Who would have entered, and what would have been sent")
    return Chart("months", title, said, drawn, table)


def _months(found: Rehearsal) -> Table:
    return Table(
        "months",
        gettext("By month"),
        [
            Column(gettext("Month")),
            Column(gettext("Entries"), "count"),
            Column(gettext("Messages")),
        ],
        [Row([f"{one.month:%Y-%m}", one.entered, between(one.messages)]) for one in found.months],
        note=gettext("The first and the last month are not whole."),
    )


def _steps(found: Rehearsal, kept: Journey) -> Table:
    known = words.names()
    nodes = {one.id: one for one in kept.draft.nodes}
    return Table(
        "steps",
        gettext("What would have happened where"),
        [
            Column(gettext("Node")), Column(gettext("What happens")), Column(gettext("Times")),
            Column(gettext("First")), Column(gettext("Last")),
            Column(gettext("May be written to today")), Column(gettext("Over a cap, put off")),
            Column(gettext("Cost")),
        ],
        [
            Row([
                one.node, f"{words.kind(nodes[one.node])} {words.node(nodes[one.node], known)}",
                between(one.reached), minute(one.first), minute(one.last),
                between(one.allowed) if one.do == "send" else "",
                between(one.capped) if one.do == "send" else "",
                _money(one.cost, found.currency) if one.do == "send" else "",
            ])
            for one in found.nodes
        ],
        note=gettext("Cost: of those who may be written to, without the share that is left out."),
    )  # fmt: skip


def _meetings(found: Rehearsal) -> Table:
    return Table(
        "meetings",
        gettext("Other journeys that run"),
        [
            Column(gettext("Journey")), Column(gettext("Customers who would have entered both"),
                                               "count"),
            Column(gettext("Messages within a week of one of theirs")),
        ],
        [
            Row([
                Linked(one.name, reverse("journey", args=[one.journey])), one.customers,
                between(one.messages),
            ])
            for one in found.meetings
        ],
    )  # fmt: skip


def _said(one: NotKnown) -> str:
    return gettext(UNKNOWN_WORDS[one.say]) % {"what": one.what, "since": one.since}
