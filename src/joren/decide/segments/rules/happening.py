"""Live events as an expression: who did something so often, and did not order since."""

from __future__ import annotations

from typing import Any as Anything

import ibis
import ibis.expr.types as ir

from joren.collect.inbox.contracts import DONE_TO_THEM
from joren.decide.segments.contracts import AN_ORDER, ANYTHING, PAGE_VIEWED, Did, Is
from joren.decide.segments.rules.comparing import holds, in_window, who_fits
from joren.decide.segments.rules.events import (
    EVENT_FIELDS,
    HAPPENINGS,
    NUMBER,
    PROPERTY,
)
from joren.decide.segments.rules.fields import Field
from joren.decide.segments.rules.sources import Found, Sources

_VIEWS = ("page", "screen")


def did(leaf: Did, sources: Sources) -> Found:
    """Whoever did it so often, on so many days, with so many kinds, or first or last then."""
    rows = named(sources.events, leaf.event)
    rows = rows.filter(*in_window(rows.occurred_on, leaf.window, sources.as_of))
    for one in leaf.where:
        rows = rows.filter(_holds(rows, one, sources))
    if leaf.but_not:
        rows = _not_followed(rows, leaf.but_not, sources)
    counted = rows.group_by("customer_id").agg(measured=_measured(leaf, rows))
    return who_fits(
        counted, HAPPENINGS[leaf.measure], leaf.op, leaf.values, sources.as_of,
        zero_of_none=HAPPENINGS[leaf.measure].type == "number",
    )  # fmt: skip


def named(events: ir.Table, event: str) -> ir.Table:
    """The events of that name, which is compared without case."""
    if event == ANYTHING:
        return events.filter(events.name.isnull() | ~events.name.isin(DONE_TO_THEM))
    wanted = event.strip().lower()
    if wanted == PAGE_VIEWED.lower():
        return events.filter(events.type.isin(_VIEWS))
    return events.filter(events.type == "track", events.name.lower() == wanted)


def _holds(rows: ir.Table, leaf: Is, sources: Sources) -> ir.BooleanValue:
    field = EVENT_FIELDS[leaf.field]
    return holds(field, carried(rows, field), leaf, sources.as_of)


def carried(rows: ir.Table, field: Field) -> Anything:
    """What the event carries under that field: a column, or a property of its JSON."""
    for prefix in (PROPERTY, NUMBER):
        if field.column.startswith(prefix):
            item = rows.properties.cast("json")[field.column.removeprefix(prefix)]
            text = item.str.coalesce(item.cast("string"))
            return text if prefix == PROPERTY else text.try_cast("float64")
    return rows[field.column]


def _not_followed(rows: ir.Table, but_not: str, sources: Sources) -> ir.Table:
    """Without what a purchase, or an event of that name, came after or at the same moment."""
    if but_not == AN_ORDER:
        later = _ordered(sources.purchases)
    else:
        of_that = named(sources.events, but_not)
        nothing = ibis.null("date")
        later = of_that.select("customer_id", moment=of_that.occurred_at, day=nothing)
    last = later.group_by("customer_id").agg(
        stopped_at=later.moment.max(), stopped_on=later.day.max()
    )
    both = rows.left_join(last, "customer_id").drop("customer_id_right")
    return both.filter(
        both.stopped_at.isnull() | (both.occurred_at > both.stopped_at),
        both.stopped_on.isnull() | (both.occurred_on > both.stopped_on),
    )


def _ordered(bought: ir.Table) -> ir.Table:
    """When orders came; of one that a file gives a day alone, which stands as midnight of some
    zone, nobody knows whether it came before or after what else that day brought: it came after.
    """
    at = bought.ordered_at
    timed = (at.second() != 0) | ~at.minute().isin((0, 30))
    return bought.select(
        "customer_id",
        moment=ibis.ifelse(timed, at, ibis.null(at.type())),
        day=ibis.ifelse(timed.fill_null(False), ibis.null("date"), bought.ordered_on),
    )


def _measured(leaf: Did, rows: ir.Table) -> Anything:
    if leaf.measure == "times":
        return rows.count()
    if leaf.measure == "days":
        return rows.occurred_on.nunique()
    if leaf.measure == "distinct":
        field = EVENT_FIELDS[leaf.by]
        column = carried(rows, field)
        return (column.strip().lower() if field.type == "text" else column).nunique()
    return rows.occurred_on.min() if leaf.measure == "first_on" else rows.occurred_on.max()
