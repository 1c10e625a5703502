"""A mail brings styles of its own and anybody's words: it is shown in a frame that may do nothing.

The frame's document comes by an address of its own, because one written into the page would have to
keep to the page's policy, which allows no style but ours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, ParamSpec

from csp.constants import SELF
from csp.decorators import csp_update
from django.core import signing
from django.http import HttpResponse, HttpResponseBase

_POLICY: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; "
    "frame-ancestors 'self'; form-action 'none'; base-uri 'none'"
)
_SALT: Final = "joren.messages.preview"
_SECONDS: Final = 3_600

P = ParamSpec("P")
View = Callable[P, HttpResponseBase]


def with_frame(view: View[P]) -> View[P]:
    """For the pages that hold such a frame."""
    framed: View[P] = csp_update({"frame-src": [SELF]})(view)
    return framed


def mail(document: str) -> HttpResponse:
    """The document as the frame gets it: no script, no form, no way to the page around it."""
    answer = HttpResponse(document)
    answer["Content-Security-Policy"] = _POLICY
    answer["X-Frame-Options"] = "SAMEORIGIN"
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def sealed(document: str) -> str:
    """The document for the form that brings it to the frame; nobody else can write such a one."""
    return signing.dumps(document, salt=_SALT, compress=True)


def opened(text: str) -> str:
    """The document again; nothing where it is not ours, or of yesterday."""
    try:
        document: str = signing.loads(text, salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        return ""
    return document
