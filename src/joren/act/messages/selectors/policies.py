"""What the shop decided about how much it writes, what is used of it, and what another would do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from joren.accounts.selectors import business
from joren.act.messages import models
from joren.act.messages.contracts import (
    LONGEST_WINDOW,
    TRANSACTIONAL,
    MonthSpent,
    Policy,
    PolicyChange,
    PolicyPreview,
)
from joren.act.messages.rules.nights import awake
from joren.act.messages.rules.policies import as_meant
from joren.act.messages.rules.replaying import Wanted, replayed
from joren.act.messages.selectors.clocks import every_zone, home_zone, places_of, zones_of
from joren.core import clock
from joren.plumbing.bulk import columns_of

REPLAYED: Final = 28
"""Days."""

_COLUMNS: Final = ("errand_id", "customer_id", "asked_at", "expires_at", "lot")


def policy() -> Policy:
    """As it is now; ours until somebody changes it."""
    row = models.PolicyVersion.objects.order_by("-number").first()
    return Policy() if row is None else as_meant(row.said, row.number)


def policy_changes(limit: int = 50) -> list[PolicyChange]:
    """Every policy that somebody decided, the newest first."""
    rows = models.PolicyVersion.objects.order_by("-number")[:limit]
    return [
        PolicyChange(as_meant(row.said, row.number), row.changed_at, row.changed_by) for row in rows
    ]


def month_spent() -> MonthSpent:
    """What was let through this month."""
    month = f"{clock.shop_day(clock.now(), business().time_zone):%Y-%m}"
    row = models.Budget.objects.filter(scope=month).first()
    return MonthSpent(month, row.used if row else 0, row.used_cost if row else 0)


def mornings(customers: Sequence[int], now: datetime) -> dict[int, datetime]:
    """When their quiet hours end, of those who have some at this moment."""
    quiet = policy().quiet
    if quiet is None:
        return {}
    here = awake(quiet, clock.zone(home_zone()), now)
    zones = zones_of(customers)
    there = {zone: awake(quiet, clock.zone(zone), now) for zone in set(zones.values())}
    ends = {who: there[zone] for who, zone in zones.items()}
    found = {who: ends.get(who, here) for who in customers}
    return {who: end for who, end in found.items() if end > now}


def asleep(asked: Sequence[tuple[int, datetime]]) -> set[int]:
    """Of pairs of a customer and a moment the places of those at which they would be asleep."""
    quiet = policy().quiet
    if quiet is None:
        return set()
    zones, home = zones_of([customer for customer, _ in asked]), home_zone()
    there = [(clock.zone(zones.get(customer, home)), at) for customer, at in asked]
    return {place for place, (zone, at) in enumerate(there) if awake(quiet, zone, at) > at}


def what_it_would_do(policy_then: Policy, *, days: int = REPLAYED) -> PolicyPreview:
    """The messages of the last days, under the policy of now and under that one.

    Whoever was merged since counts as two. Their ledger is read once, in columns.
    """
    now = clock.now()
    since = now - timedelta(days)
    home = home_zone()
    errands = {
        pk: (channel, kind)
        for pk, channel, kind in models.Errand.objects.values_list("pk", "channel", "kind")
        if kind != TRANSACTIONAL
    }
    ways = sorted(set(errands.values()))
    zones = [home, *(one for one in every_zone() if one != home)]
    rows = _asked_since(since - timedelta(LONGEST_WINDOW), list(errands))
    wanted = _wanted(rows, {pk: ways.index(way) for pk, way in errands.items()}, zones)
    then, so_far = (
        replayed(wanted, one, ways=ways, zones=zones, home=home, since=since)
        for one in (policy_then, policy())
    )
    return PolicyPreview(days, so_far, then)


def _asked_since(since: datetime, errands: list[int]) -> pa.Table:
    """Rows that caps, nights and budgets decide about: not those that nobody may get at all."""
    begin = f"'{since.astimezone(UTC).replace(tzinfo=None, microsecond=0)}"
    begin += "+00'" if connection.vendor == "postgresql" else "'"
    where = (
        f"asked_at >= {begin} AND state <> 'suppressed'"
        " AND NOT (state = 'expired' AND reason = 'late')"
    )
    parts = list(columns_of(models.Send, _COLUMNS, where=where))
    if not parts:
        return None
    table = pa.concat_tables(parts)
    return table.filter(pc.is_in(table["errand_id"], value_set=pa.array(errands, pa.int64())))


def _wanted(rows: pa.Table, way: dict[int, int], zones: list[str]) -> Wanted:
    if rows is None or not rows.num_rows:
        none = np.zeros(0, np.int64)
        return Wanted(none, none.astype(float), none.astype(float), none, none, none.astype(bool))
    person = rows["customer_id"].to_numpy()
    errand, place = np.unique(rows["errand_id"].to_numpy(), return_inverse=True)
    return Wanted(
        person=person,
        at=_seconds(rows["asked_at"]),
        expires=np.nan_to_num(_seconds(rows["expires_at"]), nan=np.inf, posinf=np.inf),
        way=np.array([way[int(one)] for one in errand], np.int64)[place],
        zone=places_of(person, zones),
        ghost=pc.is_valid(rows["lot"]).to_numpy(zero_copy_only=False),
    )


def _seconds(moments: pa.ChunkedArray) -> np.typing.NDArray[np.float64]:
    whole = pc.cast(pc.cast(moments, pa.int64()), pa.float64())
    seconds: np.typing.NDArray[np.float64] = pc.divide(whole, 1e6).to_numpy()
    return seconds
