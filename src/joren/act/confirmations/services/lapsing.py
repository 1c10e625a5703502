"""What nobody confirmed in time is taken back, so that a request does not wait for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from joren.act.confirmations import models
from joren.core import clock
from joren.protect.consent import selectors as consents
from joren.protect.consent import services as consenting

_AT_ONCE: Final = 500
_MARGIN: Final = timedelta(hours=25)
"""A mail may leave a day after it was asked for, and its link counts from then."""


def lapse() -> int:
    """End what is older than its link; returns how many requests were taken back."""
    days = consents.choices().confirm_days
    late = clock.now() - timedelta(days=days) - _MARGIN
    rows = models.Mailing.objects.filter(state__in=("open", "held_back"), asked_at__lt=late)
    some = list(rows.order_by("asked_at").values_list("pk", "request")[:_AT_ONCE])
    if not some:
        return 0
    waiting = consents.still_asked([request for _, request in some])
    done = consenting.lapse(list(waiting), days=days)
    lapsed = [pk for pk, request in some if request in waiting]
    answered = [pk for pk, request in some if request not in waiting]
    models.Mailing.objects.filter(pk__in=lapsed).update(state="lapsed")
    models.Mailing.objects.filter(pk__in=answered).update(state="answered")
    return done
