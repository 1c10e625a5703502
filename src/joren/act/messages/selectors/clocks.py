"""Where a customer's clock is: said by hand, else by files and live events, else the shop's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from joren.accounts.selectors import business
from joren.act.messages import models
from joren.collect.customers import selectors as people
from joren.plumbing.bulk import columns_of, given

_OF_THESE: Final = """
    WITH asked(customer_id) AS ({asked})
    SELECT a.customer_id, coalesce(l.zone, t.zone) FROM asked AS a
    LEFT JOIN act_messages_localzone AS l ON l.customer_id = a.customer_id
    LEFT JOIN ({told}) AS t ON t.customer_id = a.customer_id
    WHERE coalesce(l.zone, t.zone) IS NOT NULL
"""


def home_zone() -> str:
    """Where the shop's clock is."""
    return business().time_zone


def zone_of(customer: int) -> str:
    """Where their clock is; "" where the shop's is."""
    return zones_of([customer]).get(customer, "")


def zone_by_hand(customer: int) -> str:
    """The zone that somebody of the shop said; "" where nobody did."""
    row = models.LocalZone.objects.filter(customer_id=customer).first()
    return row.zone if row else ""


def zones_of(customers: Sequence[int]) -> dict[int, str]:
    """Where the clocks of these are; those who are where the shop is may be left out."""
    asked, value = given(customers)
    with connection.cursor() as cursor:
        cursor.execute(_OF_THESE.format(asked=asked, told=people.clocks_sql()), [value])
        return dict(cursor.fetchall())


def every_zone() -> list[str]:
    """Each zone in which somebody is, in the order of names; the shop's among them."""
    by_hand = models.LocalZone.objects.values_list("zone", flat=True).distinct()
    return sorted({home_zone(), *by_hand, *people.zones_told()})


def clocks() -> pa.Table:
    """(customer_id, zone) of those whose zone is known, by number."""
    hands = [*columns_of(models.LocalZone, ["customer_id", "zone"])]
    told = people.clocks()
    if not hands:
        return told
    by_hand = pa.concat_tables(hands)
    mine = pc.is_in(told["customer_id"], value_set=by_hand["customer_id"].combine_chunks())
    return pa.concat_tables([by_hand, told.filter(pc.invert(mine))]).sort_by("customer_id")


def places_of(customers: np.typing.NDArray[np.int64], zones: Sequence[str]) -> (
    np.typing.NDArray[np.int64]
):  # fmt: skip
    """Of each customer the place of their zone among these; 0 where it is not known."""
    known = clocks()
    if not known.num_rows:
        return np.zeros(len(customers), np.int64)
    ids = known["customer_id"].to_numpy()
    where = pc.fill_null(pc.index_in(known["zone"], value_set=pa.array(zones)), 0).to_numpy()
    at = np.minimum(np.searchsorted(ids, customers), ids.size - 1)
    return np.where(ids[at] == customers, where[at], 0).astype(np.int64)
