"""From a rule to one columnar expression.

Each condition finds customers by a query of its own; the rule puts them together as ``IN`` of those
queries, so that the engine joins each set once and reads each table once for each condition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any as Anything
from typing import Final

import ibis
import ibis.expr.types as ir

from joren.decide.segments.contracts import (
    All,
    Any,
    AtLeast,
    Bought,
    Did,
    Is,
    Leaf,
    Member,
    Not,
    Rule,
)
from joren.decide.segments.rules.comparing import chosen, holds, in_window, who_fits
from joren.decide.segments.rules.fields import (
    FIELDS,
    MEASURES,
    MOVED,
    OF_LINES,
    OF_PURCHASES,
    Field,
)
from joren.decide.segments.rules.happening import did
from joren.decide.segments.rules.sources import Found, Sources

_ZERO_IF_NOTHING: Final = {
    "orders", "days", "revenue", "profit", "lines", "quantity", "amount", "products", "categories",
}  # fmt: skip
"""Measures that are zero, and not unknown, of somebody who bought nothing of it."""
_HAIR: Final = 1e-9  # 0.5 less 0.3 is a little less than 0.2
_PRIME: Final = 2**31 - 1
_FACTOR: Final = 48_271


def customers(rule: Rule, sources: Sources) -> ir.Table:
    """The customers whom the rule fits, as one expression of one column."""
    people = sources.people
    return people.filter(_fits(rule, people, sources)).select("customer_id")


def found_by(leaf: Leaf, sources: Sources) -> Found:
    """The customers whom one condition fits."""
    if isinstance(leaf, Member):
        return Found(sources.members(leaf.segment).select("customer_id"))
    if isinstance(leaf, Bought):
        return _bought(leaf, sources)
    if isinstance(leaf, Did):
        return did(leaf, sources)
    return _is(leaf, sources)


def _fits(rule: Rule, people: ir.Table, sources: Sources) -> ir.BooleanValue:
    if isinstance(rule, All):
        return _together(rule.of, people, sources, lambda one, other: one & other, True)
    if isinstance(rule, Any):
        return _together(rule.of, people, sources, lambda one, other: one | other, False)
    if isinstance(rule, AtLeast):
        held = [_fits(one, people, sources).cast("int64") for one in rule.of]
        return reduce(lambda one, other: one + other, held) >= rule.count
    if isinstance(rule, Not):
        return ~_fits(rule.of, people, sources)
    found = found_by(rule, sources)
    inside = people.customer_id.isin(found.ids.customer_id)
    return ~inside if found.negated else inside


def _together(
    rules: tuple[Rule, ...],
    people: ir.Table,
    sources: Sources,
    join: Callable[[ir.BooleanValue, ir.BooleanValue], ir.BooleanValue],
    alone: bool,
) -> ir.BooleanValue:
    if not rules:
        return ibis.literal(alone)
    return reduce(join, (_fits(one, people, sources) for one in rules))


def _is(leaf: Is, sources: Sources) -> Found:
    field = FIELDS[leaf.field]
    if leaf.op in MOVED:
        return _moved(field, leaf, sources)
    table = _of_customers(field, leaf.ago, sources)
    if table is not None and field.zero_of_none:
        return _number_of(field, table, leaf, sources)
    if table is None:
        return Found(sources.people.filter(False).select("customer_id"))
    if leaf.op == "unknown":
        known = table.filter(table[field.column].notnull())
        return Found(known.select("customer_id"), negated=True)
    day = sources.as_of if field.table == "people" else sources.of_figures
    return Found(table.filter(holds(field, table[field.column], leaf, day)).select("customer_id"))


def _moved(field: Field, leaf: Is, sources: Sources) -> Found:
    """Whose value rose or fell so much since; of whom it was not known then, nobody knows."""
    then, now = sources.earlier(field.table, max(1, leaf.ago)), sources.values
    if then is None:
        return Found(sources.people.filter(False).select("customer_id"))
    both = now.select("customer_id", now=now[field.column]).inner_join(
        then.select("customer_id", then=then[field.column]), "customer_id"
    )
    more = both.now - both.then if leaf.op.startswith("rose") else both.then - both.now
    least = float(leaf.values[0])
    if leaf.op.endswith("_percent"):
        fits = (both.then > 0) & (more * 100 >= both.then * least - _HAIR)
    else:
        fits = more >= least - _HAIR
    return Found(both.filter(fits.fill_null(False)).select("customer_id"))


def _number_of(field: Field, table: ir.Table, leaf: Is, sources: Sources) -> Found:
    """Whom the table does not have, has none of it, and that is known."""
    if leaf.op in ("known", "unknown"):
        nobody = table.filter(table[field.column].isnull())
        return Found(nobody.select("customer_id"), negated=leaf.op == "known")
    counted = table.select("customer_id", measured=table[field.column])
    return who_fits(counted, field, leaf.op, leaf.values, sources.of_figures, zero_of_none=True)


def _of_customers(field: Field, ago: int, sources: Sources) -> ir.Table | None:
    if ago:
        return sources.earlier(field.table, ago)
    tables = {
        "people": sources.people, "values": sources.values, "contracts": sources.contracts,
        "ranks": sources.ranks, "shifts": sources.shifts, "lots": _lots(sources.people),
        "paces": _paces(sources),
    }  # fmt: skip
    if field.table in tables:
        return tables[field.table]
    table = sources.more[field.table]
    return table.filter(table.name == field.named) if field.named else table


def _lots(people: ir.Table) -> ir.Table:
    """A number from 1 to 100 for everybody, out of their own number alone: even, as if by chance,
    and the same for ever. A square modulo a prime, so that neighbours have nothing in common."""
    mixed = people.customer_id % _PRIME * _FACTOR % _PRIME
    return people.select("customer_id", lot_number=mixed * mixed % _PRIME % 100 + 1)


def _paces(sources: Sources) -> ir.Table:
    """How long they have been quiet, in their own mean intervals; who bought on one day alone has
    none."""
    bought = sources.values
    quiet = ibis.literal(sources.of_figures).delta(bought.last_on, unit="day")
    days = bought.recency.nullif(0)
    return bought.select("customer_id", intervals_quiet=quiet * bought.frequency / days)


def _bought(leaf: Bought, sources: Sources) -> Found:
    """Whoever bought so much."""
    measure = MEASURES[leaf.measure]
    rows = _rows(leaf, sources)
    counted = rows.group_by("customer_id").agg(measured=_measured(leaf.measure, rows))
    zero = leaf.measure in _ZERO_IF_NOTHING
    return who_fits(counted, measure, leaf.op, leaf.values, sources.as_of, zero_of_none=zero)


def _rows(leaf: Bought, sources: Sources) -> ir.Table:
    """The purchases, or their lines, that count."""
    of_lines = MEASURES[leaf.measure].table == "lines"
    if not of_lines:
        rows = sources.purchases
        rows = rows.filter(*in_window(rows.ordered_on, leaf.window, sources.as_of))
        return rows.filter(*chosen(rows, leaf.where, OF_PURCHASES, sources.as_of))
    lines = sources.lines
    lines = lines.filter(*in_window(lines.ordered_on, leaf.window, sources.as_of, unsure=True))
    of_order = tuple(one for one in leaf.where if OF_LINES[one.field].table == "purchases")
    of_line = tuple(one for one in leaf.where if one not in of_order)
    lines = lines.filter(*chosen(lines, of_line, OF_LINES, sources.as_of))
    own = lines.select("order_id", "sku", "category", "quantity", "amount")
    bought = sources.purchases
    bought = bought.filter(*in_window(bought.ordered_on, leaf.window, sources.as_of))
    bought = bought.filter(*chosen(bought, of_order, OF_LINES, sources.as_of))
    return own.inner_join(bought.select("order_id", "customer_id", "ordered_on"), "order_id")


_MEASURED: Final[Mapping[str, Callable[[ir.Table], Anything]]] = {
    "orders": lambda rows: rows.count(),
    "days": lambda rows: rows.ordered_on.nunique(),
    "revenue": lambda rows: rows.revenue.sum(),
    "profit": lambda rows: rows.profit.sum(),
    "mean_revenue": lambda rows: rows.revenue.mean(),
    "first_on": lambda rows: rows.ordered_on.min(),
    "last_on": lambda rows: rows.ordered_on.max(),
    "lines": lambda rows: rows.count(),
    "quantity": lambda rows: rows.quantity.sum(),
    "amount": lambda rows: rows.amount.sum(),
    "products": lambda rows: rows.sku.nunique(),
    "categories": lambda rows: rows.category.nunique(),
    "first_line_on": lambda rows: rows.ordered_on.min(),
    "last_line_on": lambda rows: rows.ordered_on.max(),
}


def _measured(measure: str, rows: ir.Table) -> Anything:
    return _MEASURED[measure](rows)
