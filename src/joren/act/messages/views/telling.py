"""Where mail services and LINE tell what became of messages: no session, no cookie, no sign-in."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import wraps
from importlib import import_module
from typing import Any, Final

import orjson
from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent
from anymail.webhooks.base import AnymailCoreWebhookView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from joren.act.messages import services
from joren.act.messages.contracts import LINE, Heard

_LARGEST: Final = 2 * 2**20
_STRANGER: Final = "no proof of who tells this"
View = Callable[[HttpRequest], HttpResponse]


def _told(view: View) -> View:
    """By POST alone; some services ask by HEAD whether somebody is there."""

    @wraps(view)
    def asked(request: HttpRequest) -> HttpResponse:
        if request.method == "HEAD":
            return HttpResponse()
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        if int(request.META.get("CONTENT_LENGTH") or 0) > _LARGEST:
            return HttpResponse(status=413)
        return view(request)

    return csrf_exempt(login_not_required(asked))


@_told
def mail(request: HttpRequest) -> HttpResponse:
    """Of the service that JOREN_ESP names, by its own signature or the password of the settings."""
    if not isinstance(settings.JOREN_ESP, str) or not settings.JOREN_ESP:
        return HttpResponse("no mail service is named", status=404)
    try:
        view = _view_of(settings.JOREN_ESP)
        view.run_validators(request)
    except (AnymailWebhookValidationFailure, ImproperlyConfigured):
        return HttpResponse(_STRANGER, status=403)
    try:
        events = view.parse_events(request)
    except (ValueError, KeyError, TypeError):
        return HttpResponse("that cannot be read", status=400)
    told = [one for one in events if isinstance(one, AnymailTrackingEvent)]
    services.keep_heard(settings.JOREN_ESP, [_heard(one) for one in told])
    return HttpResponse()


def _view_of(name: str) -> AnymailCoreWebhookView:
    module = import_module(f"anymail.webhooks.{name}")
    made = next(
        value
        for key, value in vars(module).items()
        if key.endswith(("TrackingWebhookView", "CombinedWebhookView"))
        and value.__module__ == module.__name__
    )
    secret = settings.ANYMAIL.get("WEBHOOK_SECRET")
    if getattr(made, "warn_if_no_basic_auth", False) and not secret:
        raise ImproperlyConfigured("WEBHOOK_SECRET is what proves who tells this")
    return made()


def _heard(event: AnymailTrackingEvent) -> Heard:
    number = str((event.metadata or {}).get("joren") or event.message_id or "")
    at = event.timestamp or datetime.now(UTC)
    said = f"{event.event_id}" if event.event_id else f"{number}|{at.isoformat()}"
    key = hashlib.sha256(f"{event.event_type}|{said}|{event.click_url}".encode()).hexdigest()
    return Heard(
        key,
        event.event_type,
        number,
        at,
        event.reject_reason or "",
        event.click_url or "",
        event.user_agent or "",
    )


@_told
def line(request: HttpRequest) -> HttpResponse:
    """Of LINE, signed with the secret of the channel: who follows the shop, and who leaves."""
    if not settings.JOREN_LINE_SECRET:
        return HttpResponse("no LINE account is named", status=404)
    body = request.body
    wanted = hmac.new(settings.JOREN_LINE_SECRET.encode(), body, hashlib.sha256).digest()
    signed = request.headers.get("X-Line-Signature", "")
    if not constant_time_compare(signed, base64.b64encode(wanted).decode()):
        return HttpResponse(_STRANGER, status=403)
    try:
        heard = list(_of_line(orjson.loads(body)))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return HttpResponse("that cannot be read", status=400)
    services.keep_heard(LINE, heard)
    return HttpResponse()


def _of_line(said: dict[str, Any]) -> Iterator[Heard]:
    for one in said["events"]:
        friend = one.get("source", {}).get("userId")
        if friend and one["type"] in ("follow", "unfollow"):
            at = datetime.fromtimestamp(one["timestamp"] / 1000, UTC)
            yield Heard(str(one["webhookEventId"]), one["type"], str(friend), at)
