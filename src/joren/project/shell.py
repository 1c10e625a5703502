"""Views of the shell itself: appearance and glossary."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_POST
from django.views.defaults import page_not_found

from joren.plumbing.glossary import TERMS
from joren.project.api import problem
from joren.project.context import THEMES

_YEAR = 365 * 86_400


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark, or as the device says, and go back."""
    asked, back = request.POST.get("theme", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if asked in THEMES:
        response.set_cookie(
            "theme", asked, max_age=_YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    return response


@dataclass(frozen=True)
class Entry:
    """A term in the reader's language, with its partner in the other one."""

    key: str
    here: str
    there: str
    definition: str


@login_not_required
def glossary(request: HttpRequest) -> HttpResponse:
    language = get_language() or "ja"
    other = "en" if language.startswith("ja") else "ja"
    entries = [
        Entry(term.key, term.word(language), term.word(other), term.definition(language))
        for term in TERMS.values()
    ]
    return render(request, "glossary.html", {"terms": entries})


def nowhere(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Nothing is at the address: a page for people, a problem for programs."""
    if request.path.startswith("/api/"):
        return problem(404, "NotFound", f"nothing is at {request.path}", hint="/api/docs")
    return page_not_found(request, exception)
