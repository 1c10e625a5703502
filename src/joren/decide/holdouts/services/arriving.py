"""A holdout for those who come one after the other: each is drawn on arrival, and once for ever.

Of every block of a stratum the same number is left out as of an audience that is drawn at once; a
block that is not full yet goes on where it stands. So both arms stay alike at every moment.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import connection, transaction
from django.db.models import F, Max

from joren.collect.customers import selectors as people
from joren.core import clock
from joren.core.people import moved
from joren.decide.holdouts import models, rules, selectors
from joren.decide.holdouts.contracts import (
    ARRIVALS,
    NEW,
    ON_ARRIVAL,
    Design,
    Holdout,
    HoldoutClosed,
    Kind,
    NoSuchHoldout,
)
from joren.decide.holdouts.services.keeping import keep
from joren.plumbing.bulk import columns_of, given, insert_missing
from joren.understand.ranks import selectors as ranks
from joren.warehouse import Warehouse

_LOGGED: Final = ["id", "customer_id", "stratum", "place", "held_out", "drawn_at"]
_ARMS: Final = pa.schema(
    [("customer_id", pa.int64()), ("held_out", pa.bool_()), ("stratum", pa.int64())]
)


def stand(name: str, *, share: float, by: str, note: str = "") -> Holdout:
    """Open a holdout that nobody has come to yet."""
    return _stand("standing", name, share, by, note)


def stand_trial(name: str, *, by: str) -> Holdout:
    """The same for a practice: half of those who come are without it."""
    return _stand("trial", name, 0.5, by, "")


def _stand(kind: Kind, name: str, share: float, by: str, note: str) -> Holdout:
    return keep(
        Holdout(
            id=0, name=name, kind=kind, segment_id=None, segment_version=None,
            design=rules.design_of(share), salt=secrets.token_hex(16), snapshot_id=None,
            as_of=None, drawn_at=clock.now(), drawn_by=by, note=note, treated=0, held_out=0,
        )
    )  # fmt: skip


class _Stands(NamedTuple):
    held_out: bool
    stratum: int
    place: int


@transaction.atomic
def assign(number: int, customers: Sequence[int]) -> pa.Table:
    """(customer_id, held_out, stratum) of each customer, by number; who is new is drawn now.

    Call it in the transaction of what depends on the arm. Others who want places of the same
    holdout wait for its end. Who was drawn under a number that turned out to be the same person's
    keeps that arm, and who is of one household with somebody who has come gets theirs.
    """
    rows = models.Holdout.objects.select_for_update()
    row = rows.filter(pk=number, kind__in=ON_ARRIVAL).first()
    if row is None:
        raise NoSuchHoldout(f"there is no standing holdout {number}", hint="joren holdouts list")
    wanted = sorted(set(customers))
    placed = _placed(number, wanted)
    fresh = [one for one in wanted if one not in placed]
    if fresh:
        if row.closed_at is not None:
            raise HoldoutClosed(f"“{row.name}” was closed", hint="open a new one")
        _draw(row, np.array(fresh, dtype=np.int64))
        placed |= _placed(number, fresh)
    arms = [placed[one] for one in wanted]
    return pa.table(
        [wanted, [one.held_out for one in arms], [one.stratum for one in arms]], schema=_ARMS
    )


def log_arrivals(house: Warehouse) -> int:
    """Write who came since the last time into the log of the warehouse; returns how many.

    Rows of one holdout are numbered in the order of their transactions, which wait for one another.
    """
    logged, written = selectors.logged_until(house), 0
    for row in models.Holdout.objects.filter(kind__in=ON_ARRIVAL).order_by("pk"):
        one = selectors.holdout(row.pk)
        after = logged.get(one.lot, 0)
        newest = row.places.aggregate(newest=Max("pk"))["newest"] or 0
        if newest > after:
            where = f"holdout_id = {row.pk:d} AND id > {after:d} AND id <= {newest:d}"
            parts = [*columns_of(models.Place, _LOGGED, where=where)]
            _append(house, one.lot, pa.concat_tables(parts), f"arrivals-{one.lot}", newest)
            written += sum(part.num_rows for part in parts)
    return written


def _draw(row: models.Holdout, fresh: np.ndarray) -> None:
    """Give each household a place in its stratum: that of whom of it has come, or the next."""
    known = people.households()
    each = people.household_of(fresh, known)
    units, oldest, of = np.unique(each, return_index=True, return_inverse=True)
    heads, stand = fresh[oldest], _that_stand(row.pk, units, known)
    new = np.array([one not in stand for one in units.tolist()], dtype=np.bool_)
    strata, places = np.empty((2, units.size), dtype=np.int64)
    for unit in np.flatnonzero(~new).tolist():
        strata[unit], places[unit] = stand[int(units[unit])][1:]
    decile = ranks.deciles_of(heads[new].tolist())
    strata[new] = [decile.get(one, NEW) for one in heads[new].tolist()]
    places[new] = _next_places(row, strata[new], heads[new])
    strata, places = strata[of], places[of]
    held = rules.held_out(strata, places, Design(row.block, row.held), row.salt)
    now = pa.scalar(clock.now(), pa.timestamp("us", "UTC"))
    insert_missing(
        models.Place,
        pa.table(
            {
                "holdout_id": pa.repeat(row.pk, fresh.size).cast(pa.int64()),
                "customer_id": fresh,
                "stratum": strata,
                "place": places,
                "held_out": held,
                "drawn_at": pa.repeat(now, fresh.size),
            }
        ),
    )
    left_out = int(held.sum())
    models.Holdout.objects.filter(pk=row.pk).update(
        treated=F("treated") + fresh.size - left_out, held_out=F("held_out") + left_out
    )


def _next_places(row: models.Holdout, strata: np.ndarray, heads: np.ndarray) -> np.ndarray:
    taken = dict(
        row.places.values_list("stratum").annotate(last=Max("place")).values_list("stratum", "last")
    )
    begin = np.array([taken.get(one, -1) + 1 for one in strata.tolist()], dtype=np.int64)
    return begin + rules.places_in(strata, rules.order_of(heads, row.salt))


def _that_stand(number: int, units: np.ndarray, known: pa.Table) -> dict[int, _Stands]:
    """Of households of which somebody has come: where they stand."""
    theirs = known.filter(pc.is_in(known["household"], pa.array(units)))
    if not theirs.num_rows:
        return {}
    placed = _placed(number, theirs["customer_id"].to_pylist())
    found: dict[int, _Stands] = {}
    for member, household in zip(*(theirs[name].to_pylist() for name in theirs.column_names),
                                 strict=True):  # fmt: skip
        if member in placed:
            found.setdefault(household, placed[member])
    return found


def _placed(number: int, customers: Sequence[int]) -> dict[int, _Stands]:
    """Where those stand who have a place, under whom they are now."""
    asked, value = given(customers)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH wanted(customer_id) AS ({asked}),
            known(customer_id, person_id) AS (
                SELECT customer_id, customer_id FROM wanted
                UNION ALL
                SELECT m.customer_id, m.person_id FROM ({moved()}) AS m
                WHERE m.person_id IN (SELECT customer_id FROM wanted)
            )
            SELECT known.person_id, p.held_out, p.stratum, p.place
            FROM known JOIN holdouts_place AS p
                ON p.holdout_id = %s AND p.customer_id = known.customer_id
            ORDER BY p.id DESC
            """,
            [value, number],
        )
        # The first place counts, whatever they were drawn as later.
        return {one: _Stands(bool(held), *where) for one, held, *where in cursor.fetchall()}


def _append(house: Warehouse, lot: int, rows: pa.Table, key: str, number: int) -> None:
    path = house.scratch / f"holdout-{uuid4().hex}.parquet"
    named = rows.rename_columns(["number", *_LOGGED[1:]])
    named = named.append_column("lot", pa.repeat(lot, rows.num_rows).cast(pa.int64()))
    pq.write_table(named.select(list(ARRIVALS.columns)).sort_by("customer_id"), path)
    try:
        house.lake.append(ARRIVALS, [path], key=key, number=number)
    finally:
        path.unlink(missing_ok=True)
