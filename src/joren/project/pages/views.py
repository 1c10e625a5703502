"""Pages that join many rooms."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from joren.plumbing.access import needs


@needs("view_figures")
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html")
