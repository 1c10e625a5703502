"""Who of an audience comes next, and what the gate is asked for them: best first, each with the
message that they get, at the moment that suits them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.db import connection

from joren.accounts.selectors import business
from joren.act.campaigns import rules, selectors
from joren.act.campaigns.contracts import SOURCE, Campaign
from joren.act.messages import selectors as messages
from joren.act.messages import services as sending
from joren.act.messages.contracts import Asked, Passed
from joren.core import clock
from joren.core.ids import SnapshotId
from joren.decide.holdouts.contracts import Holdout
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv.contracts import CUSTOMER_VALUES

Part = tuple[int, Asked]
"""Of which variant, and for whom it is asked."""

_JUST_PASSED: Final = timedelta(hours=1)
"""The rest of a test begins some minutes after the hour: then nobody waits for another day."""


def worth_of(
    customers: ir.Table, snapshot: int, below: int | None, after: int, limit: int
) -> pa.Table:
    """(customer_id, held_out, worth) of the next ones, those with most to expect first; of those
    that are worth the same, by number. ``below`` is what the last one before them was worth."""
    house = warehouse()
    if "held_out" not in customers.columns:
        customers = customers.mutate(held_out=False)
    known = house.snapshots.table(SnapshotId(snapshot), CUSTOMER_VALUES)
    both = customers.left_join(known.select("customer_id", "revenue_365d"), "customer_id")
    worth = both.revenue_365d.fill_null(0.0).round().cast("int64")
    told = both.select("customer_id", "held_out", worth=worth)
    if below is not None:
        same = (told.worth == below) & (told.customer_id > after)
        told = told.filter((told.worth < below) | same)
    ordered = told.order_by([ibis.desc("worth"), "customer_id"])
    return house.engine.arrow(ordered.limit(limit))


def asks(
    one: Campaign, salt: str, some: pa.Table, lot: Holdout | None, begun: datetime
) -> list[Part]:
    """What is asked for these, each with the message that they get, at the moment that suits
    them."""
    weights = [each.weight for each in one.plan.variants]
    if one.winner:
        weights = [int(place == one.winner) for place in range(1, len(weights) + 1)]
    customers = some["customer_id"].to_pylist()
    chosen = rules.variants_of(customers, weights, salt)
    timed = some.append_column("wanted_at", pa.array(_moments(one, salt, customers, begun)))
    ends = begun + timedelta(hours=one.plan.expires_hours)
    asked = []
    for place in range(len(one.plan.variants)):
        theirs = timed.filter(pa.array([which == place for which in chosen], pa.bool_()))
        asked.append((place, _rows(theirs, one.id, ends, lot.lot if lot else None)))
    return asked


def ask(one: Campaign, asked: Sequence[Part]) -> Passed:
    """For all messages at once, so that none of them is short of room before another."""
    each = []
    for place, rows in asked:
        template = one.plan.variants[place].template
        number = sending.errand(
            SOURCE, one.id, f"{place + 1}", template,
            most=one.plan.most, most_cost=one.plan.most_cost,
        )  # fmt: skip
        each.append((number, rows))
    return sending.ask_together(each)


def _moments(one: Campaign, salt: str, customers: Sequence[int], begun: datetime) -> list[datetime]:
    """When each gets it: at once, when their own clock shows the time that the plan says, or at the
    next hour of their own. That time counts where work begins late, or with the rest of a test,
    for which it is the next one; where it passed while work was late, it is at once. Of whom no
    zone is known it is the shop's clock; where nothing is known of anybody, it is at once."""
    if not customers or not (one.plan.own_hour or one.plan.their_clock):
        return [begun] * len(customers)
    home, zones = business().time_zone, messages.zones_of(customers)
    where = [zones.get(each, home) for each in customers]
    hours = selectors.hours_of(customers) if one.plan.own_hour else None
    at_once = [begun] * len(customers)
    if one.plan.their_clock:
        planned = one.plan.send_at or begun
        shows = planned.astimezone(clock.zone(home)).time()
        since = planned if one.rest_begun_at is None else begun - _JUST_PASSED
        there = {
            zone: max(begun, rules.next_at(shows, since, clock.zone(zone))) for zone in {*where}
        }
        at_once = [there[zone] for zone in where]
    if hours is None:
        return at_once
    nexts = {
        (hour, zone): rules.next_at(time(hour), begun, clock.zone(zone))
        for hour, zone in {*zip(hours, where, strict=True)}
    }
    usual = rules.at_usual_hour(customers, one.plan.usual_part, salt)
    return [
        now if is_usual else nexts[hour, zone]
        for hour, zone, now, is_usual in zip(hours, where, at_once, usual, strict=True)
    ]


def _rows(some: pa.Table, occurrence: int, ends: datetime, lot: int | None) -> Asked:
    columns: Mapping[str, Sequence[Any]] = some.to_pydict()
    held = [lot if out else None for out in columns["held_out"]]
    adapted = connection.ops.adapt_datetimefield_value
    wanted, expires = [adapted(one) for one in columns["wanted_at"]], adapted(ends)
    given = [columns["customer_id"], columns["worth"], held, wanted]
    if connection.vendor == "postgresql":
        query = """
            SELECT g.customer_id, %s::bigint AS occurrence, g.wanted_at,
                %s::timestamptz AS expires_at, g.worth, g.lot
            FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[])
                AS g(customer_id, worth, lot, wanted_at)
        """
        return Asked(query, [occurrence, expires, *given])
    query = """
        SELECT value ->> 0 AS customer_id, %s AS occurrence, value ->> 3 AS wanted_at,
            %s AS expires_at, value ->> 1 AS worth, value ->> 2 AS lot
        FROM json_each(%s)
    """
    return Asked(query, [occurrence, expires, json.dumps([*zip(*given, strict=True)])])
