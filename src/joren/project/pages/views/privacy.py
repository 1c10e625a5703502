"""Who asked what is known of them or to be forgotten, until when, and how long what is kept."""

from __future__ import annotations

from collections.abc import Mapping
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
from joren.core import clock
from joren.core.ids import CustomerId
from joren.plumbing.access import caller, needs
from joren.project.pages.typed import whole
from joren.protect.erasure import selectors, services
from joren.protect.erasure.contracts import KIND_NAMES, STATE_NAMES, NotAsked, Request

_SOON = 7


@needs("answer_people")
def privacy(request: HttpRequest) -> HttpResponse:
    today = _today()
    found = [_shown(one, today) for one in selectors.requests()]
    shown = {
        "open": [one for one in found if one["open"]],
        "closed": [one for one in found if not one["open"]],
        "late": selectors.due_soon(today, days=-1),
        "kept": [_kept(one) for one in selectors.retention(now=clock.now())],
        "may_keep": caller(request).may("change_settings"),
    }
    return render(request, "pages/privacy.html", shown)


@needs("answer_people")
@require_POST
def erased(request: HttpRequest) -> HttpResponse:
    """Asked by POST, so that no address says whom somebody asked about."""
    kind = request.POST.get("kind", "")
    found = selectors.was_erased(kind, request.POST.get("text", ""))
    if found:
        days = ", ".join(f"{one.finished_at:%Y-%m-%d}" for one in found if one.finished_at)
        messages.success(request, gettext("Erased on %(days)s.") % {"days": days})
    else:
        messages.warning(request, gettext("Nobody with that was erased here."))
    return HttpResponseRedirect(reverse("privacy"))


@needs("record_consents")
@require_POST
def ask(request: HttpRequest, customer_id: int) -> HttpResponse:
    services.ask(
        customer_id,
        request.POST.get("kind", ""),
        by=caller(request).name,
        note=request.POST.get("note", ""),
    )
    messages.success(request, gettext("Written down: to be answered within 30 days."))
    return HttpResponseRedirect(f"{reverse('customer', args=[customer_id])}#privacy")


@needs("answer_people")
@require_POST
def export(request: HttpRequest, customer_id: int) -> HttpResponse:
    language = translation.get_language() or "ja"
    given = services.export_person(customer_id, by=caller(request).name, language=language)
    answer = HttpResponse(services.written(given), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="customer-{given.customer}.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@needs("answer_people")
def erase(request: HttpRequest, customer_id: int) -> HttpResponse:
    """What would go; and, once the number was typed, that it goes."""
    if request.method == "POST":
        return _erased(request, customer_id)
    shown = selectors.preview(customer_id)
    parts = [
        {"label": gettext(part.label), "goes": _said(part.goes), "stays": _said(part.stays)}
        for part in shown.parts
        if part.goes or part.stays
    ]
    return render(request, "pages/erase.html", {"preview": shown, "parts": parts})


def _erased(request: HttpRequest, customer_id: int) -> HttpResponse:
    if request.POST.get("number", "").strip() != str(customer_id):
        raise NotAsked(
            f"the number typed is not {customer_id}", hint="type the customer's number to confirm"
        )
    by = caller(request).name
    suppress = request.POST.get("suppress") == "yes"
    number = services.ask(customer_id, "erasure", by=by, suppress=suppress)
    services.erase_person(number, by=by, at_once=False)
    messages.success(request, gettext("A worker erases this person within a minute."))
    return HttpResponseRedirect(reverse("privacy"))


@needs("answer_people")
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    services.withdraw(number, by=caller(request).name)
    messages.success(request, gettext("The request is withdrawn."))
    return HttpResponseRedirect(reverse("privacy"))


@needs("change_settings")
@require_POST
def keep(request: HttpRequest, name: str) -> HttpResponse:
    text = request.POST.get("days", "").strip()
    days = whole(text)
    if text and days is None:
        raise NotAsked(f"{text[:60]!r} is no number of days", hint="a whole number, or nothing")
    services.keep_for(name, days, by=caller(request).name)
    messages.success(request, gettext("Saved: what is older goes the next night."))
    return HttpResponseRedirect(f"{reverse('privacy')}#retention")


def panel(customer: CustomerId, request: HttpRequest) -> dict[str, Any]:
    """What the customer asked and is not answered yet, and what whoever looks may do about it."""
    today, asked = _today(), selectors.requests(customer=customer, only_open=True)
    return {
        "asked": [_shown(one, today) for one in asked],
        "may_answer": caller(request).may("answer_people"),
    }


def _shown(one: Request, today: date) -> dict[str, Any]:
    left = (one.due_on - today).days
    return {
        "id": one.id,
        "customer": one.customer,
        "kind": one.kind,
        "kind_name": gettext(KIND_NAMES[one.kind]),
        "state": one.state,
        "state_name": gettext(STATE_NAMES[one.state]),
        "open": one.is_open,
        "asked_at": one.asked_at,
        "due_on": one.due_on,
        "left": left,
        "late": left < 0,
        "soon": left <= _SOON,
        "note": one.note,
        "by": one.asked_by,
        "finished_at": one.finished_at,
        "went": _said(one.counts),
        "error": one.error,
    }


def _said(counts: Mapping[str, int]) -> str:
    return gettext(", ").join(f"{gettext(name)} {number:,}" for name, number in counts.items())


def _kept(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": gettext(one.label),
        "note": gettext(one.note) if one.note else "",
        "days": one.days,
        "old": one.old,
        "least": one.least,
        "last_run": one.last_run,
        "last_count": one.last_count,
    }


def _today() -> date:
    return clock.shop_day(clock.now(), business().time_zone)
