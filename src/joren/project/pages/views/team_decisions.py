"""The log of everything that was decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from joren.accounts.selectors import business
from joren.core.clock import zone
from joren.measure.team import selectors
from joren.measure.team.contracts import (
    DECIDED_NAMES,
    DECISION_KIND_NAMES,
    DECISION_KINDS,
    Decided,
)
from joren.plumbing.access import needs
from joren.project.pages.deeds import day_or_none
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked

_SHOWN: Final = 200
_PAGES: Final[Mapping[str, str]] = {
    "review": "review", "segment": "strategy", "campaign": "campaign", "journey": "journey",
    "holdout": "holdout", "trial": "trial", "area_test": "area_test",
}  # fmt: skip
_LISTS: Final[Mapping[str, str]] = {"holdouts": "holdouts", "guard": "message_guard"}


@needs("view_figures")
def decisions(request: HttpRequest) -> HttpResponseBase:
    """Search it, by words, kind and days; the file has all that were found."""
    asked = request.GET
    kind = asked.get("kind", "") if asked.get("kind") in DECISION_KINDS else ""
    found = selectors.decisions(
        words=asked.get("words", "")[:200], kind=kind, since=day_or_none(asked.get("since", "")),
        until=day_or_none(asked.get("until", "")),
    )  # fmt: skip
    if answer := csv_asked(request, _table(found)):
        return answer
    shown = {
        "table": _table(found[:_SHOWN]),
        "count": len(found),
        "more": len(found) > _SHOWN,
        "asked": asked,
        "narrowed": any(asked.get(name) for name in ("words", "kind", "since", "until")),
        "kinds": [(code, gettext(words)) for code, words in DECISION_KIND_NAMES.items()],
    }
    return render(request, "pages/team/decisions.html", shown)


def _table(found: list[Decided]) -> Table:
    here = zone(business().time_zone)
    return Table(
        "decisions",
        gettext("Decision log"),
        [
            Column(gettext("When")), Column(gettext("About")), Column(gettext("Decision")),
            Column(gettext("Reason")), Column(gettext("Kind")), Column(gettext("Who")),
        ],
        [
            Row(
                [
                    f"{localtime(one.at, here):%Y-%m-%d %H:%M}", _about(one),
                    gettext(DECIDED_NAMES[one.what]), one.reason or None,
                    gettext(DECISION_KIND_NAMES[one.kind]), one.by,
                ]
            )
            for one in found
        ],
    )  # fmt: skip


def _about(one: Decided) -> str | Linked:
    said = one.about or gettext("The whole shop")
    if one.subject in _LISTS:
        return Linked(said, reverse(_LISTS[one.subject]))
    if one.subject == "practice":
        return Linked(said, reverse("practice", args=[one.key]))
    if one.subject in _PAGES and one.key.isdigit():
        return Linked(said, reverse(_PAGES[one.subject], args=[int(one.key)]))
    return said
