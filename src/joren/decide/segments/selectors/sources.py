"""What rules are asked of: the tables of one snapshot, and who belongs to other segments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

import ibis.expr.types as ir

from joren.collect.customers.contracts import TRAITS
from joren.collect.inbox.contracts import EVENTS
from joren.collect.orders import selectors as facts
from joren.core.errors import JorenError
from joren.decide.segments import models
from joren.decide.segments.contracts import (
    FROZEN,
    IDENTITIES,
    PURCHASED,
    TABLES,
    NotReady,
    Rule,
    RuleFails,
    RuleMeaningless,
)
from joren.decide.segments.rules import Sources, customers, read_kept
from joren.understand.ltv.contracts import CUSTOMER_SUBSCRIPTIONS, CUSTOMER_VALUES
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.understand.shifts.contracts import CUSTOMER_SHIFTS
from joren.warehouse import Snapshot, Warehouse

_LONGEST_FAULT: Final = 200


@contextmanager
def failing_alone() -> Iterator[None]:
    """Whatever the engine cannot do with one rule is said of that rule, and stops no other."""
    try:
        yield
    except JorenError:
        raise
    except Exception as fault:
        said = next(iter(str(fault).splitlines()), "")[:_LONGEST_FAULT]
        raise RuleFails(
            f"the rule cannot be asked: {type(fault).__name__} {said}".strip(),
            hint="change its conditions one by one",
        ) from fault


def sources_of(house: Warehouse, snapshot: Snapshot) -> Sources:
    """The tables that the newest snapshot holds."""
    if not house.lake.files(PURCHASED, snapshot=snapshot.id):
        raise NotReady("the newest figures were built before there were segments",
                       hint="joren refresh")  # fmt: skip
    table = house.snapshots.table
    return with_members(
        house,
        Sources(
            people=table(snapshot.id, TRAITS),
            values=table(snapshot.id, CUSTOMER_VALUES),
            contracts=table(snapshot.id, CUSTOMER_SUBSCRIPTIONS),
            ranks=table(snapshot.id, CUSTOMER_RANKS),
            shifts=table(snapshot.id, CUSTOMER_SHIFTS),
            purchases=table(snapshot.id, PURCHASED),
            lines=facts.order_lines(house),
            events=house.facts(EVENTS).inner_join(table(snapshot.id, IDENTITIES), "identity_id"),
            as_of=snapshot.as_of,
            of_figures=snapshot.as_of,
            earlier=partial(_earlier, house, snapshot),
            members=lambda _: table(snapshot.id, TRAITS),  # until with_members knows better
            more={name: table(snapshot.id, spec) for name, spec in TABLES.items()},
        ),
    )


def with_members(house: Warehouse, sources: Sources) -> Sources:
    """The same sources, which know who belongs to other segments by themselves."""
    rules = live_rules()
    frozen = frozen_versions()

    def members(segment: int) -> ir.Table:
        if segment in frozen:
            return frozen_members(house, segment, frozen[segment])
        if segment not in rules:
            raise RuleMeaningless(f"there is no segment {segment}", hint="joren segments list")
        return customers(rules[segment], found)

    found = replace(sources, members=members)
    return found


def _earlier(house: Warehouse, snapshot: Snapshot, table: str, days: int) -> ir.Table | None:
    then = snapshot.as_of - timedelta(days=days)
    old = [one for one in house.snapshots.all() if one.as_of <= then]
    if not old:
        return None
    last = max(old, key=lambda one: (one.as_of, one.id))
    spec = CUSTOMER_VALUES if table == "values" else CUSTOMER_RANKS
    return house.snapshots.table(last.id, spec)


def frozen_members(house: Warehouse, segment: int, version: int) -> ir.Table:
    """Who belonged when it was frozen."""
    kept = house.facts(FROZEN)
    return kept.filter(kept.segment_id == segment, kept.version == version).select("customer_id")


def live_rules() -> Mapping[int, Rule]:
    """The rules of the segments that follow them."""
    rows = models.Segment.objects.filter(archived_at=None, membership="live")
    return {row.pk: read_kept(row.rule) for row in rows}


def frozen_versions() -> Mapping[int, int]:
    """The version at which each frozen segment was frozen."""
    rows = models.Segment.objects.filter(archived_at=None, membership="frozen")
    return dict(rows.values_list("pk", "version"))
