"""At which hours of their own clock people order and follow links: the hour that suits each.

Of whom no zone is known, and of the whole shop, it is the shop's clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joren.accounts.selectors import business
from joren.act.messages import selectors as messages
from joren.act.messages.contracts import Quiet
from joren.collect.customers import selectors as people
from joren.collect.inbox.contracts import EVENTS
from joren.collect.orders import selectors as facts
from joren.collect.orders.contracts import LOST_STATUSES
from joren.core import clock
from joren.plumbing.warehouse import warehouse
from joren.science.arrays import Floats
from joren.science.hours import HOURS, best_hours

_DAYS: Final = 365
_FOLLOWED: Final = ("Email Link Clicked", "Message Link Clicked")


def hours_of(customers: Sequence[int]) -> list[int] | None:
    """The hour of each on their own clock, outside the quiet hours; None where nothing is known of
    anybody."""
    everybody = _everybody()
    if not everybody.any():
        return None
    found = best_hours(_of_these(customers), everybody, _awake(messages.policy().quiet))
    return [int(hour) for hour in found]


def _awake(quiet: Quiet | None) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Hours of a clock that begin outside the quiet time; quiet hours are those of each."""
    if quiet is None or quiet.since == quiet.until:
        return np.ones(HOURS, np.bool_)
    begins = np.arange(HOURS) * 60
    since, until = (one.hour * 60 + one.minute for one in (quiet.since, quiet.until))
    if since < until:
        return (begins < since) | (begins >= until)
    return (begins < since) & (begins >= until)


def _everybody() -> Floats:
    house = warehouse()
    done = _done()
    counted = house.engine.arrow(done.group_by(hour=done.moment.truncate("h")).agg(n=done.count()))
    found = np.bincount(_local(counted["hour"]), counted["n"].to_numpy(), HOURS)
    return found.astype(np.float64)


def _of_these(customers: Sequence[int]) -> Floats:
    """A row of counts by hour for each."""
    house = warehouse()
    numbers = pa.array(customers, pa.int64())
    whose = people.person_of(house)
    theirs = whose.filter(pc.is_in(whose["customer_id"], value_set=numbers))
    found = np.zeros((len(customers), HOURS))
    with house.engine.session() as holding:
        done = _done().inner_join(holding.take(theirs), "identity_id")
        each = done.group_by("customer_id", hour=done.moment.truncate("h")).agg(n=done.count())
        counted = house.engine.arrow(each)
    places = pc.index_in(counted["customer_id"], value_set=numbers).to_numpy()
    np.add.at(found, (places, _own(counted)), counted["n"].to_numpy())
    return found


def _own(counted: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The hour that the clock of each row's customer shows."""
    shown = _local(counted["hour"])
    zones = messages.zones_of(pc.unique(counted["customer_id"]).to_pylist())
    for zone in sorted({*zones.values()}):
        theirs = pa.array([one for one, where in zones.items() if where == zone], pa.int64())
        here = pc.is_in(counted["customer_id"], value_set=theirs)
        rows = here.to_numpy(zero_copy_only=False)
        shown[rows] = _local(counted["hour"].filter(here), zone)
    return shown


def _done() -> ir.Table:
    """(identity_id, moment) of orders and of links followed in the last year. A moment on the full
    minute and hour is that of a log which knows the day alone."""
    house, since = warehouse(), clock.now() - timedelta(_DAYS)
    orders, events = facts.orders(house), house.facts(EVENTS)
    kept = orders.filter(orders.status.isnull() | ~orders.status.isin(LOST_STATUSES))
    bought = kept.select("identity_id", moment=kept.ordered_at)
    followed = events.filter(events.name.isin(_FOLLOWED) & events.identity_id.notnull())
    every = bought.union(followed.select("identity_id", moment=followed.occurred_at))
    told = (every.moment.minute() != 0) | (every.moment.second() != 0)
    return every.filter((every.moment >= since) & told)


def _local(hours: pa.ChunkedArray, zone: str = "") -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The hour that a clock there shows, or the shop's."""
    where = zone or business().time_zone
    zoned = hours.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us", where))
    found: np.ndarray[tuple[int], np.dtype[np.int64]] = pc.hour(zoned).to_numpy()
    return found.copy()
