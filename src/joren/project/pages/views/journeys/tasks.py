"""Tasks that journeys gave to somebody of the shop: what is open, and who did what."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.act.journeys import selectors, services
from joren.plumbing.access import caller, needs
from joren.project.pages.deeds import carry_out
from joren.project.pages.typed import whole

_PAGE: Final = 50


@needs("view_personal")
def tasks(request: HttpRequest) -> HttpResponse:
    """Those that are open, or those that are done; a page at a time."""
    done = request.GET.get("done") == "yes"
    found = selectors.duties(done=done, after=request.GET.get("after", ""), limit=_PAGE)
    onward = {"after": found.next, **({"done": "yes"} if done else {})}
    shown = {
        "tasks": found.items,
        "done": done,
        "next": urlencode(onward) if found.next else "",
        "finishes": caller(request).may("record_consents"),
    }
    return render(request, "pages/journeys/tasks.html", shown)


@needs("record_consents")
@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """Say that one is done."""

    def deed() -> str:
        number = whole(request.POST.get("task", "")) or 0
        one = services.finish_duty(number, by=caller(request).name)
        return gettext("Done: %(title)s") % {"title": one.title}

    return carry_out(request, deed, then="journey_tasks")
