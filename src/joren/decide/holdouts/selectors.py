"""Questions about holdouts: which there are, who is in which arm, and whether the lot stands."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Literal

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from joren.core.ids import CustomerId
from joren.core.people import moved
from joren.decide.holdouts import models, rules
from joren.decide.holdouts.contracts import (
    ARRIVALS,
    ASSIGNMENTS,
    EXPOSURES,
    ON_ARRIVAL,
    REACH_STEPS,
    USUAL_GLOBAL,
    Arm,
    Assigned,
    Design,
    GlobalRule,
    Holdout,
    LedgerRead,
    NoSuchHoldout,
    StratumCount,
    unit_of,
)
from joren.plumbing.bulk import columns_of
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Warehouse
from joren.warehouse.sums import number_of


def holdouts() -> list[Holdout]:
    """All of them, newest first; a practice's are of its trial, which alone tells what came."""
    return [one for one in lots() if one.kind != "trial"]


def lots() -> list[Holdout]:
    """Those of trials too."""
    return [_holdout(row) for row in models.Holdout.objects.order_by("-drawn_at", "-pk")]


def holdout(number: int) -> Holdout:
    """One of them."""
    row = models.Holdout.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchHoldout(f"there is no holdout {number}", hint="joren holdouts list")
    return _holdout(row)


def effects_holdout(number: int) -> Holdout:
    """One of them whose effect is read by itself: that of a trial is told by the trial alone, and
    not before its days are over."""
    one = holdout(number)
    if one.kind == "trial":
        raise NoSuchHoldout(
            f"holdout {number} is of the trial of a practice", hint="joren trials list"
        )
    return one


def of_segment(segment: int) -> list[Holdout]:
    """Those drawn from that segment, newest first."""
    rows = models.Holdout.objects.filter(segment_id=segment).order_by("-drawn_at", "-pk")
    return [_holdout(row) for row in rows]


def cohorts() -> list[Holdout]:
    """Those that are left out of everything, also those whose time is over, newest first."""
    rows = models.Holdout.objects.filter(kind="global").order_by("-drawn_at", "-pk")
    return [_holdout(row) for row in rows]


def global_rule() -> GlobalRule:
    """Which share of all customers is left out of everything."""
    row = models.GlobalRule.objects.order_by("-pk").first()
    if row is None:
        return GlobalRule(USUAL_GLOBAL)
    return _rule(row)


def global_rules() -> list[GlobalRule]:
    """Every share that somebody said, newest first."""
    return [_rule(row) for row in models.GlobalRule.objects.order_by("-pk")]


def _rule(row: models.GlobalRule) -> GlobalRule:
    return GlobalRule(row.share, row.reason, row.changed_at, row.changed_by)


def globally_left_out(today: date) -> str:
    """SQL of both databases, to stand behind FROM in brackets: (customer_id, lot) of those who are
    left out of everything on that day, under whom they are now, each once."""
    return f"""
        SELECT coalesce(m.person_id, g.customer_id) AS customer_id, min(g.lot) AS lot
        FROM holdouts_globallyheld AS g
        LEFT JOIN ({moved()}) AS m ON m.customer_id = g.customer_id
        WHERE g.until >= '{today.isoformat()}'
        GROUP BY 1
    """


def assigned(number: int) -> ir.Table:
    """ASSIGNMENTS of one holdout, as far as the log has it."""
    house, one = warehouse(), holdout(number)
    spec = ARRIVALS if one.kind in ON_ARRIVAL else ASSIGNMENTS
    every = house.engine.files(house.lake.files(spec), spec)
    return every.filter(every.lot == one.lot)


def left_out_beside(number: int, until: date) -> pa.ChunkedArray:
    """The numbers of those whom other cohorts left out of everything in the days of this one, up to
    that day: also those of cohorts that were drawn later, among whom this one treats."""
    one, house = holdout(number), warehouse()
    begun = one.treated_on or until
    beside = [
        other.lot
        for other in cohorts()
        if other.id != one.id and other.treated_on and other.until
        and begun <= other.until >= other.treated_on <= until
    ]  # fmt: skip
    every = house.engine.files(house.lake.files(ASSIGNMENTS), ASSIGNMENTS)
    theirs = every.filter(every.lot.isin(beside) & every.held_out)
    return house.engine.arrow(theirs.select("customer_id").distinct())["customer_id"]


def exposures(number: int) -> ir.Table:
    """EXPOSURES of one holdout, each step of each customer once."""
    house = warehouse()
    every = house.engine.files(house.lake.files(EXPOSURES), EXPOSURES)
    mine = every.filter(every.lot == holdout(number).lot)
    return mine.group_by("customer_id", "step").agg(at=mine.at.min())


def ledger_read(numbers: Sequence[int]) -> dict[int, LedgerRead]:
    """Of each of these holdouts, how far its log knows who was reached."""
    rows = models.Holdout.objects.filter(pk__in=list(numbers))
    found = rows.values_list("pk", "ledger_until", "ledger_at")
    return {pk: LedgerRead(until, at) for pk, until, at in found}


def logged(number: int) -> ir.Table:
    """The log of one holdout as it is told: a row for each customer with unit, arm, propensity and
    every moment, in the columns of ``Assigned`` but with ``held_out`` for the arm."""
    one, table = holdout(number), assigned(number)
    drawn_at = (
        table.drawn_at if one.kind in ON_ARRIVAL else ibis.literal(one.drawn_at, "timestamp('UTC')")
    )
    rows = table.select(
        "customer_id", "stratum", "place", "held_out", unit=unit_of(table.stratum, table.place),
        propensity=table.held_out.ifelse(one.design.share, 1 - one.design.share),
        assigned_at=drawn_at,
    )  # fmt: skip
    steps = exposures(number)
    firsts = steps.group_by("customer_id").agg(
        **{f"{step}_at": steps.at.min(where=steps.step == step) for step in REACH_STEPS}
    )
    known = rows.left_join(firsts, "customer_id")
    moments = ("asked_at", "passed_at", "got_at")
    return known.select(
        *rows.columns, *moments,
        first_exposed_at=known.held_out.ifelse(known.passed_at, known.got_at),
    )  # fmt: skip


def log_rows(number: int, *, after: int = 0, limit: int = 1000) -> list[Assigned]:
    """Some of its rows, by number of the customer."""
    table = logged(number)
    some = table.filter(table.customer_id > after).order_by("customer_id").limit(limit)
    found = warehouse().engine.rows(some)
    return [Assigned(arm="held_out" if row.pop("held_out") else "treated", **row) for row in found]


def log_file(number: int, form: Literal["csv", "parquet"]) -> bytes:
    """The whole log as a file."""
    table = logged(number)
    arm = table.held_out.ifelse("held_out", "treated")
    shown = table.mutate(arm=arm).drop("held_out").order_by("customer_id")
    rows = warehouse().engine.arrow(shown)
    out = io.BytesIO()
    if form == "parquet":
        pyarrow.parquet.write_table(rows, out)
        return out.getvalue()
    out.write("\ufeff".encode())
    pyarrow.csv.write_csv(rows, out)
    return out.getvalue()


def placed(number: int) -> pa.Table:
    """(id, customer_id, stratum, place, held_out) of who has come to a holdout that is drawn on
    arrival, the first drawn first: also those whom the log does not have yet."""
    names = ["id", "customer_id", "stratum", "place", "held_out"]
    parts = [*columns_of(models.Place, names, where=f"holdout_id = {number:d}")]
    if not parts:
        kinds = [pa.int64()] * 4 + [pa.bool_()]
        return pa.schema(zip(names, kinds, strict=True)).empty_table()
    return pa.concat_tables(parts).sort_by("id")


def logged_until(house: Warehouse) -> dict[int, int]:
    """Of each standing holdout, by its lot, the last row that the log of the warehouse has."""
    files = house.lake.files(ARRIVALS)
    if not files:
        return {}
    every = house.engine.files(files, ARRIVALS)
    newest = every.group_by("lot").agg(number=every.number.max())
    return {row["lot"]: row["number"] for row in house.engine.rows(newest)}


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
    rows = warehouse().engine.arrow(assigned(number).select("stratum", "place", "held_out"))
    wanted = rules.held_out(
        rows["stratum"].to_numpy(), rows["place"].to_numpy(), one.design, one.salt
    )
    logged = rows["held_out"].to_numpy(zero_copy_only=False)
    unlike = int((wanted != logged).sum())
    if one.kind in ON_ARRIVAL:
        return unlike  # who came since the last refresh is not in the log yet
    return unlike + abs(one.customers - int(rows.num_rows))


def _holdout(row: models.Holdout) -> Holdout:
    return Holdout(
        id=row.pk,
        name=row.name,
        kind=row.kind,  # type: ignore[arg-type]  # the database keeps to KINDS
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
        until=row.until,
        closed_at=row.closed_at,
    )
