"""The step of a refresh that draws the journey map: counted in sets, told by science."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir
from pydantic import TypeAdapter

from joren.collect.customers.contracts import TRAITS
from joren.understand.ltv.services import Refresh
from joren.understand.paths import selectors
from joren.understand.paths.contracts import (
    LEADS,
    MONTHS,
    NOWS,
    PLACES,
    SOURCES,
    WAYS,
    JourneyMap,
    PathGroup,
    PathLead,
    PathNow,
    PathPlace,
    PathWay,
    Way,
)
from joren.understand.paths.rules import days, telling
from joren.understand.ranks import selectors as ranks
from joren.understand.ranks.contracts import CUSTOMER_RANKS

_documents = TypeAdapter(JourneyMap)


def map_journeys(refresh: Refresh, ranked: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The room's documents; traits and ranks of the snapshot must be written already.

    ``ranked`` is the document of the ranks, which says what makes a VIP.
    """
    house, holding = refresh.warehouse, refresh.holding
    active_days = ranks.rank_rules().active_days
    traits = house.snapshots.table(refresh.snapshot_id, TRAITS)
    vip_from = ranks.vip_bounds_in(ranked).enter if ranked else None
    bought = _bought(refresh, active_days, vip_from)
    found = holding.hold(days.people(traits, holding.hold(bought), _heard(refresh), refresh.as_of))
    signed_up = holding.hold(days.entered(found, "signup_f1", refresh.as_of))
    (reached,) = house.engine.rows(days.reached(found, refresh.as_of))
    standing = house.engine.rows(days.standing(found, refresh.as_of, active_days))
    now: Mapping[str, int] = _summed(standing, "now")
    far: Mapping[str, int] = _summed(standing, "lead")
    drawn = JourneyMap(
        as_of=refresh.as_of,
        active_days=active_days,
        events=refresh.events is not None,
        places=tuple(PathPlace(place, reached[place]) for place in PLACES),
        nows=tuple(PathNow(one, now.get(one, 0)) for one in NOWS),
        ways=tuple(_way(refresh, found, way) for way in WAYS),
        leads=tuple(PathLead(one, far.get(one, 0)) for one in LEADS),
        months=_groups(refresh, days.month_of_signup(signed_up, refresh.as_of, MONTHS)),
        sources=_groups(refresh, days.by_source(signed_up, SOURCES)),
        vip_from=vip_from,
        currency=refresh.currency,
    )
    return {selectors.REPORT: _documents.dump_python(drawn, mode="json")}


def _bought(refresh: Refresh, active_days: int, vip_from: int | None) -> ir.Table:
    bought = days.purchased(refresh.visits, refresh.as_of, active_days)
    if vip_from is None:
        return days.with_vips(bought, None, None)
    became = refresh.holding.hold(days.became_vip(refresh.visits, vip_from))
    standing = refresh.warehouse.snapshots.table(refresh.snapshot_id, CUSTOMER_RANKS)
    return days.with_vips(bought, became, standing)


def _heard(refresh: Refresh) -> ir.Table | None:
    if refresh.events is None:
        return None
    return refresh.holding.hold(days.heard(refresh.events, refresh.person_of, refresh.as_of))


def _way(refresh: Refresh, people: ir.Table, way: Way) -> PathWay:
    rows = refresh.warehouse.engine.rows
    entered = days.entered(people, way, refresh.as_of)
    # Of no rows at all Spark counts null.
    (before,) = rows(entered.agg(n=entered.count(where=entered.before).fill_null(0)))
    counted = rows(days.by_days(entered).order_by("days"))
    return PathWay(
        way, before["n"], telling.told(counted, refresh.as_of_text), telling.steps(counted)
    )


def _groups(refresh: Refresh, entered: ir.Table) -> tuple[PathGroup, ...]:
    rows = refresh.warehouse.engine.rows(days.by_days(entered, "name").order_by("name", "days"))
    parts: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        parts[row["name"]].append(row)
    return tuple(
        PathGroup(name, telling.told(part, refresh.as_of_text)) for name, part in parts.items()
    )


def _summed(rows: list[dict[str, Any]], key: str) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        found[row[key]] += row["people"]
    return found
