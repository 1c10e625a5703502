"""Whom a date, a schedule or a segment is about: asked of the newest figures, in sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np

from joren.act.journeys.contracts import Every, OnDate
from joren.act.journeys.rules import shifted_birthdays
from joren.collect.customers.contracts import TRAITS
from joren.decide.segments import selectors as segments
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv.contracts import CUSTOMER_VALUES


def due_on(trigger: OnDate | Every, day: date) -> list[int]:
    """Everybody whose date it is that day, or who belongs to the segment of the schedule."""
    if isinstance(trigger, Every):
        asked = segments.segment(trigger.segment)
        return _ids(segments.members_table(segments.rule_of(asked)))
    found = _reaching(trigger, day)
    return [] if found is None else _ids(found)


def _reaching(trigger: OnDate, day: date) -> ir.Table | None:
    """(customer_id) of whose date it is; None before there are figures."""
    house = warehouse()
    newest = house.snapshots.latest()
    if newest is None:
        return None
    if trigger.date == "birthday":
        people = house.snapshots.table(newest.id, TRAITS)
        theirs = people.birth_day.isin(shifted_birthdays(trigger.days, day))
        return people.filter(theirs).select("customer_id")
    values = house.snapshots.table(newest.id, CUSTOMER_VALUES)
    return values.filter(_date(values, trigger) == ibis.literal(day)).select("customer_id")


def _date(values: ir.Table, trigger: OnDate) -> ir.Value:
    """The day on which it is due; of who bought on one day alone no next order is expected."""
    shift = ibis.interval(days=1) * trigger.days
    if trigger.date == "first_order":
        return (values.first_on.cast("timestamp") + shift).cast("date")
    if trigger.date == "last_order":
        return (values.last_on.cast("timestamp") + shift).cast("date")
    usual = (values.recency / values.frequency.nullif(0)).round().cast("int64")
    expected = values.last_on.cast("timestamp") + usual.as_interval("D")
    return (expected + shift).cast("date")


def _ids(table: ir.Table) -> list[int]:
    found = warehouse().engine.arrow(table.select("customer_id"))["customer_id"].to_numpy()
    return [int(one) for one in np.sort(found)]


def belonging(segment: int, customers: Sequence[int]) -> list[int]:
    """Those among the customers who belong to a segment that is followed live."""
    known, moves = segments.standing(segment, np.array(customers, dtype=np.int64))
    there = set(known[moves % 2 == 1].tolist())
    return [one for one in customers if one in there]


def members_among(segment: int, customers: Sequence[int]) -> list[int]:
    """Those among the customers who belong to a segment by the newest figures. The segment is asked
    once of the same figures, whoever is looked at; one that cannot be asked is ``RuleFails``."""
    found = segments.ids_of(segments.rule_of(segments.segment(segment)))
    return [int(one) for one in np.intersect1d(np.array(customers, dtype=np.int64), found)]


def worth_of(customers: Sequence[int]) -> dict[int, int]:
    """What each is expected to bring in a year, by the newest figures, in minor units; whoever is
    not there brings nothing yet. Who is worth most goes first where there is too little room."""
    house = warehouse()
    newest = house.snapshots.latest()
    if newest is None or not customers:
        return {}

    def values() -> ir.Table:
        known = house.snapshots.table(newest.id, CUSTOMER_VALUES)
        theirs = known.semi_join(house.questions.given("customer_id"), "customer_id")
        worth = theirs.revenue_365d.round().cast("int64")
        return theirs.filter(worth > 0).select("customer_id", worth=worth)

    rows = house.questions.rows(
        ("worth_of", newest.id), values, customer_id=[int(one) for one in customers]
    )
    return {row["customer_id"]: row["worth"] for row in rows}
