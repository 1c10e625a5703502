"""A holdout for those who come one after the other: each is drawn on arrival, and once for ever.

Of every block of a stratum the same number is left out as of an audience that is drawn at once; a
block that is not full yet goes on where it stands. So both arms stay alike at every moment.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection, transaction
from django.db.models import F, Max

from joren.core import clock
from joren.core.people import moved
from joren.decide.holdouts import models, rules, selectors
from joren.decide.holdouts.contracts import (
    ARRIVALS,
    NEW,
    Design,
    Holdout,
    HoldoutClosed,
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
    return keep(
        Holdout(
            id=0, name=name, kind="standing", segment_id=None, segment_version=None,
            design=rules.design_of(share), salt=secrets.token_hex(16), snapshot_id=None,
            as_of=None, drawn_at=clock.now(), drawn_by=by, note=note, treated=0, held_out=0,
        )
    )  # fmt: skip


@transaction.atomic
def assign(number: int, customers: Sequence[int]) -> pa.Table:
    """(customer_id, held_out, stratum) of each customer, by number; who is new is drawn now.

    Call it in the transaction of what depends on the arm. Others who want places of the same
    holdout wait for its end. Who was drawn under a number that turned out to be the same person's
    keeps that arm.
    """
    row = models.Holdout.objects.select_for_update().filter(pk=number, kind="standing").first()
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
        [wanted, [held for held, _ in arms], [stratum for _, stratum in arms]], schema=_ARMS
    )


def log_arrivals(house: Warehouse) -> int:
    """Write who came since the last time into the log of the warehouse; returns how many.

    Rows of one holdout are numbered in the order of their transactions, which wait for one another.
    """
    logged, written = selectors.logged_until(house), 0
    for row in models.Holdout.objects.filter(kind="standing").order_by("pk"):
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
    """Give each a place in their stratum, after those who have one."""
    design = Design(row.block, row.held)
    decile = ranks.deciles_of(fresh.tolist())
    strata = np.array([decile.get(one, NEW) for one in fresh.tolist()], dtype=np.int64)
    taken = dict(
        row.places.values_list("stratum").annotate(last=Max("place")).values_list("stratum", "last")
    )
    begin = np.array([taken.get(one, -1) + 1 for one in strata.tolist()], dtype=np.int64)
    places = begin + rules.places_in(strata, rules.order_of(fresh, row.salt))
    held = rules.held_out(strata, places, design, row.salt)
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


def _placed(number: int, customers: Sequence[int]) -> dict[int, tuple[bool, int]]:
    """(held out, stratum) of those who have a place, under whom they are now."""
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
            SELECT known.person_id, p.held_out, p.stratum
            FROM known JOIN holdouts_place AS p
                ON p.holdout_id = %s AND p.customer_id = known.customer_id
            ORDER BY p.id DESC
            """,
            [value, number],
        )
        # The first place counts, whatever they were drawn as later.
        return {one: (bool(held), stratum) for one, held, stratum in cursor.fetchall()}


def _append(house: Warehouse, lot: int, rows: pa.Table, key: str, number: int) -> None:
    path = house.scratch / f"holdout-{uuid4().hex}.parquet"
    named = rows.rename_columns(["number", *_LOGGED[1:]])
    named = named.append_column("lot", pa.repeat(lot, rows.num_rows).cast(pa.int64()))
    pq.write_table(named.select(list(ARRIVALS.columns)).sort_by("customer_id"), path)
    try:
        house.lake.append(ARRIVALS, [path], key=key, number=number)
    finally:
        path.unlink(missing_ok=True)
