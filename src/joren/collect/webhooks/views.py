"""Where others send: before every other part of the site, without session, cookie or language."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import orjson
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from joren.collect.webhooks import services
from joren.collect.webhooks.contracts import LARGEST_BODY, NotTaken
from joren.core.errors import JorenError

_ADDRESS: Final = re.compile(r"/hooks/(?P<token>[\w-]{16,40})/?")
_AWAY: Final = "5"  # seconds until a sender may ask a database again that was away

Next = Callable[[HttpRequest], HttpResponse]


def webhooks_middleware(get_response: Next) -> Next:
    """Take what is sent to a webhook's address; all else goes on to the site."""

    def middleware(request: HttpRequest) -> HttpResponse:
        found = _ADDRESS.fullmatch(request.path_info)
        if found is None:
            return get_response(request)
        if request.method != "POST":
            answer = _answer(405, "send it by POST")
            answer["Allow"] = "POST"
            return answer
        return _received(request, found["token"])

    return middleware


def _received(request: HttpRequest, token: str) -> HttpResponse:
    try:
        body = request.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise NotTaken(f"more than {LARGEST_BODY:,} bytes", status=413)
        services.receive(token, body=body, headers=dict(request.headers))
    except NotTaken as problem:
        return _answer(problem.status, problem.message)
    except (DatabaseError, JorenError):
        # Nothing was acknowledged, so the sender tries again and nothing is lost.
        answer = _answer(503, "not now")
        answer["Retry-After"] = _AWAY
        return answer
    return _answer(200, "")


def _answer(status: int, message: str) -> HttpResponse:
    body = {"success": True} if not message else {"success": False, "message": message}
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/json")
