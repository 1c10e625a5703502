"""What every request carries: who asks, whose shop it is, and how a refusal looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.http import ConditionalGetMiddleware
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from joren.accounts import selectors, services
from joren.accounts.contracts import Caller
from joren.core.clock import zone
from joren.core.errors import JorenError
from joren.plumbing import problems
from joren.project.api_parser import LARGEST

Next = Callable[[HttpRequest], HttpResponse]
API = "/api/"


def caller_middleware(get_response: Next) -> Next:
    """Set ``request.caller`` from an API key or from the session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.caller = SimpleLazyObject(lambda: _caller(request))  # type: ignore[attr-defined]  # Django's request has none of its own
        return get_response(request)

    return middleware


def _caller(request: HttpRequest) -> Caller:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    # Keys open the API only, so that a leaked one cannot browse.
    if kind.lower() == "bearer" and request.path.startswith(API):
        return services.use_api_key(token.strip()) or selectors.STRANGER
    return selectors.caller_of(request.user)


def business_middleware(get_response: Next) -> Next:
    """Set ``request.business``, and let pages tell the time by its clocks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        business = selectors.business()
        request.business = business  # type: ignore[attr-defined]  # Django's request has none of its own
        with timezone.override(zone(business.time_zone)):
            return get_response(request)

    return middleware


def _no_such_method(request: HttpRequest, plain: HttpResponse) -> HttpResponse:
    """The API's own refusal of a method is a bare text, and every other one a problem."""
    allowed = plain.headers.get("Allow", "")
    told = {
        "status": 405,
        "code": "MethodNotAllowed",
        "detail": f"{request.path} takes no {request.method}",
        "hint": f"it takes {allowed}; /api/docs" if allowed else "/api/docs",
    }
    answer = JsonResponse(told, status=405, content_type="application/problem+json")
    if allowed:
        answer["Allow"] = allowed
    return answer


class ProblemMiddleware:
    """A page that joren says no to shows what was asked, what is so, and the way out."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code == 405 and request.path.startswith(API):
            return _no_such_method(request, answer)
        return answer

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, named: dict[str, Any]
    ) -> HttpResponse | None:
        """Nothing has a number that no database could keep."""
        if any(_beyond(str(one)) for one in named.values()):
            if not request.path.startswith(API):
                raise Http404
            told = {"status": 404, "code": "NotFound", "detail": f"nothing is at {request.path}"}
            return JsonResponse(told, status=404, content_type="application/problem+json")
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, JorenError):
            return None
        template = "_problem.html" if request.headers.get("HX-Request") else "problem.html"
        return render(
            request, template, {"problem": problems.told(exception)}, status=exception.status
        )


def _beyond(text: str) -> bool:
    return len(text) > 18 and text.isdecimal() and (len(text) > 20 or int(text) > LARGEST)


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page asks for a sign-in unless it says otherwise; the API asks in its own way."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if request.path.startswith(API):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class ApiConditionalMiddleware(ConditionalGetMiddleware):
    """Answers of the API carry an ETag; pages do not, for each has a CSRF token of its own."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not request.path.startswith(API):
            return response
        if request.method == "GET" and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-cache"
        return super().process_response(request, response)
