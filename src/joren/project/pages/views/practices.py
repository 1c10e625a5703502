"""Practices: the fifteen and the shop's own, one of them, and the quarterly audit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.accounts import selectors as accounts
from joren.core import clock
from joren.core.figures import Figure
from joren.decide.holdouts import selectors as holdouts
from joren.measure.experiments.contracts import EVIDENCE_NAMES
from joren.measure.practices import selectors, services
from joren.measure.practices.contracts import (
    FIFTEEN,
    SCORES,
    UNIT_NAMES,
    Practice,
    PracticeText,
    Scored,
    Step,
)
from joren.measure.trials.contracts import TRIAL_METRIC_NAMES, TRIAL_UNIT_NAMES
from joren.plumbing.access import caller, needs
from joren.project.pages.codes import partner
from joren.project.pages.deeds import carry_out, day_or_none
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.typed import amount, must_be_whole
from joren.project.pages.views import practice_evidence
from joren.project.pages.views.practice_words import called
from joren.project.pages.views.trials import designed, trials_of
from joren.understand.ltv.contracts import NoSnapshot


@needs("view_figures")
def practices(request: HttpRequest) -> HttpResponseBase:
    """All of them with how far each is, and the audit."""
    found, stands = selectors.practices(), selectors.standing()
    currency = accounts.business().currency or "JPY"
    table = Table(
        "practices",
        gettext("Practices"),
        [
            Column(gettext("Practice")), Column(gettext("Owner")), Column(gettext("State")),
            Column(gettext("Checklist")), Column(gettext("Cost of one")),
            Column(gettext("Score of the last audit")),
        ],
        [
            Row(
                [
                    Linked(called(one), reverse("practice", args=[one.key])),
                    one.owner_name or None, _state(one), _checklist(one),
                    Figure("cost", one.text.cost, currency) if one.text.cost is not None else None,
                    None if one.score is None else gettext(SCORES[one.score]),
                ]
            )
            for one in found
        ],
    )  # fmt: skip
    audits = selectors.audits()
    newest = audits[0].scores if audits else {}
    shown = {
        "table": table,
        "stands": stands,
        "audits": audits,
        "changes": caller(request).may("treat"),
        "scores": [(score, gettext(words)) for score, words in SCORES.items()],
        "rows": [
            {"code": code, "called": partner(*words), "was": newest.get(code)}
            for code, words in FIFTEEN.items()
        ],
    }
    return csv_asked(request, table) or render(request, "pages/practices/practices.html", shown)


@needs("view_figures")
def practice(request: HttpRequest, key: str) -> HttpResponseBase:
    """One of them."""
    one, tried = selectors.practice(key), trials_of(key)
    if asked := csv_asked(request, tried):
        return asked
    try:
        brought = selectors.measured(one)
    except NoSnapshot:
        brought = None
    shown = {
        "one": one,
        "called": called(one),
        "state": _state(one),
        "tried": tried,
        "trial_metrics": [(code, gettext(words)) for code, words in TRIAL_METRIC_NAMES.items()],
        "trial_units": [(code, gettext(words)) for code, words in TRIAL_UNIT_NAMES.items()],
        "tomorrow": clock.shop_day(clock.now(), accounts.business().time_zone) + timedelta(days=1),
        "unit": gettext(UNIT_NAMES[one.text.unit]),
        "brought": brought,
        "verdict": gettext(EVIDENCE_NAMES[brought.evidence]) if brought else "",  # type: ignore[index]  # it is one of these
        "steps": "\n".join(f"{'x ' if step.done else ''}{step.what}" for step in one.text.steps),
        "units": [(code, gettext(words)) for code, words in UNIT_NAMES.items()],
        "holdouts": [(each.id, each.name) for each in holdouts.holdouts()],
        "members": [
            (int(each.id), each.name or each.email) for each in accounts.members() if each.active
        ],
        "changes": caller(request).may("treat"),
        **designed(request, key),
        **practice_evidence.shown(key),
    }
    return render(request, "pages/practices/practice.html", shown)


def _state(one: Practice) -> str:
    if one.runs:
        return gettext("since %(day)s") % {"day": one.text.started_on}
    if one.text.stopped_on is not None:
        return gettext("ended on %(day)s") % {"day": one.text.stopped_on}
    return gettext("not begun")


def _checklist(one: Practice) -> str | None:
    done = sum(step.done for step in one.text.steps)
    return f"{done}/{len(one.text.steps)}" if one.text.steps else None


@needs("treat")
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """One of the shop's own."""

    def deed() -> str:
        services.add(request.POST.get("name", ""), by=caller(request).name)
        return gettext("The practice is added.")

    return carry_out(request, deed, then="practices")


@needs("treat")
@require_POST
def write(request: HttpRequest, key: str) -> HttpResponse:
    """Say all of it anew."""

    def deed() -> str:
        services.write(key, _text(request.POST), by=caller(request).name)
        return gettext("The practice is kept.")

    return carry_out(request, deed, then="practice", args=[key])


@needs("treat")
@require_POST
def assess(request: HttpRequest) -> HttpResponse:
    """This quarter's audit."""
    sent = request.POST

    def deed() -> str:
        scores = {
            code: Scored(score, sent.get(f"evidence-{code}", ""))
            for code in FIFTEEN
            if (score := _number(sent.get(f"score-{code}", ""))) is not None
        }
        services.assess(scores, by=caller(request).name)
        return gettext("The audit is kept.")

    return carry_out(request, deed, then="practices")


def _text(sent: Any) -> PracticeText:
    return PracticeText(
        owner=_number(sent.get("owner", "")),
        steps=tuple(_step(line) for line in sent.get("steps", "").splitlines() if line.strip()),
        evidence=sent.get("evidence", ""),
        decision=sent.get("decision", ""),
        unit=sent.get("unit", "customer"),
        cost=amount(sent["cost"]) if sent.get("cost", "").strip() else None,
        started_on=day_or_none(sent.get("started_on", "")),
        stopped_on=day_or_none(sent.get("stopped_on", "")),
        holdout=_number(sent.get("holdout", "")),
    )


def _step(line: str) -> Step:
    """A line that begins with x is done."""
    said = line.strip()
    for mark in ("x ", "X ", "✓ ", "✓"):
        if said.startswith(mark):
            return Step(said.removeprefix(mark).strip(), done=True)
    return Step(said)


def _number(text: str) -> int | None:
    if not text:
        return None
    return must_be_whole(text)
