"""One signed request to an address of the settings, guarded and signed as deliveries are."""

from __future__ import annotations

from django.conf import settings

from joren.act.deliveries.contracts import Answer
from joren.act.deliveries.rules import addresses, saying
from joren.act.deliveries.services.posting import post
from joren.core import clock


def ask(url: str, *, number: str, body: str, secret: str) -> Answer:
    """Tell that address this once (Standard Webhooks); it knows a repeat by ``number``.

    An answer with the code 0 was never heard. Raises what says why the address cannot be told.
    """
    place = addresses.place_of(url, settings.JOREN_WEBHOOK_HOSTS)
    headers = saying.headers_of(number, body, secrets=[secret], at=clock.now())
    return post(place, body.encode(), headers)
