"""What a rehearsal asks of the facts: columns of some of the customers, a part at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from joren.act.journeys.contracts import CARRIED, ORDER, Every, OnDate
from joren.act.journeys.rules import falls_on, local_moment, shifted_birthdays
from joren.act.journeys.rules.rehearsing import Arrivals, Happened
from joren.collect.customers import selectors as people
from joren.collect.inbox.contracts import EVENTS
from joren.collect.orders import selectors as facts
from joren.collect.orders.contracts import LOST_STATUSES, ORDERS
from joren.core.clock import zone
from joren.decide.segments import selectors as segments
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Holding, Warehouse

_OF_EVENTS: Final = (
    "product_id", "sku", "category", "order_number", "currency", "value", "quantity", "path",
    "campaign_source", "campaign_medium", "campaign_name",
)  # fmt: skip


@dataclass(frozen=True)
class Past:
    """The time that is looked at, and the part of the customers: those whose number leaves
    ``part`` when it is divided by ``parts``."""

    since: datetime
    until: datetime
    zone: str
    house: Warehouse
    holding: Holding
    whose: ir.Table  # identity_id, customer_id
    parts: int = 1
    part: int = 0

    @property
    def first_day(self) -> date:
        return self.since.astimezone(zone(self.zone)).date()

    @property
    def last_day(self) -> date:
        return self.until.astimezone(zone(self.zone)).date()

    @property
    def days(self) -> list[date]:
        long = (self.last_day - self.first_day).days + 1
        return [self.first_day + timedelta(n) for n in range(long)]


def kept_of(name: str, wanted: Sequence[str]) -> frozenset[str]:
    """Which of these properties facts of that name carry."""
    return frozenset(wanted) & frozenset(CARRIED) if name == ORDER else frozenset(wanted)


def events(past: Past, name: str, wanted: Sequence[str]) -> ir.Table | None:
    """(customer_id, at, properties) of all that has this name; None where nothing ever had."""
    if name == ORDER:
        return _orders(past, wanted)
    if not past.house.lake.files(EVENTS):
        return None
    every = past.house.facts(EVENTS)
    here = every.filter(
        every.name == name,
        every.occurred_on >= past.first_day, every.occurred_on <= past.last_day,
        every.identity_id.notnull(),
    )  # fmt: skip
    columns = {one: _carried(here, one) for one in wanted}
    told = here.select("identity_id", at=here.occurred_at.epoch_seconds(), **columns)
    return _theirs(past, told.inner_join(past.whose, "identity_id"), wanted)


def moves_since(segment: int) -> date | None:
    """The first day of which it is known who moved; None: of no day."""
    every = segments.moves_table(segment)
    (found,) = warehouse().engine.rows(every.agg(day=every.moved_on.min()))
    day: date | None = found["day"]
    return day


def _orders(past: Past, wanted: Sequence[str]) -> ir.Table | None:
    if not past.house.lake.files(ORDERS):
        return None
    every = facts.orders(past.house)
    here = every.filter(
        every.ordered_on >= past.first_day, every.ordered_on <= past.last_day,
        every.status.isnull() | ~every.status.isin(LOST_STATUSES),
        ~every.free.fill_null(False),
    )  # fmt: skip
    moment = here.ordered_at.coalesce(here.ordered_on.cast("timestamp('UTC', 6)"))
    columns = {one: here[CARRIED[one]].cast("string") for one in wanted if one in CARRIED}
    told = here.select("identity_id", at=moment.epoch_seconds(), **columns)
    return _theirs(past, told.inner_join(past.whose, "identity_id"), list(columns))


def _carried(rows: ir.Table, name: str) -> Any:
    if name in _OF_EVENTS:
        return rows[name].cast("string")
    item = rows.properties.cast("json")[name]
    return item.str.coalesce(item.cast("string"))


def moves(past: Past, segment: int, *, entered: bool) -> ir.Table:
    """(customer_id, at) of who came into a segment or left it; at noon of the day."""
    every = segments.moves_table(segment)
    here = every.filter(every.entered == entered)
    table = here.select("customer_id", day=here.moved_on)
    return _theirs(past, _at(past, table, "12:00"), [])


def by_clock(past: Past, trigger: OnDate | Every) -> ir.Table | None:
    """(customer_id, at) of whom a date or a schedule would have brought; None: not known."""
    if isinstance(trigger, Every):
        asked = segments.segment(trigger.segment)
        members = segments.members_table(segments.rule_of(asked)).select("customer_id")
        due = [{"day": day} for day in past.days if falls_on(trigger, day)]
        table = members.cross_join(_days(past, due)) if due else None
    elif trigger.date == "birthday":
        rows = [
            {"day": day, "birth_day": each}
            for day in past.days
            for each in shifted_birthdays(trigger.days, day)
        ]
        known = past.holding.take(people.traits(past.house, past.zone))
        table = known.select("customer_id", "birth_day").inner_join(_days(past, rows), "birth_day")
    else:
        table = _bought(past, trigger)
    return None if table is None else _theirs(past, _at(past, table, trigger.at), [])


def _bought(past: Past, trigger: OnDate) -> ir.Table | None:
    """(customer_id, day) on which the date of a purchase was reached, as it stood on that day."""
    if not past.house.lake.files(ORDERS):
        return None
    every = facts.orders(past.house)
    kept = every.filter(
        every.status.isnull() | ~every.status.isin(LOST_STATUSES), ~every.free.fill_null(False)
    )
    told = kept.select("identity_id", "ordered_on").inner_join(past.whose, "identity_id")
    days = told.select("customer_id", "ordered_on").distinct()
    here = ibis.window(group_by="customer_id", order_by="ordered_on")
    seen = days.mutate(
        nth=ibis.row_number().over(here),
        first_on=days.ordered_on.first().over(ibis.window(
            group_by="customer_id", order_by="ordered_on", preceding=None, following=0)),
        next_on=days.ordered_on.lead().over(here),
    )  # fmt: skip
    if trigger.date == "first_order":
        seen = seen.filter(seen.nth == 0).mutate(next_on=ibis.null("date"))
    shift = ibis.literal(trigger.days)
    base = seen.ordered_on
    if trigger.date == "next_order":
        seen = seen.filter(seen.nth > 0)
        gone = seen.ordered_on.delta(seen.first_on, unit="day")
        shift = (gone / seen.nth).round().cast("int64") + trigger.days
        base = seen.ordered_on
    due = (base.cast("timestamp") + shift.cast("int64").as_interval("D")).cast("date")
    seen = seen.mutate(day=due)
    return seen.filter(
        seen.day >= seen.ordered_on, seen.next_on.isnull() | (seen.next_on > seen.day)
    ).select("customer_id", "day")


def _at(past: Past, table: ir.Table, at: str) -> ir.Table:
    """``day`` as the moment at which a clock of the shop shows ``at`` on it."""
    rows = [
        {"day": day, "at": int(local_moment(day, at, past.zone).timestamp())} for day in past.days
    ]
    kinds = pa.schema([("day", pa.date32()), ("at", pa.int64())])
    return table.inner_join(past.holding.take(pa.Table.from_pylist(rows, schema=kinds)), "day")


def _days(past: Past, rows: Sequence[dict[str, Any]]) -> ir.Table:
    kinds = [("day", pa.date32())]
    if rows and "birth_day" in rows[0]:
        kinds.append(("birth_day", pa.string()))
    return past.holding.take(pa.Table.from_pylist(list(rows), schema=pa.schema(kinds)))


def _theirs(past: Past, rows: ir.Table, wanted: Sequence[str]) -> ir.Table:
    """Of this part of the customers, in the time."""
    since, until = int(past.since.timestamp()), int(past.until.timestamp())
    kept = rows.filter(rows.at >= since, rows.at <= until, rows.customer_id.notnull())
    if past.parts > 1:
        kept = kept.filter(kept.customer_id % past.parts == past.part)
    return kept.select("customer_id", "at", *wanted)


def arrivals(past: Past, table: ir.Table, wanted: Sequence[str]) -> Arrivals:
    customer, at, carried = _columns(past, table, wanted)
    return Arrivals(customer, at, carried)


def happened(past: Past, table: ir.Table, wanted: Sequence[str]) -> Happened:
    customer, at, carried = _columns(past, table.order_by("customer_id"), wanted)
    return Happened(customer, at, carried)


def _columns(
    past: Past, table: ir.Table, wanted: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64], dict[str, NDArray[Any]]]:
    found = past.house.engine.arrow(table)
    carried = {
        name: np.array(found[name].to_pylist(), dtype=object)
        for name in wanted
        if name in found.column_names
    }
    return (
        found["customer_id"].to_numpy().astype(np.int64),
        found["at"].to_numpy().astype(np.int64),
        carried,
    )
