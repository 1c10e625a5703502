"""The Segment protocol: what SDKs, browsers and programs send, and how they are answered.

It stands before every other part of the site: no session, no cookie, no language. Browsers of any
shop send here, so that any origin may; nothing is answered that not everybody may read.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

import orjson
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from joren.collect.customers.contracts import BadKeys, WrongKey
from joren.collect.inbox import services
from joren.collect.inbox.contracts import LARGEST_BODY, NotReceived, TooLarge, TooMany
from joren.collect.inbox.rules.reading import keys_of, parsed, request_of
from joren.collect.inbox.selectors import script_of

PREFIX: Final = "/inbox"
"""The endpoints are at the root of the host and under this, for hosts that pass on a folder."""

_ADDRESS = re.compile(
    rf"(?:{PREFIX})?/v1/(?:(?P<kind>[a-z]+)|projects/(?P<key>[\w-]{{1,100}})/settings"
    r"|joren-(?P<script>\d{1,4})\.js)/?"
    rf"|(?:{PREFIX})?/(?P<rudder>sourceConfig)/?"
)
_KINDS: Final = {
    "batch": "batch", "b": "batch", "identify": "identify", "i": "identify",
    "track": "track", "t": "track", "page": "page", "p": "page", "screen": "screen", "s": "screen",
    "group": "group", "g": "group", "alias": "alias", "a": "alias",
}  # fmt: skip
_WELL: Final = b'{"success":true}'
_AWAY: Final = 5  # seconds until a sender may ask a database again that was away

Next = Callable[[HttpRequest], HttpResponse]


def protocol_middleware(get_response: Next) -> Next:
    """Answer what is sent to the protocol's addresses; all else goes on to the site."""

    def middleware(request: HttpRequest) -> HttpResponse:
        found = _ADDRESS.fullmatch(request.path_info)
        if found is None or (found["kind"] and found["kind"] not in _KINDS):
            return get_response(request)
        if request.method == "OPTIONS":
            return _preflight(request)
        if found["script"]:
            return _script(request, found["script"])
        if found["key"]:
            return _settings(request, found["key"], _segments)
        if found["rudder"]:
            return _settings(request, _asked_for(request), _rudders)
        if request.method != "POST":
            return _problem(405, "method_not_allowed", "send it by POST", Allow="POST, OPTIONS")
        return _received(request, _KINDS[found["kind"]])

    return middleware


def _received(request: HttpRequest, kind: str) -> HttpResponse:
    now = time.time_ns() // 1000
    authorization = request.META.get("HTTP_AUTHORIZATION", "")
    keys = keys_of(authorization, {})
    try:
        said = parsed(_body(request))
        keys = keys_of(authorization, said)
        services.admit(keys)  # before anything is made of what a stranger sends
        services.receive(request_of(said, kind=kind), keys=keys, now=now)
    except NotReceived as problem:
        return _refused(problem, keys, now)
    except (DatabaseError, WrongKey, BadKeys):
        # Nothing was acknowledged, so the sender tries again and nothing is lost.
        return _problem(503, "unavailable", "not now", **{"Retry-After": str(_AWAY)})
    return _answer(200, _WELL)


def _body(request: HttpRequest) -> bytes:
    try:
        declared = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        declared = 0
    if declared > LARGEST_BODY:
        raise TooLarge(f"the body has {declared:,} bytes, at most {LARGEST_BODY:,} are taken")
    return request.read(LARGEST_BODY + 1)


def _refused(problem: NotReceived, keys: Sequence[str], now: int) -> HttpResponse:
    with suppress(DatabaseError):  # without the count the sender hears the reason all the same
        services.refused(keys, problem, now=now)
    more = {"Retry-After": str(problem.after)} if isinstance(problem, TooMany) else {}
    return _problem(problem.status, problem.name, problem.message, **more)


def _settings(
    request: HttpRequest, key: str, written: Callable[[str], dict[str, Any]]
) -> HttpResponse:
    """What an SDK of a browser asks before it sends."""
    if request.method not in ("GET", "HEAD"):
        return _problem(405, "method_not_allowed", "ask by GET", Allow="GET, OPTIONS")
    if not services.public_source(key):
        return _problem(404, "invalid_write_key", "no source of a browser has this write key")
    body = orjson.dumps(written(key))
    return _answer(200, body, **{"Cache-Control": "public, max-age=60"})


def _segments(key: str) -> dict[str, Any]:
    """As analytics.js reads it."""
    return {"integrations": {"Segment.io": {"apiKey": key}}}


def _rudders(key: str) -> dict[str, Any]:
    """As RudderStack's SDK reads it: a source that sends nothing on, and reports nothing."""
    off = {"enabled": False}
    config = {"statsCollection": {"errors": off, "metrics": off}}
    about = {"id": key, "name": "joren", "writeKey": key, "workspaceId": "joren", "enabled": True}
    return {"source": {**about, "config": config, "destinations": []}}


def _asked_for(request: HttpRequest) -> str:
    keys = keys_of(request.META.get("HTTP_AUTHORIZATION", ""), {})
    return request.GET.get("writeKey") or next(iter(keys), "")


def _script(request: HttpRequest, version: str) -> HttpResponse:
    """joren.js: a version never changes, so that browsers keep it for as long as they like."""
    found = script_of(version)
    if request.method not in ("GET", "HEAD") or found is None:
        return _problem(404, "not_found", "there is no such version of joren.js")
    text, packed, integrity = found
    headers = {
        "Content-Type": "text/javascript; charset=utf-8",
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": f'"{integrity}"',
        "Vary": "Accept-Encoding",
    }
    if request.META.get("HTTP_IF_NONE_MATCH") == headers["ETag"]:
        return _answer(304, b"", **headers)
    if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        return _answer(200, packed, **headers, **{"Content-Encoding": "gzip"})
    return _answer(200, text, **headers)


def _preflight(request: HttpRequest) -> HttpResponse:
    asked = request.META.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
    allowed = asked if re.fullmatch(r"[\w\-, ]{1,500}", asked) else "content-type, authorization"
    return _answer(
        204,
        b"",
        **{
            "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
            "Access-Control-Allow-Headers": allowed,
            "Access-Control-Max-Age": "86400",
        },
    )


def _problem(status: int, code: str, message: str, **headers: str) -> HttpResponse:
    return _answer(status, orjson.dumps({"code": code, "message": message}), **headers)


def _answer(status: int, body: bytes, **headers: str) -> HttpResponse:
    answer = HttpResponse(body, status=status, content_type="application/json")
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Expose-Headers"] = "Retry-After"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    for name, value in headers.items():
        answer[name] = value
    return answer
