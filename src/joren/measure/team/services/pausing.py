"""Tell nobody anything for a while, and afterwards all that waited at once or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import transaction

from joren.accounts.selectors import business
from joren.act.deliveries import selectors as deliveries
from joren.act.deliveries import services as telling
from joren.act.deliveries.contracts import Pause
from joren.core import clock
from joren.measure.team import models, selectors

BY_ITSELF = "joren"


def pause_notices(why: str, *, until: date | None = None, then: str = "digest", by: str) -> Pause:
    """Neither mails nor chat rooms tell anybody anything; what there is to tell is kept."""
    made = telling.pause(why, until=until, then=then, by=by)
    return replace(made, mails=selectors.mails_waiting())


@transaction.atomic
def resume_notices(pending: str, *, by: str) -> Pause:
    """Tell people again: what waited as one mail and one message to each, or not at all."""
    waiting = models.NoticeMail.objects.filter(state="waiting")
    ended = telling.end_pause(pending, mails=waiting.count(), by=by)
    if pending == "digest":
        waiting.update(together=True, next_at=clock.now(), attempts=0)
    else:
        waiting.update(state="dropped")
    return ended


def end_pause_due() -> bool:
    """A pause whose last day is over ends as it was said when it began."""
    one = next((each for each in deliveries.pauses(1) if each.ended_at is None), None)
    if one is None or one.until is None:
        return False
    if clock.shop_day(clock.now(), business().time_zone) <= one.until:
        return False
    resume_notices(one.then, by=BY_ITSELF)
    return True
