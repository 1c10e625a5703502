"""What waits is put aside while what sends it is paused, and before the gate again after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db.models import F

from joren.act.messages import models
from joren.act.messages.contracts import OPEN
from joren.act.messages.services.gate.ending import end_all, would_wait
from joren.core import clock

_ASIDE: Final = "paused"


def set_aside(errand_ids: Sequence[int]) -> int:
    """Let nothing of these leave, and take from no cap or budget, until somebody says what is to
    become of it; ghosts as those who are treated. In chunks; called again it takes what is left."""
    if not errand_ids:
        return 0
    rows = models.Send.objects.filter(errand_id__in=errand_ids)
    open_ones = rows.filter(state__in=OPEN).exclude(state="deferred", reason=_ASIDE)
    return sum(
        end_all(some, "deferred", _ASIDE, version=None)
        for some in (rows.filter(would_wait()), open_ones)
    )


def take_up(errand_ids: Sequence[int], *, later: timedelta = timedelta(0)) -> int:
    """Ask the gate for what was put aside; its time ends so much later."""
    rows = models.Send.objects.filter(
        errand_id__in=errand_ids, state="deferred", reason=_ASIDE, next_at=None
    )
    return rows.update(next_at=clock.now(), reason="held", expires_at=F("expires_at") + later)
