"""Who got how much, from the ledger as it is now."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from joren.act.messages import selectors as messages
from joren.act.messages.contracts import TRANSACTIONAL
from joren.act.pressure import models, rules
from joren.act.pressure.contracts import USUAL_WEIGHTS, WINDOWS, Pressure, Spread
from joren.collect.customers.contracts import TRAITS
from joren.core import clock
from joren.plumbing.warehouse import warehouse

_DAY = 86_400


def weights() -> Mapping[str, float]:
    """What a message counts by its content; ours until somebody changes it."""
    row = models.Weights.objects.first()
    return {**USUAL_WEIGHTS, **(row.said if row else {})}


def pressure_of(customer: int) -> tuple[Pressure, ...]:
    """What one person got in each window, also under numbers they had before."""
    now, weighs, caps = clock.now(), weights(), messages.policy().caps
    got = [
        ((now - one.asked_at).total_seconds() / _DAY, weighs.get(one.kind, 0.0))
        for one in messages.of_customer(customer, limit=1_000)
        if one.state == "sent" and one.kind != TRANSACTIONAL
    ]
    return tuple(
        Pressure(
            days,
            sum(ago < days for ago, _ in got),
            sum(weight for ago, weight in got if ago < days),
            rules.allowed(caps, days),
        )
        for days in WINDOWS
    )


def spread(days: int) -> Spread:
    """How the pressure of the last days lies over everybody whom the newest figures know."""
    left = messages.left_to_people(max(WINDOWS))
    who, sums, counts = rules.weighed(left.customers, left.kinds, left.days_ago, weights())
    place = WINDOWS.index(days)
    most = rules.allowed(messages.policy().caps, days)
    reached = counts[:, place] > 0
    everybody = max(_everybody(), len(who))
    shares = sums[reached, place] / most if most else np.zeros(0)
    return Spread(
        days=days,
        allowed=most,
        everybody=everybody,
        reached=int(reached.sum()),
        over=int((shares > 1).sum()),
        median=float(np.median(shares)) if len(shares) else None,
        bands=rules.bands(shares, everybody) if most else (),
    )


def _everybody() -> int:
    house = warehouse()
    snapshot = house.snapshots.latest()
    if snapshot is None:
        return 0
    table = house.snapshots.table(snapshot.id, TRAITS)
    (row,) = house.engine.rows(table.agg(n=table.count()))
    return int(row["n"])
