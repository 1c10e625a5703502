"""What was put aside while what sends it was paused is put before the gate again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import F

from joren.act.messages import models
from joren.act.messages.services.gate.ending import ASIDE
from joren.core import clock


def take_up(errand_ids: Sequence[int], *, later: timedelta = timedelta(0)) -> int:
    """Ask the gate for what was put aside; its time ends so much later."""
    rows = models.Send.objects.filter(
        errand_id__in=errand_ids, state="deferred", reason=ASIDE, next_at=None
    )
    return rows.update(next_at=clock.now(), reason="held", expires_at=F("expires_at") + later)
