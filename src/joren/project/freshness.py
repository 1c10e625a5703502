"""How fresh the data is that a page stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from joren.collect.orders import selectors as facts
from joren.collect.orders.contracts import ORDERS, SUPERSEDED
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Warehouse


@dataclass(frozen=True)
class Freshness:
    """The last day with an order, and when the insights were last rebuilt; None means never."""

    last_order: date | None
    refreshed_at: datetime | None
    as_of: date | None


def freshness() -> Freshness | None:
    """None as long as nothing has been imported."""
    house = warehouse()
    if house.lake.version(ORDERS) < 0:
        return None
    latest = house.snapshots.latest()
    return Freshness(
        _last_order(house, house.lake.files(ORDERS), house.lake.files(SUPERSEDED)),
        latest.built_at if latest else None,
        latest.as_of if latest else None,
    )


@lru_cache(maxsize=4)
def _last_order(house: Warehouse, *_files: tuple[str, ...]) -> date | None:
    # Asked by every page, and the same until the next import. A number of a version would not do:
    # after a restore it may name another one.
    orders = facts.orders(house)
    found: date | None = house.engine.rows(orders.aggregate(last=orders.ordered_on.max()))[0][
        "last"
    ]
    return found
