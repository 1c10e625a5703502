"""E-mails and phones that name nobody: a person says which, and which do after all."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.accounts import selectors as accounts
from joren.collect.customers import selectors as people
from joren.collect.customers import services
from joren.core.errors import BadInput
from joren.plumbing.access import caller, needs

PAGE: Final = 50


@needs("edit_people")
def placeholders(request: HttpRequest) -> HttpResponse:
    found = people.placeholders_page(after=request.GET.get("after", ""), limit=PAGE)
    callers = accounts.names_of_callers()
    listed = [replace(one, by=callers[one.by]) for one in found.items]
    return render(request, "pages/placeholders.html", {"listed": listed, "next": found.next})


@needs("edit_people")
@require_POST
def say(request: HttpRequest) -> HttpResponse:
    contact, by = request.POST.get("contact", ""), caller(request).name
    why = request.POST.get("why", "")
    verb = services.name_somebody if "real" in request.POST else services.name_nobody
    try:
        verb(contact, by=by, why=why)
    except BadInput:
        messages.warning(request, gettext("That is neither an e-mail nor a phone."))
    else:
        messages.success(request, gettext("That holds for all that comes from now on."))
    return HttpResponseRedirect(reverse("placeholders"))
