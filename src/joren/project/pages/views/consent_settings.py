"""What the shop asks about, in which words, and how many agreed; lists are taken in here, too."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.accounts.selectors import business
from joren.collect.customers import selectors as people
from joren.core.errors import BadInput
from joren.plumbing.access import caller, needs
from joren.project.pages.sent_files import sent_csv
from joren.project.pages.tables import Column, Row, Table
from joren.project.pages.typed import whole
from joren.protect.consent import selectors, services
from joren.protect.consent.contracts import (
    BASIS_NAMES,
    CHANNEL_NAMES,
    CHANNELS,
    PURPOSE_NAMES,
    PURPOSES,
    SHOWN,
    STATE_NAMES,
    STATES,
    Imported,
    Matter,
)


@needs("view_figures")
def consent_settings(request: HttpRequest) -> HttpResponse:
    return _page(request)


@needs("view_figures")
def counts(request: HttpRequest) -> HttpResponse:
    """Asked for by the page once it stands: of many customers it takes some seconds."""
    return render(
        request, "pages/_consent_counts.html", {"counts": _counts(selectors.choices().offered)}
    )


@needs("change_settings")
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    services.choose(
        offered=request.POST.getlist("offered"),
        relies_on=request.POST.getlist("relies_on"),
        confirm_days=whole(request.POST.get("confirm_days", "")),
        by=caller(request).name,
    )
    messages.success(request, gettext("Saved."))
    return HttpResponseRedirect(reverse("consent_settings"))


@needs("change_settings")
@require_POST
def word(request: HttpRequest) -> HttpResponse:
    channel, _, purpose = request.POST.get("matter", "").partition("/")
    made = services.word(
        Matter(channel, purpose),
        request.POST.get("text", ""),
        language=request.POST.get("language", ""),
        by=caller(request).name,
    )
    messages.success(request, gettext("Saved as version %(n)s.") % {"n": made.version})
    return HttpResponseRedirect(reverse("consent_settings"))


@needs("import")
@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    with sent_csv(request) as file:
        done = services.import_consents(
            file,
            zone=business().time_zone,
            by=caller(request).name,
            store=request.POST.get("store", ""),
            as_of=_day(request.POST.get("as_of", "")),
        )
    return _page(request, done)


def _page(request: HttpRequest, done: Imported | None = None) -> HttpResponse:
    chosen = selectors.choices()
    language = translation.get_language() or "ja"
    shown = {
        "offered": [
            {"matter": str(one), "label": _label(one), "on": one in chosen.offered}
            for one in _askable()
        ],
        "bases": [
            {"name": name, "label": gettext(label), "on": name in chosen.relies_on}
            for name, label in BASIS_NAMES.items()
        ],
        "confirm_days": chosen.confirm_days,
        "wordings": [_wording(one, language) for one in chosen.offered],
        "stores": people.stores(),
        "done": done,
        "may_change": caller(request).may("change_settings"),
        "may_import": caller(request).may("import"),
    }
    return render(request, "pages/consents.html", shown)


def _askable() -> list[Matter]:
    """Analytics is a matter of the website; all else of what reaches people."""
    purposes = [one for one in PURPOSES if one not in ("transactional", "analytics")]
    channels = [one for one in CHANNELS if one != "web"]
    reach = [Matter(channel, purpose) for channel in channels for purpose in purposes]
    return [*reach, Matter("web", "analytics")]


def _counts(offered: tuple[Matter, ...]) -> Table:
    states = [one for one in STATES if one != "gone"]
    columns = [Column(gettext("Reached by, and what for"))]
    columns += [Column(gettext(STATE_NAMES[one]), "count") for one in states]
    rows = [
        Row([_label(one), *(found[state] for state in states)])
        for one, found in selectors.counts(*offered).items()
    ]
    return Table("consents", gettext("How many agreed"), columns, rows, file=False)


def _label(one: Matter) -> str:
    return f"{gettext(CHANNEL_NAMES[one.channel])} · {gettext(PURPOSE_NAMES[one.purpose])}"


def _wording(one: Matter, language: str) -> dict[str, Any]:
    own = selectors.wording(one, language)
    usual = gettext(SHOWN[str(one)]) if str(one) in SHOWN else ""
    return {
        "matter": str(one),
        "label": _label(one),
        "text": own.text if own else usual,
        "version": own.version if own else 0,
        "language": language,
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"{text!r} is no day", hint="such as 2026-04-01") from None
