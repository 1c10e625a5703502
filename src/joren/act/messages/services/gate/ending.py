"""End what has not left and will not: it counts in no cap, and gives its budget back."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from joren.accounts.selectors import business
from joren.act.messages import models
from joren.act.messages.contracts import OPEN, SendState
from joren.act.messages.services.gate import setting as known
from joren.core import clock

_LAST = 2**63
_AT_ONCE = 20_000
ASIDE = "paused"
"""Why what was put aside does not leave."""

_NOT_CALLED = ("", "quiet_hours")
"""Why something waits that nobody has tried to send."""


def cancel(
    errand_ids: Sequence[int], customers: Sequence[int] | None, *, reason: str,
    occurrences: Sequence[tuple[int, int]] | None = None,
) -> int:  # fmt: skip
    """Take back what waits or was put off: ``paused``, ``left`` or ``archived``, one of ours.

    Of these customers, and among their rows those whose occurrence is in one of the ranges; ghosts
    as those who are treated. In chunks, each a transaction where the caller holds none; called
    again it takes what is left.
    """
    if not errand_ids:
        return 0
    rows = models.Send.objects.filter(errand_id__in=errand_ids)
    if customers is not None:
        rows = rows.filter(customer_id__in=customers)
    cancelled = 0
    # The ghosts first: where they stand is told by those who are treated.
    for some in (rows.filter(_would_wait()), rows.filter(state__in=OPEN)):
        theirs = some if occurrences is None else _within(some, occurrences)
        if theirs is not None:
            cancelled += end_all(theirs, "suppressed", f"cancelled:{reason}")
    return cancelled


def _would_wait() -> Q:
    """Of a ghost: something waits that was asked for before it, or together with it, and was not
    called yet. The index alone tells."""
    before = models.Send.objects.filter(
        errand_id=OuterRef("errand_id"), state="waiting", reason__in=_NOT_CALLED,
        asked_at__lte=OuterRef("asked_at"),
    )  # fmt: skip
    return Q(Exists(before), state="held_out")


def _within(
    rows: QuerySet[models.Send], occurrences: Sequence[tuple[int, int]]
) -> QuerySet[models.Send] | None:
    """Those whose occurrence is in one of the ranges; None, and so without the lock which everybody
    who sends wants, where there are none."""
    begins = sorted(occurrences)
    keep = [
        pk
        for pk, occurrence in rows.values_list("pk", "occurrence")
        if (place := bisect_right(begins, (occurrence, _LAST)))
        and occurrence < begins[place - 1][1]
    ]
    return rows.filter(pk__in=keep) if keep else None


def end_all(rows: QuerySet[models.Send], state: SendState, reason: str, **more: Any) -> int:
    """End these rows in chunks; returns how many."""
    ended = 0
    while found := end(rows, state, reason, limit=_AT_ONCE, **more):
        ended += found
        if found < _AT_ONCE:
            break
    return ended


def set_aside(errand_ids: Sequence[int]) -> int:
    """Let nothing of these leave, and take from no cap or budget, until somebody says what is to
    become of it; ghosts as those who are treated. In chunks; called again it takes what is left."""
    if not errand_ids:
        return 0
    not_yet_aside = Q(state__in=OPEN) & ~Q(state="deferred", reason=ASIDE)
    return _put_off(errand_ids, not_yet_aside, ASIDE)


def expire(limit: int = 20_000) -> int:
    """End what passed and has waited to leave beyond its time."""
    late = models.Send.objects.filter(
        state="waiting", expires_at__lte=clock.now(), next_at__isnull=False
    )
    # Asked first without the lock, which everybody who sends wants.
    return end(late, "expired", "queue", limit=limit) if late.exists() else 0


def ask_anew(errand_ids: Sequence[int]) -> int:
    """Put what waits of these before the gate again; until then it takes from no cap or budget.
    Ghosts as those who are treated."""
    return _put_off(errand_ids, Q(state="waiting"), "held", next_at=clock.now())


def _put_off(errand_ids: Sequence[int], which: Q, reason: str, **more: Any) -> int:
    """Until the gate is asked again, nothing passed with a version. The ghosts first: where they
    stand is told by those who are treated."""
    rows = models.Send.objects.filter(errand_id__in=errand_ids)
    return sum(
        end_all(rows.filter(some), "deferred", reason, version=None, **more)
        for some in (_would_wait(), which)
    )


@transaction.atomic
def end(
    rows: QuerySet[models.Send],
    state: SendState,
    reason: str,
    *,
    limit: int | None = None,
    **more: Any,
) -> int:
    """End these rows; what had passed no longer counts, and its budget is there again.

    In a transaction of its own where the caller holds rows: whoever waits for the budget must hold
    none, for the gate takes the budget first.
    """
    known.hold()
    found = list(
        rows.select_for_update()
        .order_by("pk")
        .values_list("pk", "counted_at", "errand_id", "cost")[:limit]
    )
    back: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    here = business().time_zone
    for _, counted_at, errand, cost in found:
        if counted_at is not None:
            rooms = back[known.month_of(counted_at, here)]
            messages, money = rooms.get(errand, (0, 0))
            rooms[errand] = messages - 1, money - (cost or 0)
    numbers = [pk for pk, *_ in found]
    for start in range(0, len(numbers), 500):
        models.Send.objects.filter(pk__in=numbers[start : start + 500]).update(
            **{
                "state": state, "reason": reason[:60], "next_at": None, "claimed_until": None,
                "counted_at": None, "cost": None, **more,
            }
        )  # fmt: skip
    for month, rooms in back.items():  # it was of that month's budget, and is there again
        known.take(rooms, month)
    return len(found)
