"""Webhooks out: which programs are told what, how that went, and what to do where it did not."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.act.deliveries import selectors, services
from joren.act.deliveries.contracts import ANNOUNCEMENTS, Delivery
from joren.plumbing.access import caller, needs
from joren.project.pages.deeds import carry_out

_RECENT = 50
_STATES = {
    "waiting": (gettext_noop("Tried again"), "is-warn"),
    "done": (gettext_noop("Arrived"), "is-good"),
    "failed": (gettext_noop("Given up"), "is-bad"),
}


@dataclass(frozen=True)
class Sent:
    """A delivery in the reader's language."""

    delivery: Delivery
    state: str
    look: str
    to: str


@needs("view_figures")
def outgoing(request: HttpRequest) -> HttpResponse:
    may_change = caller(request).may("change_settings")
    endpoints = selectors.endpoints()
    names = {one.id: one.name for one in endpoints}
    found = selectors.deliveries(after=request.GET.get("after", ""), limit=_RECENT)
    shown = {
        "endpoints": endpoints,
        "announcements": ANNOUNCEMENTS,
        "sent": [_shown(one, names.get(one.endpoint, "")) for one in found.items],
        "next": found.next,
        # Shown this once: the session forgets it as it is read.
        "made_secret": request.session.pop("made_receiver_secret", ""),
        "may_change": may_change,
    }
    return render(request, "pages/data/outgoing.html", shown)


def _shown(one: Delivery, to: str) -> Sent:
    words, look = _STATES[one.state]
    if one.state == "waiting" and not one.attempts:
        return Sent(one, gettext("On its way"), "", to)
    return Sent(one, gettext(words), look, to)


@needs("change_settings")
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    def deed() -> str:
        _, secret = services.add_endpoint(
            request.POST.get("name", ""),
            url=request.POST.get("url", ""),
            announcements=request.POST.getlist("announcements"),
            by=caller(request).name,
        )
        request.session["made_receiver_secret"] = secret
        return gettext("The program is told from now on.")

    return carry_out(request, deed, then="data_outgoing")


@needs("change_settings")
@require_POST
def change(request: HttpRequest, number: int) -> HttpResponse:
    by, what = caller(request).name, request.POST.get("do", "")

    def deed() -> str:
        if what == "rotate":
            _, secret = services.rotate_secret(number, by=by)
            request.session["made_receiver_secret"] = secret
            return gettext("Both secrets sign for a day; after that the new one alone.")
        if what == "ping":
            services.ping(number)
            return gettext("A trial message is on its way; reload to see how it went.")
        if what == "enable":
            services.enable_endpoint(number, by=by)
            return gettext("The program is told again, also what waited.")
        if what == "choose":
            services.choose_announcements(number, request.POST.getlist("announcements"), by=by)
            return gettext("The program is told these from now on.")
        if what == "remove":
            services.remove_endpoint(number, by=by)
            return gettext("The program is forgotten.")
        services.disable_endpoint(number, by=by)
        return gettext("The program is told nothing until you enable it again.")

    return carry_out(request, deed, then="data_outgoing")


@needs("change_settings")
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    def deed() -> str:
        services.redeliver(number, by=caller(request).name)
        return gettext("It is sent once more.")

    return carry_out(request, deed, then="data_outgoing")
