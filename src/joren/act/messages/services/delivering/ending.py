"""End rows that have not left and will not: they count in no cap, and give their budget back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db import transaction

from joren.act.messages import models
from joren.act.messages.contracts import SendState
from joren.act.messages.services.gate import setting as gate
from joren.core import clock


@transaction.atomic
def end(
    numbers: Sequence[int], state: SendState, reason: str, *, was: SendState, called: str = ""
) -> None:
    """``was`` is their state, ``called`` the channel's number of it.

    In a transaction of its own, for whoever waits for the budget must hold no row: the gate takes
    the budget first.
    """
    gate.hold()
    rows = models.Send.objects.filter(pk__in=list(numbers), state=was)
    used: Counter[int] = Counter()
    costs: Counter[int] = Counter()
    for errand, cost in rows.exclude(counted_at=None).values_list("errand_id", "cost"):
        used[errand] -= 1
        costs[errand] -= cost or 0
    rows.update(
        state=state, reason=reason[:60], next_at=None, claimed_until=None, counted_at=None,
        cost=None, sent_at=None, provider_id=called,
    )  # fmt: skip
    gate.take({errand: (n, costs[errand]) for errand, n in used.items()}, clock.now())
