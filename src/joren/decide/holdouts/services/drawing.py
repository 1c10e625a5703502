"""The verbs: draw who is left out, say when the others were reached, end it."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Final
from uuid import uuid4

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import transaction

from joren.accounts.selectors import business
from joren.collect.customers import selectors as people
from joren.core import clock
from joren.core.errors import BadInput
from joren.core.ids import SnapshotId
from joren.decide.holdouts import models, rules, selectors
from joren.decide.holdouts.contracts import (
    ASSIGNMENTS,
    NEW,
    AlreadyReached,
    AudienceTooSmall,
    Design,
    Holdout,
    HoldoutClosed,
    HoldoutOfAnother,
    Kind,
    NoSuchHoldout,
)
from joren.decide.holdouts.services.keeping import free_name, keep
from joren.decide.segments import selectors as segments
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values
from joren.understand.ranks.contracts import CUSTOMER_RANKS

_ENDS: Final[dict[str, str]] = {
    "segment": "joren holdouts close",
    "global": "it ends by itself; joren holdouts global --share 0 --reason ends them all",
    "standing": "it runs with its journey: joren journeys end",
    "trial": "it runs with its trial: joren trials call-off, before it begins",
}
"""What ends a holdout, by its kind."""


def divide(segment: int, *, name: str, share: float, by: str, note: str = "") -> Holdout:
    """Leave a share of a segment's members out, by lot within deciles of value; kept for ever.

    The arms are those of today's members: who comes later was not drawn.
    """
    design, name = rules.design_of(share), free_name(name)
    asked, snapshot = segments.segment(segment), values.snapshot()
    salt = secrets.token_hex(16)
    members = segments.members_table(segments.rule_of(asked))
    today = clock.shop_day(clock.now(), business().time_zone)
    drawn = draw_among(without_held(members, since=today), snapshot.id, design, salt)
    if drawn.num_rows < rules.FEWEST:
        raise AudienceTooSmall(
            f"{drawn.num_rows} customers belong: too few to leave some out",
            hint=f"at least {rules.FEWEST}; widen the segment's rule",
        )
    left_out = int(drawn["held_out"].to_numpy(zero_copy_only=False).sum())
    if not 0 < left_out < drawn.num_rows:
        raise AudienceTooSmall(
            f"the lot left {left_out} of {drawn.num_rows} customers out",
            hint="leave a larger share out, or widen the segment's rule",
        )
    holdout = Holdout(
        id=0, name=name, kind="segment", segment_id=segment, segment_version=asked.version,
        design=design, salt=salt, snapshot_id=snapshot.id, as_of=snapshot.as_of,
        drawn_at=clock.now(), drawn_by=by, note=note.strip(),
        treated=drawn.num_rows - left_out, held_out=left_out,
    )  # fmt: skip
    # The log first: rows of a lot that no holdout names are nobody's.
    log(holdout, drawn)
    return keep(holdout)


def reached(number: int, *, on: date, by: str) -> Holdout:
    """Say on which day the treated of a segment were reached: from then on the arms may differ.

    It may be said otherwise until there are figures of that day: who has seen what came of it must
    not choose when it began.
    """
    with transaction.atomic():
        row = _open(number, "segment")
        drawn = clock.shop_day(row.drawn_at, business().time_zone)
        today = clock.shop_day(clock.now(), business().time_zone)
        if not drawn <= on <= today:
            raise BadInput(f"{on} is not between the draw and today", hint=f"{drawn} to {today}")
        _still_unseen(row, on)
        row.treated_on = on
        row.save()
        audit.record(
            "holdouts.reached", actor=by, subject_kind="holdout", subject_id=number,
            days_after=(on - drawn).days,
        )  # fmt: skip
    return selectors.holdout(number)


def _still_unseen(row: models.Holdout, on: date) -> None:
    was = row.treated_on
    if was is None or was == on:
        return
    if any(one.as_of >= was for one in warehouse().snapshots.all()):
        raise AlreadyReached(
            f"“{row.name}” began on {was}, and there are figures of that day",
            hint="its effect could be seen: the day stays",
        )


def close(number: int, *, by: str) -> Holdout:
    """End that of a segment: those left out may be treated again. The log stays for the analysis.

    Others end with what they were drawn for: closed alone they would go on holding people out, or
    stop what draws from them.
    """
    return _closed(number, "segment", by)


def end_trial(number: int, *, by: str) -> Holdout:
    """End the lot of a trial, with the trial."""
    return _closed(number, "trial", by)


def _closed(number: int, kind: Kind, by: str) -> Holdout:
    with transaction.atomic():
        row = _open(number, kind)
        row.closed_at = clock.now()
        row.save()
        audit.record("holdouts.closed", actor=by, subject_kind="holdout", subject_id=number)
    return selectors.holdout(number)


def without_held(members: ir.Table, *, since: date) -> ir.Table:
    """Those who were not left out of everything on that day or later: others are in neither arm.

    Whoever was left out under a number is so under each that they have or had: members are those
    of a snapshot, and people are found to be one before it and after it.
    """
    rows = models.GloballyHeld.objects.filter(until__gte=since).values_list("customer_id")
    held = people.as_now(np.array([one for (one,) in rows], dtype=np.int64))
    if not held.size:
        return members
    known = people.merged()
    theirs = known.filter(pc.is_in(known["now"], pa.array(held)))["customer_id"].to_numpy()
    numbers = pa.array(np.union1d(held, theirs))
    return members.anti_join(ibis.memtable(pa.table({"customer_id": numbers})), "customer_id")


def draw_among(members: ir.Table, snapshot: SnapshotId, design: Design, salt: str) -> pa.Table:
    """ASSIGNMENTS of these customers, without the lot: one expression, one pass of arithmetic.

    A household is drawn as its oldest customer among them, and all of it falls into one arm: who
    turns out to be one person later is then in no two.
    """
    house = warehouse()
    ranks = house.snapshots.table(snapshot, CUSTOMER_RANKS).select("customer_id", "decile")
    known = members.select("customer_id").left_join(ranks, "customer_id")
    every = known.select("customer_id", stratum=known.decile.fill_null(NEW))
    found = house.engine.arrow(every.order_by("customer_id"))
    customers = found["customer_id"].to_numpy()
    each = people.household_of(customers, people.households())
    _, oldest, unit = np.unique(each, return_index=True, return_inverse=True)
    heads = found["stratum"].to_numpy().astype(np.int64)[oldest]
    places = rules.places_in(heads, rules.order_of(customers[oldest], salt))[unit]
    strata = heads[unit]
    return pa.table(
        {
            "customer_id": customers,
            "held_out": rules.held_out(strata, places, design, salt),
            "stratum": strata,
            "place": places,
        }
    )


def log(holdout: Holdout, drawn: pa.Table) -> None:
    """Add the draw to the log of the warehouse."""
    drawn = drawn.append_column("lot", pa.repeat(holdout.lot, drawn.num_rows))
    house, name = warehouse(), f"holdout-{uuid4().hex}"
    path = house.scratch / f"{name}.parquet"
    pq.write_table(drawn.select(list(ASSIGNMENTS.columns)), path)
    try:
        house.lake.append(ASSIGNMENTS, [path], key=name)
    finally:
        path.unlink(missing_ok=True)


def _open(number: int, kind: Kind) -> models.Holdout:
    row = models.Holdout.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NoSuchHoldout(f"there is no holdout {number}", hint="joren holdouts list")
    if row.kind != kind:
        raise HoldoutOfAnother(f"“{row.name}” is no lot of a {kind}", hint=_ENDS[row.kind])
    if row.closed_at is not None:
        raise HoldoutClosed(f"“{row.name}” was closed", hint="draw a new one")
    return row
