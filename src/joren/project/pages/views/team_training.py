"""The training record: who learned what, and who learned nothing for a year."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.accounts import selectors as accounts
from joren.core import clock
from joren.measure.practices import selectors as practices
from joren.measure.team import selectors, services
from joren.measure.team.contracts import TrainingText
from joren.plumbing.access import caller, needs
from joren.project.pages.deeds import carry_out, day_of
from joren.project.pages.tables import Column, Row, Table, csv_asked
from joren.project.pages.typed import must_be_whole
from joren.project.pages.views.practice_words import called
from joren.project.pages.views.team import members


@needs("view_figures")
def training(request: HttpRequest) -> HttpResponseBase:
    """The record, and how much everybody learned in a year."""
    today = clock.shop_day(clock.now(), accounts.business().time_zone)
    names = {one.key: called(one) for one in practices.practices()}
    found = selectors.trainings()
    record = Table(
        "training",
        gettext("Training record"),
        [
            Column(gettext("Day")), Column(gettext("Who")), Column(gettext("What was learned")),
            Column(gettext("Length in minutes"), "count"), Column(gettext("What shows it")),
            Column(gettext("For which practice")),
        ],
        [
            Row([one.text.on, one.person.name, one.text.what, one.text.minutes,
                 one.text.evidence or None, names.get(one.text.practice)])
            for one in found
        ],
    )  # fmt: skip
    year = Table(
        "trained",
        gettext("In a year, who learned least first"),
        [
            Column(gettext("Who")), Column(gettext("Times"), "count"),
            Column(gettext("Length in minutes"), "count"), Column(gettext("Last")),
        ],
        [
            Row([one.person.name, one.times, one.minutes, one.last], thin=not one.times)
            for one in selectors.trained(until=today)
        ],
    )  # fmt: skip
    shown = {
        "record": record,
        "year": year,
        "said": found,
        "members": members(),
        "practices": names.items(),
        "today": today,
        "changes": caller(request).may("treat"),
        "here": "training",
    }
    return csv_asked(request, record, year) or render(request, "pages/team/training.html", shown)


@needs("treat")
@require_POST
def training_act(request: HttpRequest) -> HttpResponse:
    """Write an entry down, or take one back."""
    sent, by = request.POST, caller(request).name

    def train() -> str:
        text = TrainingText(
            must_be_whole(sent.get("member", "")), sent.get("what", ""), day_of(sent.get("on", "")),
            must_be_whole(sent.get("minutes", "")), sent.get("evidence", ""),
            sent.get("practice", ""),
        )  # fmt: skip
        services.train(text, by=by)
        return gettext("It is written down.")

    def take_back() -> str:
        services.take_back_training(must_be_whole(sent.get("number", "")), by=by)
        return gettext("It is taken back.")

    deed: Callable[[], str] = take_back if sent.get("do") == "take_back" else train
    return carry_out(request, deed, then="team_training")
