"""Links of ours in messages: no session, no cookie, no sign-in, and nowhere but where they lead."""

from __future__ import annotations

import logging
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from joren.act.messages import selectors, services
from joren.act.messages.contracts import Followed

_DOT: Final = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
_UNSEEN: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
_log = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
def click(request: HttpRequest, token: str) -> HttpResponseBase:
    """On to where the link leads. A HEAD leads there too and counts as nothing."""
    found = selectors.followed(token) if request.method in ("GET", "HEAD") else None
    if found is None:
        words = gettext("This link leads nowhere.")
        return HttpResponse(words, status=404, content_type="text/plain; charset=utf-8")
    _note(request, found)
    if not found.address:  # the link that no person sees
        return HttpResponse(status=204, headers=_UNSEEN)
    return HttpResponse(status=302, headers={**_UNSEEN, "Location": iri_to_uri(found.address)})


@csrf_exempt
@login_not_required
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """The picture of one dot, also where nobody knows of what."""
    found = selectors.followed(token) if request.method == "GET" else None
    if found is not None and found.address == "":
        _note(request, found)
    return HttpResponse(_DOT, content_type="image/gif", headers=_UNSEEN)


def _note(request: HttpRequest, found: Followed) -> None:
    if request.method != "GET":
        return
    try:
        services.note_followed(found, agent=request.headers.get("User-Agent", ""))
    except DatabaseError:
        # Whoever clicked wants to arrive; that it is not counted is the lesser harm.
        _log.warning("a click could not be kept", exc_info=True)
