"""Live data: who sends, what came, what could not be read, and what happened just now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.http import require_POST

from joren.collect.customers import selectors as people
from joren.collect.inbox import selectors, services
from joren.collect.inbox.contracts import (
    EVENT_FORMATS,
    KINDS,
    USUAL_LIMIT,
    EventFormat,
    Happened,
    Script,
    Source,
    Traffic,
)
from joren.plumbing.access import caller, needs, refuse_too_large
from joren.plumbing.warehouse import warehouse
from joren.project.pages.deeds import carry_out
from joren.project.pages.typed import must_be_whole

RECENT = 30
_UNREAD = 20
_KINDS = {"server": gettext_noop("Server"), "browser": gettext_noop("Browser")}
TYPES = {
    "track": "",
    "identify": gettext_noop("Identified"),
    "page": gettext_noop("Page viewed"),
    "screen": gettext_noop("Screen viewed"),
    "group": gettext_noop("Joined a group"),
    "alias": gettext_noop("Known before as another"),
}


@dataclass(frozen=True)
class Sending:
    """A source in the reader's language, and what came from it."""

    source: Source
    kind: str
    store: str
    traffic: Traffic
    script: Script | None


@dataclass(frozen=True)
class Shown:
    """An event in the reader's language."""

    event: Happened
    what: str
    source: str


@needs("view_figures")
def live(request: HttpRequest) -> HttpResponse:
    traffic = selectors.traffic()
    stores = {store.id: store.name for store in people.stores()}
    host = request.build_absolute_uri("/").rstrip("/")
    sending = [
        Sending(
            one,
            gettext(_KINDS[one.kind]),
            stores.get(one.store, ""),
            traffic.get(one.id, Traffic()),
            selectors.script_for(one.id, host=host) if one.key and not one.revoked_at else None,
        )
        for one in selectors.sources()
    ]
    shown = {
        "sending": sending,
        "strangers": traffic.get(selectors.UNKNOWN_KEYS),
        "kinds": [(kind, gettext(_KINDS[kind])) for kind in KINDS],
        "stores": [*stores.values()],
        "usual_limit": USUAL_LIMIT,
        # Shown this once: the session forgets it as it is read.
        "made_key": request.session.pop("made_write_key", ""),
        "host": host,
        "unread": selectors.unread(limit=_UNREAD),
        "unread_count": selectors.unread_count(),
        "properties": selectors.own_properties(),
        "events": recent(),
        "may_change": caller(request).may("change_settings"),
        "may_import": caller(request).may("import"),
    }
    return render(request, "pages/data/live.html", shown)


@needs("view_figures")
def live_events(request: HttpRequest) -> HttpResponse:
    shown = {"events": recent(), "address": reverse("data_live_events"), "of_all": True}
    return render(request, "pages/_events.html", shown)


def recent() -> list[Shown]:
    """What was heard last."""
    return show(selectors.newest_events(warehouse(), limit=RECENT))


def show(events: Sequence[Happened]) -> list[Shown]:
    names = {one.id: one.name for one in selectors.sources()}
    return [Shown(one, _what(one), names.get(one.source, "")) for one in events]


def _what(event: Happened) -> str:
    said = TYPES[event.type]
    return f"{gettext(said)} {event.name}".strip() if said else event.name


@needs("change_settings")
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    sent = request.POST

    def deed() -> str:
        limit = sent.get("limit", "")
        made, key = services.add_source(
            sent.get("name", ""),
            kind=sent.get("kind", ""),
            store=sent.get("store", ""),
            user_ids="customer_number" if sent.get("customer_numbers") else "own",
            limit=must_be_whole(limit) if limit else USUAL_LIMIT,
            key=sent.get("key", ""),
            by=caller(request).name,
        )
        if made.kind == "server":
            request.session["made_write_key"] = key
        return gettext("The source may send.")

    return carry_out(request, deed, then="data_live")


@needs("change_settings")
@require_POST
def revoke(request: HttpRequest, source_id: int) -> HttpResponse:
    def deed() -> str:
        services.revoke_source(source_id, by=caller(request).name)
        return gettext("Nothing more is taken from the source.")

    return carry_out(request, deed, then="data_live")


@needs("change_settings")
@require_POST
def allow(request: HttpRequest) -> HttpResponse:
    def deed() -> str:
        services.allow_property(request.POST.get("name", ""), by=caller(request).name)
        return gettext("The property enters the warehouse from now on.")

    return carry_out(request, deed, then="data_live")


@needs("change_settings")
@require_POST
def forbid(request: HttpRequest) -> HttpResponse:
    def deed() -> str:
        services.forbid_property(request.POST.get("name", ""), by=caller(request).name)
        return gettext("The property enters the warehouse no more.")

    return carry_out(request, deed, then="data_live")


@needs("import")
@require_POST
def import_events(request: HttpRequest) -> HttpResponse:
    """Events of the past, from the page of files."""
    refuse_too_large(request)
    sent, by = request.FILES.getlist("files"), caller(request).name
    asked = request.POST.get("format")
    wanted: EventFormat = next((one for one in EVENT_FORMATS if one == asked), "auto")

    def deed() -> str:
        source = services.source_of_files(request.POST.get("store", ""), by=by)
        taken = [
            services.import_sent_events(one, source_id=source.id, format=wanted, by=by)
            for one in sent
        ]
        events, bad = sum(one.events for one in taken), sum(one.unreadable for one in taken)
        text = ngettext("%(n)s event was taken in.", "%(n)s events were taken in.", events)
        waits = ngettext("%(n)s line waits.", "%(n)s lines wait.", bad)
        return " ".join(one % {"n": f"{count:,}"} for one, count in ((text, events), (waits, bad)))

    return carry_out(request, deed, then="data_live")


@needs("import")
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    def deed() -> str:
        count = services.retry_unread(actor=caller(request).name)
        text = ngettext("%(n)s message is tried again.", "%(n)s messages are tried again.", count)
        return text % {"n": f"{count:,}"}

    return carry_out(request, deed, then="data_live")


@needs("import")
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    def deed() -> str:
        count = services.drop_unread(actor=caller(request).name)
        return ngettext("%(n)s message was dropped.", "%(n)s messages were dropped.", count) % {
            "n": f"{count:,}"
        }

    return carry_out(request, deed, then="data_live")
