"""Webhooks: who tells joren by themselves, what waits, and what shops ask about somebody's data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.http import require_POST

from joren.collect.customers import selectors as people
from joren.collect.webhooks import selectors, services
from joren.collect.webhooks.contracts import (
    KINDS,
    PROVIDERS,
    Arrivals,
    BadPaths,
    Endpoint,
    PrivacyRequest,
)
from joren.core import clock
from joren.plumbing import problems
from joren.plumbing.access import caller, needs
from joren.project.pages.deeds import carry_out
from joren.project.pages.views.data import words

_HELD = 20
_PROVIDERS = {
    "shopify": "Shopify",
    "stripe": "Stripe",
    "generic": gettext_noop("Any other program"),
}
_ASKS = {
    "access": gettext_noop("Tell the customer what is kept of them"),
    "erase_customer": gettext_noop("Erase what is kept of the customer"),
    "erase_shop": gettext_noop("Erase everything of the shop"),
}


@dataclass(frozen=True)
class Hook:
    """A webhook in the reader's language, and what came by it."""

    endpoint: Endpoint
    provider: str
    address: str
    came: Arrivals


@dataclass(frozen=True)
class Asked:
    """A privacy request in the reader's language."""

    request: PrivacyRequest
    what: str
    late: bool


@needs("view_figures")
def hooks(request: HttpRequest) -> HttpResponse:
    came = selectors.arrivals()
    host = request.build_absolute_uri("/").rstrip("/")
    now = clock.now()
    shown = {
        "hooks": [
            Hook(one, gettext(_PROVIDERS[one.provider]), f"{host}{one.address}", came[one.id])
            for one in selectors.endpoints()
        ],
        "names": {one.id: one.name for one in selectors.endpoints()},
        "providers": [(name, gettext(_PROVIDERS[name])) for name in PROVIDERS],
        "kinds": [(name, gettext(words.KINDS[name])) for name in KINDS],
        "stores": [store.name for store in people.stores()],
        # Shown this once: the session forgets it as it is read.
        "made_secret": request.session.pop("made_hook_secret", ""),
        "held": selectors.held(limit=_HELD),
        "held_count": selectors.held_count(),
        "asked": [
            Asked(one, gettext(_ASKS[one.kind]), one.due_at < now)
            for one in selectors.privacy_requests()
        ],
        "may_change": caller(request).may("change_settings"),
        "may_import": caller(request).may("import"),
    }
    return render(request, "pages/data/hooks.html", shown)


@needs("change_settings")
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    sent = request.POST

    def deed() -> str:
        made, secret = services.add_endpoint(
            sent.get("name", ""),
            provider=sent.get("provider", ""),
            store=sent.get("store", ""),
            secret=sent.get("secret", ""),
            kind=sent.get("kind", "orders"),
            bearer=bool(sent.get("bearer")),
            header=sent.get("header", ""),
            by=caller(request).name,
        )
        if made.provider == "generic":
            request.session["made_hook_secret"] = secret
        return gettext("The webhook is ready: give its address to the sender.")

    return carry_out(request, deed, then="data_hooks")


@needs("change_settings")
@require_POST
def change_secret(request: HttpRequest, number: int) -> HttpResponse:
    def deed() -> str:
        if request.POST.get("forget"):
            services.forget_old_secret(number, by=caller(request).name)
            return gettext("Only what the new secret signed is taken.")
        services.change_secret(number, request.POST.get("secret", ""), by=caller(request).name)
        return gettext("The new secret is taken, and the old one as well until you end it.")

    return carry_out(request, deed, then="data_hooks")


@needs("change_settings")
@require_POST
def disable(request: HttpRequest, number: int) -> HttpResponse:
    def deed() -> str:
        services.disable_endpoint(number, by=caller(request).name)
        return gettext("Nothing more is taken at this address.")

    return carry_out(request, deed, then="data_hooks")


@needs("change_settings")
def hook_paths(request: HttpRequest, number: int) -> HttpResponse:
    """By which paths a generic body is read, tried on a sample before it counts."""
    one = selectors.endpoint(number)
    fields = services.fields(one.kind)
    said = {name: request.POST.get(f"path-{name}", one.mapping.get(name, "")) for name in fields}
    sample = request.POST.get("sample", one.sample)
    rows: Sequence[Mapping[str, str | None]] = ()
    refusal = None
    if sample and (request.method == "POST" or one.mapping):
        try:
            if request.POST.get("do") == "keep":
                services.change_paths(number, sample=sample, paths=said, by=caller(request).name)
                messages.success(request, gettext("Bodies are read by these paths from now on."))
                return HttpResponseRedirect(reverse("hook_paths", args=[number]))
            rows = services.try_paths(sample, said, kind=one.kind)
        except BadPaths as problem:
            refusal = problems.told(problem)
    header = [name for name in fields if said[name]]
    shown = {
        "one": one,
        "sample": sample,
        "paths": [(name, gettext(words.FIELDS.get(name, name)), said[name]) for name in fields],
        "header": [gettext(words.FIELDS.get(name, name)) for name in header],
        "rows": [[row.get(name) or "–" for name in header] for row in rows[:10]],
        "problem": refusal,
    }
    return render(request, "pages/data/hook_paths.html", shown)


@needs("import")
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    def deed() -> str:
        count = services.retry_held(actor=caller(request).name)
        text = ngettext("%(n)s body is read again.", "%(n)s bodies are read again.", count)
        return text % {"n": f"{count:,}"}

    return carry_out(request, deed, then="data_hooks")


@needs("import")
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    def deed() -> str:
        count = services.drop_held(actor=caller(request).name)
        return ngettext("%(n)s body was dropped.", "%(n)s bodies were dropped.", count) % {
            "n": f"{count:,}"
        }

    return carry_out(request, deed, then="data_hooks")


@needs("change_settings")
@require_POST
def close_privacy(request: HttpRequest, number: int) -> HttpResponse:
    def deed() -> str:
        services.close_privacy_request(number, actor=caller(request).name)
        return gettext("The request is closed.")

    return carry_out(request, deed, then="data_hooks")
