"""Effects: what was done, and what it brought beside those who were left out."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from joren.measure.experiments import selectors
from joren.measure.experiments.contracts import Evidence, Result
from joren.plumbing.access import needs
from joren.project import showing
from joren.project.pages.sections import of_the_latest
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.warehouse import Snapshot

VERDICTS: Final[dict[Evidence, str]] = {
    "proven_more": gettext_noop("Proven: it brought more"),
    "proven_less": gettext_noop("Proven: it brought less"),
    "not_proven": gettext_noop("Not proven"),
    "too_small": gettext_noop("Too few buyers to read"),
    "not_yet": gettext_noop("Not yet known"),
    "broken": gettext_noop("The arms are broken: no conclusion"),
}


@needs("view_figures")
@of_the_latest(gettext_noop("Effects"))
def effects(request: HttpRequest, _snapshot: Snapshot) -> HttpResponseBase:
    """Every holdout as a row, that with most money at stake first."""
    found = sorted(selectors.results(), key=_stake, reverse=True)
    table = Table(
        "effects",
        gettext("What was done, and what it brought"),
        [
            Column(gettext("Holdout")), Column(gettext("Reached")),
            Column(gettext("Days"), "days"), Column(gettext("Evidence")),
            Column(gettext("Incremental revenue")), Column(gettext("Its 95% interval")),
            Column(gettext("Per customer treated")),
            Column(gettext("Buyers, treated less left out")),
        ],
        [
            Row(
                [
                    Linked(one.name, reverse("holdout", args=[one.holdout_id])), one.first,
                    one.days or None, verdict(one), one.together, showing.interval(one.together),
                    one.per_customer, one.conversion,
                ],
                thin=one.evidence in ("too_small", "not_yet"),
            )
            for one in found
        ],
        note=gettext(
            "Everybody who was drawn counts. An interval holds 95 times of 100 at one look: choose "
            "the day on which you look before you begin."
        ),
    )  # fmt: skip
    shown = {"table": table, "any": bool(found)}
    return csv_asked(request, table) or render(request, "pages/effects.html", shown)


def verdict(one: Result) -> str:
    """What may be said of it, in the reader's words."""
    return gettext(VERDICTS[one.evidence])


def _stake(one: Result) -> float:
    return abs(one.together.value or 0.0)
