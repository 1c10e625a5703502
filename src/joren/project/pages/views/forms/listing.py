"""The list of forms, those to begin with, and what is done to one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from joren.act.forms import selectors, services
from joren.act.forms.contracts import STATE_NAMES
from joren.collect.customers import selectors as people
from joren.plumbing.access import caller, needs
from joren.project.pages.deeds import carry_out
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked


@needs("view_figures")
def forms(request: HttpRequest) -> HttpResponseBase:
    """All that are in use, with how many signed up and confirmed."""
    found = selectors.forms(archived=bool(request.GET.get("archived")))
    counts = selectors.counted([one.id for one in found])
    table = Table(
        "forms",
        gettext("Sign-up forms"),
        [
            Column(gettext("Name")), Column(gettext("State")),
            Column(gettext("Variants"), "count"), Column(gettext("Visitors"), "count"),
            Column(gettext("Signed up"), "count"), Column(gettext("Confirmed"), "count"),
        ],
        [
            Row(
                [
                    Linked(one.name, reverse("signup_form", args=[one.id])),
                    gettext(STATE_NAMES[one.state]),
                    len(one.content.variants),
                    counts[one.id].visitors,
                    counts[one.id].signed_up,
                    counts[one.id].confirmed,
                ]
            )
            for one in found
        ],
        note=gettext("Of all rounds; a form's page shows each variant with its interval."),
    )  # fmt: skip
    is_ja = get_language() == "ja"
    shown = {
        "table": table,
        "any": bool(found),
        "archived": bool(request.GET.get("archived")),
        "changes": caller(request).may("treat"),
        "ready": [
            (one.key, one.ja if is_ja else one.en, one.ja_why if is_ja else one.en_why)
            for one in selectors.READY_MADE
        ],
        "stores": [store.name for store in people.stores()],
    }
    return csv_asked(request, table) or render(request, "pages/forms/list.html", shown)


@needs("treat")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A draft from one that joren brings."""
    sent = request.POST

    def deed() -> str:
        services.begin_ready_made(
            sent.get("key", ""),
            slug=sent.get("slug", ""),
            store=sent.get("store", ""),
            language=get_language() or "ja",
            by=caller(request).name,
        )
        return gettext("Kept as a draft. Change its words, then publish it.")

    return carry_out(request, deed, then="signup_forms")


@needs("treat")
@require_POST
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Publish, pause or put away."""

    def deed() -> str:
        slug, by = selectors.by_number(number).slug, caller(request).name
        what = request.POST.get("do", "")
        if what == "publish":
            services.publish(slug, by=by)
            return gettext("It is live: visitors see the newest version.")
        if what == "pause":
            services.pause(slug, by=by)
            return gettext("It takes no sign-ups for now.")
        services.archive(slug, by=by)
        return gettext("Put away. Its results stay.")

    return carry_out(request, deed, then="signup_form", args=[number])
