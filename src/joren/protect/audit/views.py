"""The book of deeds as a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from joren.plumbing.access import needs
from joren.protect.audit import selectors


@needs("manage_members")
def entries(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    found = selectors.entries(
        after=asked.get("after", ""), actor=asked.get("actor", ""), action=asked.get("action", "")
    )
    return render(request, "audit/entries.html", {"entries": found})
