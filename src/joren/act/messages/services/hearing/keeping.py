"""Keep what is told, durably and once, before it is acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from joren.act.messages import models
from joren.act.messages.contracts import LINE, Heard
from joren.core import clock
from joren.plumbing.sealing import seal

KEPT: Final = timedelta(days=400)
_AHEAD: Final = timedelta(minutes=5)


def keep_heard(provider: str, heard: Sequence[Heard]) -> None:
    """However often it is told, it is one row. A moment of the future is taken for now."""
    now = clock.now()
    models.Feedback.objects.bulk_create(
        [
            models.Feedback(
                provider=provider,
                key=one.key[:150],
                kind=one.kind[:20],
                number=seal(one.number) if provider == LINE else one.number[:200],
                reason=one.reason[:20],
                address=one.address.partition("?")[0][:500],
                agent=one.agent[:200],
                at=min(one.at, now + _AHEAD),
                received_at=now,
            )
            for one in heard
        ],
        ignore_conflicts=True,
    )


def sweep_heard() -> int:
    """Forget what was told long ago; what follows of it stays, and what is to follow."""
    old = models.Feedback.objects.filter(received_at__lt=clock.now() - KEPT).exclude(
        state__in=("new", "stranger")
    )
    return old.delete()[0]
