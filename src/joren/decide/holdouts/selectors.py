"""Questions about holdouts: which there are, who is in which arm, and whether the lot stands."""

from __future__ import annotations

import ibis.expr.types as ir

from joren.core.ids import CustomerId
from joren.decide.holdouts import models, rules
from joren.decide.holdouts.contracts import (
    ASSIGNMENTS,
    Arm,
    Design,
    Holdout,
    NoSuchHoldout,
    StratumCount,
)
from joren.plumbing.warehouse import warehouse
from joren.warehouse.sums import number_of


def holdouts() -> list[Holdout]:
    """All of them, newest first."""
    return [_holdout(row) for row in models.Holdout.objects.order_by("-drawn_at", "-pk")]


def holdout(number: int) -> Holdout:
    """One of them."""
    row = models.Holdout.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchHoldout(f"there is no holdout {number}", hint="joren holdouts list")
    return _holdout(row)


def of_segment(segment: int) -> list[Holdout]:
    """Those drawn from that segment, newest first."""
    rows = models.Holdout.objects.filter(segment_id=segment).order_by("-drawn_at", "-pk")
    return [_holdout(row) for row in rows]


def assigned(number: int) -> ir.Table:
    """ASSIGNMENTS of one holdout."""
    house, lot = warehouse(), holdout(number).lot
    every = house.engine.files(house.lake.files(ASSIGNMENTS), ASSIGNMENTS)
    return every.filter(every.lot == lot)


def arm(number: int, which: Arm) -> ir.Table:
    """The numbers of the customers of one arm, as one expression: for files."""
    table = assigned(number)
    return table.filter(table.held_out == (which == "held_out")).select("customer_id")


def customers_of(number: int, which: Arm, *, after: int = 0, limit: int = 1000) -> list[CustomerId]:
    """Some of an arm's customers, by number."""
    table = arm(number, which)
    some = table.filter(table.customer_id > after).order_by("customer_id").limit(limit)
    return [CustomerId(row["customer_id"]) for row in warehouse().engine.rows(some)]


def strata(number: int) -> list[StratumCount]:
    """How many of each stratum fell into each arm, from the best decile to the new ones."""
    table = assigned(number)
    counted = table.group_by("stratum").agg(
        treated=number_of(~table.held_out), held_out=number_of(table.held_out)
    )
    found = [StratumCount(**row) for row in warehouse().engine.rows(counted)]
    return sorted(found, key=lambda one: (one.stratum == 0, one.stratum))


def drawn_again(number: int) -> int:
    """How many rows of the log the salt does not give again: none, as long as nobody touched it."""
    one = holdout(number)
    rows = warehouse().engine.arrow(assigned(number))
    wanted = rules.held_out(
        rows["stratum"].to_numpy(), rows["place"].to_numpy(), one.design, one.salt
    )
    logged = rows["held_out"].to_numpy(zero_copy_only=False)
    return int((wanted != logged).sum()) + abs(one.customers - int(rows.num_rows))


def _holdout(row: models.Holdout) -> Holdout:
    return Holdout(
        id=row.pk,
        name=row.name,
        segment_id=row.segment_id,
        segment_version=row.segment_version,
        design=Design(row.block, row.held),
        salt=row.salt,
        snapshot_id=row.snapshot_id,
        as_of=row.as_of,
        drawn_at=row.drawn_at,
        drawn_by=row.drawn_by,
        note=row.note,
        treated=row.treated,
        held_out=row.held_out,
        treated_on=row.treated_on,
        closed_at=row.closed_at,
    )
