"""What is followed, whom one may follow, and where a link of ours leads."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import connection

from joren.act.messages import models
from joren.act.messages.contracts import Followed, Tracking
from joren.act.messages.rules import tracking as rules
from joren.plumbing.bulk import given
from joren.protect.consent.selectors import standing_sql

_REFUSED = """
    WITH RECURSIVE {standing} SELECT customer_id FROM standing WHERE state = 'refused'
"""


def tracking() -> Tracking:
    """As the shop decided; ours until it does."""
    row = models.Tracking.objects.filter(pk=1).first()
    return Tracking() if row is None else Tracking(tuple(row.clicks), tuple(row.opens))


def refused_tracking(customers: Sequence[int]) -> set[int]:
    """Who of them said that nobody is to look at what they do."""
    query, value = given(sorted(set(customers)))
    wanted = f"SELECT g.value, CAST('web' AS text), CAST('analytics' AS text) FROM ({query}) AS g"
    if connection.vendor == "postgresql":
        wanted = wanted.replace("AS g", "AS g(value)")
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED.format(standing=standing_sql(wanted)), [value])
        return {int(number) for (number,) in cursor.fetchall()}


def followed(token: str) -> Followed | None:
    """What that address of ours stands for; None where it is none of ours."""
    found = rules.read([key_of(one) for one in secrets()], token)
    if found is None:
        return None
    send, place = found
    if place in (rules.HIDDEN_PLACE, rules.PIXEL_PLACE):
        return Followed(send, None if place == rules.HIDDEN_PLACE else "")
    row = models.TrackedLink.objects.filter(pk=int(place, 36)).first()
    return Followed(send, row.address) if row else None


def key_of(secret: str) -> bytes:
    """What links are signed with, of the installation's secret."""
    return b"joren.followed\0" + secret.encode()


def secrets() -> list[str]:
    """The installation's secret, and those that it had before."""
    return [str(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
