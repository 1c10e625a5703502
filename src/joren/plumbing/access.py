"""Doors in front of views. Who may do what is said by accounts; here it is asked.

The project's middleware sets ``request.caller`` for a session or an API key alike.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, Protocol, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from ninja.utils import check_csrf

from joren.core.errors import BadInput, JorenError

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class Caller(Protocol):
    """Whoever asks."""

    @property
    def name(self) -> str: ...
    def may(self, action: str) -> bool: ...


TOO_LARGE: Final = "joren.upload_too_large"
"""Where a request says that a file of it was thrown away while it arrived."""


class UploadTooLarge(BadInput):
    """The file is larger than this installation takes over the web."""

    status = 413


class NotAllowed(JorenError):
    """The caller is known and may not do it."""

    status = 403


def caller(request: HttpRequest) -> Caller:
    """Who asks."""
    return cast("Caller", request.caller)  # type: ignore[attr-defined]  # set by the middleware


def refuse_too_large(request: HttpRequest) -> None:
    """Say no where a file of the request was thrown away for its size."""
    _ = request.FILES  # read it now, if nobody has yet
    if name := request.META.get(TOO_LARGE):
        limit = settings.JOREN_UPLOAD_LIMIT / 2**20
        raise UploadTooLarge(
            f"{name} is larger than {limit:,.0f} MB",
            hint="gzip it, export shorter periods, set JOREN_UPLOAD_LIMIT, "
            "or import it on the machine: joren import",
        )


def needs(action: str) -> Callable[[View[P]], View[P]]:
    """Open the page only to those who may do the action."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not caller(request).may(action):
                raise PermissionDenied(action)
            return view(request, *args, **kwargs)

        return cast("View[P]", guarded)

    return guard


class Scope(HttpBearer):
    """Open the API's operation only to keys and members who may do the action.

    ``router.get("/customers", auth=Scope("view_personal"))``
    """

    openapi_bearerFormat = "joren API key"

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action

    def __call__(self, request: HttpRequest) -> Any:
        who = caller(request)
        if who.name == "stranger":
            raise AuthenticationError
        # A browser sends a session's cookie to whoever asks; a key only its owner sends.
        if who.name.startswith("member:") and (refusal := check_csrf(request)):
            return self._refuse_forgery(refusal)
        if not who.may(self.action):
            raise NotAllowed(
                f"this needs the scope {self.action}", hint="ask an admin for a key that has it"
            )
        return who

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        raise NotImplementedError("the middleware has read the key")

    def _refuse_forgery(self, _refusal: Any) -> Any:
        raise NotAllowed(
            "the request has no CSRF token", hint="send X-CSRFToken, or use an API key"
        )
