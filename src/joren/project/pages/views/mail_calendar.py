"""The days to come: what campaigns and journeys would send, and where they meet in one customer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from joren.accounts.selectors import business
from joren.act.campaigns.contracts import STATE_NAMES as CAMPAIGN_STATES
from joren.act.journeys.contracts import STATE_NAMES as JOURNEY_STATES
from joren.core import clock
from joren.plumbing.access import needs
from joren.project.mail_calendar import DAYS, MailCalendar, Planned, mail_calendar
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.views.journeys.words import weekdays
from joren.project.pages.views.messages.words import of_channel

_WEEK = 7


@needs("view_figures")
def calendar(request: HttpRequest) -> HttpResponseBase:
    """Four weeks from a day on (today)."""
    today = clock.shop_day(clock.now(), business().time_zone)
    found = mail_calendar(_day(request.GET.get("first", ""), today), DAYS)
    planned, clashes = _planned(found), _clashes(found)
    shown: dict[str, Any] = {
        "found": found,
        "weeks": _weeks(found, today),
        "weekdays": [*weekdays().values()],
        "planned": planned,
        "clashes": clashes if clashes.rows else None,
        "before": found.first - timedelta(DAYS),
        "after": found.last + timedelta(1),
    }
    return csv_asked(request, planned, clashes) or render(
        request, "pages/campaigns/calendar.html", shown
    )


def _day(text: str, today: date) -> date:
    """The Monday of the week of that day, so that a column is a day of the week."""
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        day = today
    return day - timedelta(day.weekday())


def _weeks(found: MailCalendar, today: date) -> list[list[dict[str, Any]]]:
    """Each day with what is planned on it, as rows of seven."""
    days = [found.first + timedelta(n) for n in range((found.last - found.first).days + 1)]
    by_day: dict[date, list[dict[str, Any]]] = {day: [] for day in days}
    for one in found.planned:
        by_day[one.day].append({"one": one, "url": _address(one), "state": _state(one)})
    cells = [{"day": day, "today": day == today, "planned": by_day[day]} for day in days]
    return [cells[start : start + _WEEK] for start in range(0, len(cells), _WEEK)]


def _planned(found: MailCalendar) -> Table:
    return Table(
        "planned",
        gettext("Day by day"),
        [
            Column(gettext("Day")), Column(gettext("Mailing")), Column(gettext("What it is")),
            Column(gettext("State")), Column(gettext("Message channel")),
            Column(gettext("Customers, at most"), "count"),
            Column(gettext("Beyond a cap"), "count"),
        ],
        [
            Row([one.day, Linked(one.name, _address(one)), _kind(one), _state(one),
                 of_channel(one.channel), gettext("not known") if one.trouble else one.customers,
                 one.over])
            for one in found.planned
        ],
        note=gettext(
            "Drafts count as if they were let go. Consents, the rule of re-entry and the gate let "
            "fewer through; what is beyond a cap is put off."
        ),
    )  # fmt: skip


def _clashes(found: MailCalendar) -> Table:
    return Table(
        "clashes",
        gettext("On one day to the same customers"),
        [
            Column(gettext("Day")), Column(gettext("Mailing")), Column(gettext("And")),
            Column(gettext("Customers in both"), "count"),
        ],
        [
            Row([found.planned[one.one].day, *(
                Linked(each.name, _address(each))
                for each in (found.planned[one.one], found.planned[one.other])
            ), one.customers])
            for one in found.clashes
        ],
    )  # fmt: skip


def _address(one: Planned) -> str:
    return reverse(one.kind, args=[one.number])


def _kind(one: Planned) -> str:
    return gettext("Campaign") if one.kind == "campaign" else gettext("Journey")


def _state(one: Planned) -> str:
    names = CAMPAIGN_STATES if one.kind == "campaign" else JOURNEY_STATES
    return gettext(names[one.state])
