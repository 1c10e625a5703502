"""Addresses of pages that take one token, for the many messages that carry them."""

from __future__ import annotations

from functools import cache
from typing import Final

from django.conf import settings
from django.urls import reverse

_PLACE: Final = "PLACE"


def address_of(page: str, token: str) -> str:
    """The whole address under which customers reach it. The token is made of letters, digits and
    what an address needs no escape for."""
    before, after = _around(page)
    return f"{settings.JOREN_URL}{before}{token}{after}"


@cache
def _around(page: str) -> tuple[str, str]:
    """What stands before and after the token: asked of Django once."""
    before, _, after = reverse(page, args=[_PLACE]).partition(_PLACE)
    return before, after
