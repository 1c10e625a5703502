"""The rooms' routers and commands as the project mounts them, for tests of these rooms alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from ninja import NinjaAPI
from typer.testing import CliRunner, Result

from joren.core.errors import JorenError
from joren.plumbing.access import Scope
from joren.understand.cohorts.api import router as cohorts
from joren.understand.economics.api import router as economics
from joren.understand.ranks.api import router as ranks


def run(command: Callable[..., Any], *words: str) -> Result:
    """Call one command as a shell would; errors come through as they are."""
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, words, catch_exceptions=False)


api = NinjaAPI(auth=Scope("view_figures"), urls_namespace="rooms")
for router in (ranks, cohorts, economics):
    api.add_router("", router)


@api.exception_handler(JorenError)
def _refused(_request: HttpRequest, error: JorenError) -> HttpResponse:
    return JsonResponse({"code": error.code, "hint": error.hint}, status=error.status)


urlpatterns = [path("api/rooms/", api.urls)]
