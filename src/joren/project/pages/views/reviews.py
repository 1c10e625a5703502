"""Monthly reviews: all of them, and one from its criterion to what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

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
from joren.measure.experiments import selectors as experiments
from joren.measure.indicators.contracts import PART_NAMES
from joren.measure.reviews import selectors, services
from joren.measure.reviews.contracts import (
    DECISION_NAMES,
    MOST_DAYS,
    STATE_NAMES,
    VERDICT_NAMES,
    MonthlyReview,
    ReviewPlan,
)
from joren.plumbing.access import caller, needs
from joren.project import showing
from joren.project.pages.deeds import carry_out, day_of
from joren.project.pages.sections import word
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.typed import whole
from joren.project.pages.views.effects import verdict
from joren.project.pages.views.review_agenda import agenda_of
from joren.project.pages.views.review_words import review_due
from joren.understand.ltv.contracts import NoSnapshot


@needs("view_figures")
def reviews(request: HttpRequest) -> HttpResponseBase:
    """Every review with what it came to; what is late stands above."""
    found, stands = selectors.reviews(), selectors.standing()
    table = Table(
        "reviews",
        gettext("Monthly reviews"),
        [
            Column(gettext("Day")), Column(gettext("State")), Column(gettext("Decided by")),
            Column(gettext("Criterion")), Column(gettext("Tunings"), "count"),
            Column(gettext("Won"), "count"), Column(gettext("Open actions"), "count"),
        ],
        [
            Row(
                [
                    Linked(one.held_on, reverse("review", args=[one.id])),
                    gettext(STATE_NAMES[one.state]), one.decider_name or None,
                    one.criterion or None, len(one.tunings),
                    sum(each.verdict == "won" for each in one.tunings),
                    sum(each.done_at is None for each in one.actions),
                ]
            )
            for one in found
        ],
    )  # fmt: skip
    shown = {
        "table": table,
        "any": bool(found),
        "stands": stands,
        "due": review_due(stands) if stands.overdue else "",
        "most": MOST_DAYS,
        "actions": [
            {"one": one, "late": selectors.is_late(one, today=_today())}
            for one in selectors.open_actions()
        ],
        **_form(request),
    }
    return csv_asked(request, table) or render(request, "pages/reviews/reviews.html", shown)


@needs("view_figures")
def review(request: HttpRequest, number: int) -> HttpResponseBase:
    """One of them: criterion, agenda, decisions, actions, minutes."""
    one = selectors.review(number)
    agenda = agenda_of(one)
    if asked := csv_asked(request, agenda):
        return asked
    shown = {
        **_content(one),
        "agenda": agenda,
        "parts": _choices(PART_NAMES),
        "decisions": _choices(DECISION_NAMES),
        "verdicts": _choices(VERDICT_NAMES),
        "holdouts": sorted(((each.id, each.name) for each in holdouts.holdouts()), reverse=True),
        **_form(request),
    }
    return render(request, "pages/reviews/review.html", shown)


def _content(one: MonthlyReview) -> dict[str, Any]:
    """What was decided and taken on, in the reader's words."""
    names = {each.id: each.name for each in holdouts.holdouts()}
    brought = _brought(one)
    return {
        "one": one,
        "state": gettext(STATE_NAMES[one.state]),
        "tunings": [
            {
                "one": each,
                "part": gettext(PART_NAMES[each.part]),
                "decision": gettext(DECISION_NAMES[each.decision]),
                "verdict": gettext(VERDICT_NAMES[each.verdict]) if each.verdict else "",
                "holdout": names.get(each.holdout or 0, ""),
                "brought": brought.get(each.holdout or 0),
            }
            for each in one.tunings
        ],
        "actions": [
            {"one": each, "late": selectors.is_late(each, today=_today())} for each in one.actions
        ],
    }


def _brought(one: MonthlyReview) -> dict[int, dict[str, Any]]:
    """What the holdouts that its decisions name say by now: whoever judges has the figure there."""
    named = {each.holdout for each in one.tunings if each.holdout is not None}
    try:
        found = experiments.results() if named else []
    except NoSnapshot:
        return {}
    return {
        each.holdout_id: {
            "verdict": verdict(each),
            "figure": each.realised,
            "text": f"{word(each.realised.name)} {showing.text(each.realised)}",
            "interval": showing.interval(each.realised),
        }
        for each in found
        if each.holdout_id in named
    }


def printed(one: MonthlyReview) -> dict[str, Any]:
    """The same for paper: cells as text, nothing to press."""
    agenda = agenda_of(one)
    return {
        **_content(one),
        "heading": gettext("Review of %(day)s") % {"day": one.held_on.isoformat()},
        "columns": [column.label for column in agenda.columns],
        "rows": [[_plain(cell) for cell in row.cells] for row in agenda.rows],
    }


def _plain(cell: Any) -> str:
    shown = cell.shown if isinstance(cell, Linked) else cell
    if isinstance(shown, Figure):
        return showing.text(shown)
    return showing.NOTHING if shown is None else str(shown)


def _choices(names: Any) -> list[tuple[str, str]]:
    return [(code, gettext(words)) for code, words in names.items()]


def _form(request: HttpRequest) -> dict[str, Any]:
    return {
        "changes": caller(request).may("treat"),
        "today": _today(),
        "members": [
            (int(one.id), one.name or one.email) for one in accounts.members() if one.active
        ],
    }


@needs("treat")
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Set one down."""

    def deed() -> str:
        services.plan(_plan(request), by=caller(request).name)
        return gettext("The review is planned.")

    return carry_out(request, deed, then="reviews")


@needs("treat")
@require_POST
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Whatever is done to one review."""
    sent = request.POST
    deeds: dict[str, Callable[[], str]] = {
        "replan": partial(_replanned, request, number),
        "open": partial(_opened, request, number),
        "decide": partial(_decided, request, number),
        "act": partial(_added, request, number),
        "note": partial(_noted, request, number),
        "close": partial(_closed, request, number),
        "judge": partial(_judged, request),
        "done": partial(_done, request),
    }
    wanted = sent.get("do", "")
    if wanted not in deeds:
        raise BadInput(f"{wanted!r} is nothing that is done here", hint=", ".join(deeds))
    return carry_out(request, deeds[wanted], then="review", args=[number])


def _replanned(request: HttpRequest, number: int) -> str:
    services.replan(number, _plan(request), by=caller(request).name)
    return gettext("Kept.")


def _opened(request: HttpRequest, number: int) -> str:
    services.open_data(number, by=caller(request).name)
    return gettext("The data are open. The criterion stands.")


def _decided(request: HttpRequest, number: int) -> str:
    sent = request.POST
    services.decide(
        number,
        part=sent.get("part", ""),  # type: ignore[arg-type]  # the verb refuses others
        decision=sent.get("decision", ""),  # type: ignore[arg-type]  # the verb refuses others
        about=sent.get("about", ""), reason=sent.get("reason", ""),
        expected=sent.get("expected", ""), holdout=whole(sent.get("holdout", "")),
        by=caller(request).name,
    )  # fmt: skip
    return gettext("The decision is kept.")


def _added(request: HttpRequest, number: int) -> str:
    sent = request.POST
    services.add_action(
        number, what=sent.get("what", ""), due_on=day_of(sent.get("due_on", "")),
        owner=whole(sent.get("owner", "")), by=caller(request).name,
    )  # fmt: skip
    return gettext("The action is kept.")


def _noted(request: HttpRequest, number: int) -> str:
    services.note(number, request.POST.get("notes", ""), by=caller(request).name)
    return gettext("Kept.")


def _closed(request: HttpRequest, number: int) -> str:
    services.close(number, by=caller(request).name)
    return gettext("The review is closed.")


def _judged(request: HttpRequest) -> str:
    sent = request.POST
    services.judge(
        whole(sent.get("tuning", "")) or 0,
        verdict=sent.get("verdict", ""),  # type: ignore[arg-type]  # the verb refuses others
        outcome=sent.get("outcome", ""), by=caller(request).name,
    )  # fmt: skip
    return gettext("The result is kept.")


def _done(request: HttpRequest) -> str:
    action = whole(request.POST.get("action", "")) or 0
    services.finish(action, done=request.POST.get("reopen") != "yes", by=caller(request).name)
    return gettext("Kept.")


def _plan(request: HttpRequest) -> ReviewPlan:
    sent = request.POST
    return ReviewPlan(
        day_of(sent.get("held_on", "")), whole(sent.get("decider", "")), sent.get("criterion", "")
    )


def _today() -> date:
    return clock.shop_day(clock.now(), accounts.business().time_zone)
