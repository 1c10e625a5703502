"""Who was drawn, as who they are now, and the days in which what they buy counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from joren.act.campaigns import selectors as campaigns
from joren.collect.customers import selectors as people
from joren.core import clock
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import Holdout, unit_of
from joren.measure.experiments.contracts import MOST_IN_BOTH
from joren.plumbing.moments import shop_days
from joren.plumbing.warehouse import warehouse
from joren.protect.erasure import selectors as erasure
from joren.warehouse import Snapshot

Ints = NDArray[np.int64]
_MOMENT: Final = pa.timestamp("us", "UTC")
_DRAWN: Final = ["customer_id", "held_out", "unit"]


def drawn_people(one: Holdout, snapshot: Snapshot) -> tuple[pa.Table, int]:
    """Everybody who was drawn, with the number under which what they buy is found, from their first
    to their last day; and how many persons stand in both arms. Whose first day has not come is left
    out, which is nobody's choice.

    Who asked to be forgotten is left out with all that they bought: of them nobody is known any
    more to have bought anything, and as customers who bought nothing they would drag their arm
    down.

    Whoever was merged since is looked for under whom they are now: to be treated makes people
    known, and what they buy then would be missing of one arm alone. For the same reason two who
    were drawn and are one person now stay two of the arm: what they buy is the first one's, and
    the other has bought nothing. If only persons counted, an arm that makes people known would
    shrink and each one left in it would look richer. Of who was drawn into both arms, what they
    buy counts in that of the place that was drawn first, which is what was done with them; of
    places that were drawn at once, in that of the older number.

    ``unit`` is one for all of a household that was drawn as one: it is what is counted. ``since``
    is the moment of the draw of whoever came one after the other: they may have come by an order
    of that very day.

    Of a cohort that is left out of everything neither arm has those whom another such cohort leaves
    out in its days: nothing is sent to them, and the lot that chose them knew nothing of this one.
    """
    drawn = _begun(one, snapshot)
    drawn = _known(drawn.filter(pc.invert(_beside(one, drawn, snapshot))))
    ids, held = drawn["customer_id"].to_numpy(), drawn["held_out"].to_numpy(zero_copy_only=False)
    now, first, which = np.unique(people.as_now(ids), return_index=True, return_inverse=True)
    in_both = np.unique(which[held != held[first][which]]).size
    is_first = np.zeros(ids.size, dtype=np.bool_)
    is_first[first] = True
    # No number stands twice: who is one with the first gets that one's where theirs is taken.
    beside = np.where(ids == now[which], ids[first][which], ids)
    found = np.where(is_first, now[which], beside)
    told = drawn.set_column(0, "customer_id", pa.array(found))
    return told.sort_by("customer_id"), int(in_both)


def _known(drawn: pa.Table) -> pa.Table:
    """Without those who asked to be forgotten."""
    gone = pa.array(erasure.forgotten(), pa.int64())
    return drawn.filter(pc.invert(pc.is_in(drawn["customer_id"], gone)))


def planned_arms(one: Holdout, snapshot: Snapshot) -> tuple[int, int]:
    """How many the lot put into each arm, without those whom another cohort leaves out."""
    if one.kind != "global":
        return one.treated, one.held_out
    drawn = _begun(one, snapshot)
    treated, held = persons_in(drawn.filter(_beside(one, drawn, snapshot)))
    return one.treated - treated, one.held_out - held


def persons_in(drawn: pa.Table) -> tuple[int, int]:
    """How many customers were treated, and left out."""
    held = pc.sum(drawn["held_out"]).as_py() or 0
    return drawn.num_rows - held, held


def arms_in(drawn: pa.Table) -> tuple[int, int]:
    """How many were treated, and left out; a household counts as one."""
    units, first = np.unique(drawn["unit"].to_numpy(), return_index=True)
    held = int(np.count_nonzero(drawn["held_out"].to_numpy(zero_copy_only=False)[first]))
    return units.size - held, held


def mean_days(drawn: pa.Table) -> float:
    """How long they have been looked at, on average."""
    first, last = (drawn[name].cast(pa.int32()).to_numpy() for name in ("start", "last"))
    return float(np.mean(last - first + 1))


def too_many_in_both(in_both: int, drawn: pa.Table) -> bool:
    """So many that these are no arms any more."""
    held = pc.sum(drawn["held_out"]).as_py() or 0
    return bool(in_both > MOST_IN_BOTH * min(held, drawn.num_rows - held))


def last_day(one: Holdout, snapshot: Snapshot) -> date:
    """What was left out for a time is not looked at beyond it; those left out of a segment may be
    treated as everybody from the day on that it was closed, and are nobody to compare with."""
    ends = [snapshot.as_of, *([one.until] if one.until else [])]
    if one.kind == "segment" and one.closed_at:
        closed = clock.shop_day(one.closed_at, str(snapshot.settings["zone"]))
        ends.append(closed - timedelta(days=1))
    return min(ends)


def _begun(one: Holdout, snapshot: Snapshot) -> pa.Table:
    """(customer_id, held_out, unit, start, since, last) of those whose first day has come, in the
    order in which they were drawn, or by number."""
    every = holdouts.assigned(one.id).mutate(unit=lambda row: unit_of(row.stratum, row.place))
    if one.kind == "standing":
        found = warehouse().engine.arrow(
            every.select(*_DRAWN, "drawn_at", "number").order_by("number")
        )
        starts = shop_days(found["drawn_at"], str(snapshot.settings["zone"]))
        since = found["drawn_at"].cast(_MOMENT)
    else:
        found = warehouse().engine.arrow(every.select(*_DRAWN).order_by("customer_id"))
        starts = _starts(one, found["customer_id"].to_pylist(), snapshot)
        since = pa.nulls(found.num_rows, _MOMENT)
    lasts = pa.repeat(pa.scalar(last_day(one, snapshot), pa.date32()), found.num_rows)
    told = found.select(_DRAWN)
    told = told.append_column("start", starts).append_column("since", since)
    told = told.append_column("last", lasts)
    return told.filter(pc.less_equal(told["start"], told["last"]))


def _beside(one: Holdout, drawn: pa.Table, snapshot: Snapshot) -> pa.Array:
    """Of each who was drawn: does another cohort leave them out, or of whom they live with?"""
    if one.kind != "global" or not drawn.num_rows:
        return pa.array(np.zeros(drawn.num_rows, dtype=np.bool_))
    theirs = holdouts.left_out_beside(one.id, last_day(one, snapshot)).to_numpy()
    units = drawn["unit"].to_numpy()
    mine = np.isin(people.as_now(drawn["customer_id"].to_numpy()), people.as_now(theirs))
    return pa.array(np.isin(units, units[mine]))


def _starts(one: Holdout, customers: list[int], snapshot: Snapshot) -> pa.Array:
    """The day of the action; of who waited for a part that tried its messages the day of the rest,
    in both arms alike. None as long as they wait: nobody has done anything for them."""
    waited = campaigns.waited(one.id, customers)
    if waited is None:
        return pa.repeat(pa.scalar(one.treated_on, pa.date32()), len(customers))
    waits, since = waited
    rest = clock.shop_day(since, str(snapshot.settings["zone"])) if since else None
    return pa.array([rest if later else one.treated_on for later in waits], pa.date32())
