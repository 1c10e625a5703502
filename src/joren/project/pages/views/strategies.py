"""What segments are for and what moved of them: all at once, and the card of one."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.accounts import selectors as accounts
from joren.core import clock
from joren.decide.segments import selectors as segments
from joren.decide.segments.contracts import Segment
from joren.decide.strategies import selectors, services
from joren.decide.strategies.contracts import Card, Decision, Drift, Finding
from joren.measure.experiments.contracts import EVIDENCE_NAMES
from joren.plumbing.access import caller, needs
from joren.project.pages.codes import partner
from joren.project.pages.deeds import carry_out, day_or_none
from joren.project.pages.sections import of_the_latest
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.typed import whole
from joren.understand.ranks.contracts import STAGES
from joren.warehouse import Snapshot

USUAL: Final = timedelta(days=90)
"""From one review to the next where nobody chose a day."""

VERDICTS: Final = {
    "moved": gettext_noop("moved"),
    "steady": gettext_noop("as before"),
    "not_yet": gettext_noop("not yet known"),
}
DIMENSIONS: Final = {
    "decile": gettext_noop("Decile"),
    "stage": gettext_noop("Stage"),
    "source": gettext_noop("First source"),
}
DECISIONS: Final[dict[Decision, str]] = {
    "keep": gettext_noop("Keep it as it is"),
    "change": gettext_noop("Change it"),
    "stop": gettext_noop("Stop it"),
}


@needs("view_figures")
@of_the_latest(gettext_noop("Strategies and drift"))
def strategies(request: HttpRequest, _snapshot: Snapshot) -> HttpResponseBase:
    """Every segment with its owner, its next review, and whether it moved."""
    today = _today()
    moved = {one.segment: one for one in selectors.drift_report()}
    names = {one.id: one.name for one in segments.segments()}
    found = selectors.cards()
    table = Table(
        "strategies",
        gettext("Strategies and drift"),
        [
            Column(gettext("Segment")), Column(gettext("Customers"), "count"),
            Column(gettext("Drift")), Column(gettext("What moved")), Column(gettext("Owner")),
            Column(gettext("Aim")), Column(gettext("Next review")), Column(gettext("Review")),
        ],
        [
            Row(
                [
                    Linked(names[one.segment], reverse("strategy", args=[one.segment])),
                    _members(moved.get(one.segment)), *_moved(moved.get(one.segment)),
                    one.owner_name or None, one.purpose or None, one.review_on,
                    gettext("overdue") if one.review_on and one.review_on < today else "",
                ]
            )
            for one in found
        ],
        note=gettext(
            "Moved is what its own past does not explain: one false alarm in a hundred refreshes, "
            "over all segments together."
        ),
    )  # fmt: skip
    shown = {"table": table, "any": bool(found)}
    return csv_asked(request, table) or render(request, "pages/segments/strategies.html", shown)


@needs("view_figures")
def strategy(request: HttpRequest, number: int) -> HttpResponseBase:
    """The card of one segment, its reviews, and how it went over the kept snapshots."""
    kept = segments.segment(number)
    return of_the_latest("Strategies and drift")(partial(_one, kept))(request)


def _one(kept: Segment, request: HttpRequest, _snapshot: Snapshot) -> HttpResponseBase:
    card, drift, today = selectors.card(kept.id), selectors.drift_of(kept.id), _today()
    tables = [_history(drift), _parts(drift), _shared(drift)]
    asked = csv_asked(request, *tables)
    if asked:
        return asked
    shown = {
        "kept": kept,
        "card": card,
        "overdue": card.review_on is not None and card.review_on < today,
        "verdict": gettext(VERDICTS[drift.verdict]),
        "drift": drift,
        "said": [_said(one) for one in drift.findings],
        "tables": [table for table in tables if table.rows],
        "reviews": [
            {"one": one, "said": gettext(DECISIONS[one.decision]), "evidence": _evidence(one)}
            for one in selectors.reviews(kept.id)
        ],
        "outcomes": [
            {"one": one, "said": _evidence(one)} for one in selectors.outcomes_of(kept.id)
        ],
        **_form(request, card, today),
    }
    return render(request, "pages/segments/strategy.html", shown)


def _form(request: HttpRequest, card: Card, today: date) -> dict[str, Any]:
    return {
        "changes": caller(request).may("treat"),
        "owners": [
            (int(one.id), one.name or one.email) for one in accounts.members() if one.active
        ],
        "decisions": [(code, gettext(words)) for code, words in DECISIONS.items()],
        "proposed": max(card.review_on or today, today + USUAL),
        "today": today,
    }


@needs("treat")
@require_POST
def write(request: HttpRequest, number: int) -> HttpResponse:
    """Say what the segment is for."""
    sent = request.POST

    def deed() -> str:
        services.write_card(
            number, by=caller(request).name,
            owner=whole(sent.get("owner", "")),
            purpose=sent.get("purpose", ""), hypothesis=sent.get("hypothesis", ""),
            kpi=sent.get("kpi", ""), review_on=day_or_none(sent.get("review_on", "")),
        )  # fmt: skip
        return gettext("The card is kept.")

    return carry_out(request, deed, then="strategy", args=[number])


@needs("treat")
@require_POST
def review(request: HttpRequest, number: int) -> HttpResponse:
    """Decide."""
    sent = request.POST

    def deed() -> str:
        decision = sent.get("decision", "")
        next_on = day_or_none(sent.get("next_on", "")) if decision != "stop" else None
        services.review(
            number, by=caller(request).name,
            decision=decision,  # type: ignore[arg-type]  # the verb refuses others
            note=sent.get("note", ""), next_on=next_on,
        )  # fmt: skip
        return gettext("The review is kept.")

    return carry_out(request, deed, then="strategy", args=[number])


def _today() -> date:
    return clock.shop_day(clock.now(), accounts.business().time_zone)


def _members(drift: Drift | None) -> int | None:
    return drift.history[-1].members if drift and drift.history else None


def _moved(drift: Drift | None) -> tuple[str, str]:
    if drift is None:
        return "", ""
    return gettext(VERDICTS[drift.verdict]), " ".join(_said(one) for one in drift.findings)


def _said(one: Finding) -> str:
    """One thing that moved, as one says it."""
    if one.kind == "size":
        return gettext("Members went from %(before)s to %(now)s.") % {
            "before": f"{one.before:,.0f}", "now": f"{one.now:,.0f}",
        }  # fmt: skip
    if one.kind == "unknown":
        return gettext("%(field)s is not known of %(now)s of the members, %(before)s before.") % {
            "field": _field(one.of), "now": f"{one.now:.0%}", "before": f"{one.before:.0%}",
        }  # fmt: skip
    return gettext("The mix by %(dimension)s changed (PSI %(psi)s).") % {
        "dimension": gettext(DIMENSIONS[one.of]), "psi": f"{one.psi:.2f}",
    }  # fmt: skip


def _field(name: str) -> str:
    field = segments.FIELDS[name]
    return partner(field.ja, field.en)


def _evidence(one: Any) -> str:
    known: dict[str, str] = dict(EVIDENCE_NAMES)  # type: ignore[arg-type]  # the codes are words here
    return gettext(known[one.evidence]) if one.evidence in known else ""


def _history(drift: Drift) -> Table:
    return Table(
        "history",
        gettext("Over the kept snapshots"),
        [
            Column(gettext("Day")), Column(gettext("Customers"), "count"),
            Column(gettext("Came"), "count"), Column(gettext("Left"), "count"),
            Column(gettext("Stayed"), "share"),
        ],
        [
            Row([one.as_of, one.members, one.entered, one.left, one.stayed])
            for one in reversed(drift.history)
        ],
        note=gettext("Of the rule's present version. Came, left and stayed: since the refresh "
                     "before that one."),
    )  # fmt: skip


def _parts(drift: Drift) -> Table:
    rows = [
        Row([
            gettext(DIMENSIONS[one.dimension]), _value(one.dimension, one.value), one.before,
            one.now,
        ])
        for one in sorted(drift.parts, key=_place)
    ]  # fmt: skip
    then = drift.since.isoformat() if drift.since else ""
    return Table(
        "parts",
        gettext("Of whom it consists"),
        [
            Column(gettext("Counted by")), Column(gettext("Group")), Column(then, "share"),
            Column(gettext("Now"), "share"),
        ],
        rows,
    )  # fmt: skip


def _place(part: Any) -> tuple[int, int, str]:
    number = int(part.value) if part.value.isdigit() else 0
    return list(DIMENSIONS).index(part.dimension), number, part.value


def _value(dimension: str, value: str) -> str:
    if not value:
        return gettext("unknown")
    if dimension == "stage":
        stages: dict[str, tuple[str, str]] = dict(STAGES)  # type: ignore[arg-type]  # as words
        return partner(*stages[value]) if value in stages else value
    return value


def _shared(drift: Drift) -> Table:
    then = drift.since.isoformat() if drift.since else gettext("Before")
    return Table(
        "shared",
        gettext("Also in"),
        [Column(gettext("Segment")), Column(then, "share"), Column(gettext("Now"), "share")],
        [
            Row([Linked(one.name, reverse("strategy", args=[one.segment])), one.before, one.now])
            for one in drift.shared
        ],
    )
