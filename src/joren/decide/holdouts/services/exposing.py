"""Write into the log of a lot when each of both arms was first reached.

The ledger of messages forgets a person who is erased, and more of those who were treated ask for
it; the log keeps the moment, by number only.
"""

from __future__ import annotations

from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from joren.collect.customers import selectors as people
from joren.core import clock
from joren.decide.holdouts import models, selectors
from joren.decide.holdouts.contracts import EXPOSURES, ON_ARRIVAL, Holdout
from joren.plumbing.bulk import columns_of
from joren.plumbing.warehouse import warehouse

_SECOND = 1_000_000
_MOMENT = pa.timestamp("us", "UTC")


def log_exposures(number: int, firsts: pa.Table, *, until: int) -> int:
    """Add the steps that are not there yet, of (customer_id, step, at); returns how many.

    Who has no place in the lot is passed over, and so is what came to somebody before they had
    one. ``until``: the row of the ledger up to which nothing will be told any more. Safe to repeat.
    """
    one = selectors.holdout(number)
    fresh = _fresh(one, firsts) if firsts.num_rows else firsts
    if fresh.num_rows:
        _append(one, fresh)
    models.Holdout.objects.filter(pk=number).update(ledger_until=until, ledger_at=clock.now())
    return int(fresh.num_rows)


def _fresh(one: Holdout, firsts: pa.Table) -> pa.Table:
    reached = _as_now(firsts).rename_columns(["now", "step", "at"])
    both = _as_now(_placed(one), and_before=True).join(reached, "now", join_type="inner")
    later = both.filter(pc.greater_equal(both["at"], both["since"]))
    earliest = later.group_by(["customer_id", "step"]).aggregate([("at", "min")])
    earliest = earliest.select(["customer_id", "step", "at_min"])
    named = earliest.rename_columns(["customer_id", "step", "at"])
    house = warehouse()
    logged = house.engine.arrow(selectors.exposures(one.id).select("customer_id", "step"))
    if not logged.num_rows:
        return named
    return named.join(logged, ["customer_id", "step"], join_type="left anti")


def _placed(one: Holdout) -> pa.Table:
    """(customer_id, since) of everybody in the lot: the second in which they were drawn, for the
    ledger knows no smaller parts of one. Who has just come is not in the log yet."""
    if one.kind in ON_ARRIVAL:
        where = f"holdout_id = {one.id:d}"
        parts = [*columns_of(models.Place, ["customer_id", "drawn_at"], where=where)]
        if parts:
            drawn = pa.concat_tables(parts)
            return _since(drawn["customer_id"], drawn["drawn_at"])
    drawn = warehouse().engine.arrow(selectors.assigned(one.id).select("customer_id"))
    return _since(drawn["customer_id"], pa.repeat(pa.scalar(one.drawn_at, _MOMENT), drawn.num_rows))


def _since(customers: pa.ChunkedArray, drawn_at: pa.ChunkedArray | pa.Array) -> pa.Table:
    second = pc.multiply(pc.divide(drawn_at.cast(pa.int64()), _SECOND), _SECOND)
    return pa.table({"customer_id": customers, "since": second.cast(_MOMENT)})


def _as_now(rows: pa.Table, *, and_before: bool = False) -> pa.Table:
    now = pa.array(people.as_now(rows["customer_id"].to_numpy()), pa.int64())
    if and_before:
        return rows.append_column("now", now)
    return rows.set_column(0, "customer_id", now)


def _append(one: Holdout, rows: pa.Table) -> None:
    house, name = warehouse(), f"exposures-{uuid4().hex}"
    path = house.scratch / f"{name}.parquet"
    named = rows.append_column("lot", pa.repeat(one.lot, rows.num_rows))
    pq.write_table(named.select(list(EXPOSURES.columns)).sort_by("customer_id"), path)
    try:
        house.lake.append(EXPOSURES, [path], key=name)
    finally:
        path.unlink(missing_ok=True)
