"""What the warehouse may know of people: whose an identity is, and traits without a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from joren.collect.customers import contracts, models, rules
from joren.collect.customers.selectors.housing import newest_prefectures
from joren.collect.life_stages.selectors import standing
from joren.core import clock
from joren.core.ids import CustomerId, IdentityId
from joren.plumbing.bulk import columns_of
from joren.protect.consent.selectors import agreed_matters, willing
from joren.warehouse import Warehouse

# By its index: of the condition alone, SQLite would pass over everybody in the order of their ids.
_MERGED: Final = "id IN (SELECT id FROM customers_customer WHERE merged_into_id IS NOT NULL)"

_KINDS: Final = {
    "string": pa.string(), "int64": pa.int64(), "date": pa.date32(), "boolean": pa.bool_(),
}  # fmt: skip


def person_of(_warehouse: Warehouse) -> pa.Table:
    """(identity_id, customer_id): which person each source identity belongs to now."""
    known = _identities(["id", "customer_id"]).rename_columns(["identity_id", "customer_id"])
    return pa.concat_tables([known, _devices()])


def merged() -> pa.Table:
    """(customer_id, now): who each customer that was merged is now, however often merged since."""
    names = ["id", "merged_into_id"]
    parts = [*columns_of(models.Customer, names, where=_MERGED)]
    if not parts:
        kinds = [("customer_id", pa.int64()), ("now", pa.int64())]
        return pa.schema(kinds).empty_table()
    every = pa.concat_tables(parts).sort_by("id")
    before, now = every["id"].to_numpy(), every["merged_into_id"].to_numpy()
    while True:
        places = np.minimum(np.searchsorted(before, now), before.size - 1)
        further = before[places] == now
        if not further.any():
            return pa.table({"customer_id": before, "now": now})
        now = np.where(further, now[places], now)


def as_now(ids: rules.Ints) -> rules.Ints:
    """Each customer's number, or that of whom they were found to be."""
    return replaced(ids, merged(), "now")


def replaced(ids: rules.Ints, known: pa.Table, by: str) -> rules.Ints:
    """The column ``by`` of each that is known, others as they are; ``known`` has a row for each
    ``customer_id``, by number."""
    if not known.num_rows:
        return ids
    keys, values = known["customer_id"].to_numpy(), known[by].to_numpy()
    places = np.minimum(np.searchsorted(keys, ids), keys.size - 1)
    found: rules.Ints = np.where(keys[places] == ids, values[places], ids)
    return found


def traits(_warehouse: Warehouse, zone: str) -> pa.Table:
    """TRAITS of everybody; days are those of the business's zone."""
    names = ["id", "birthday", "gender", "prefecture", "acquisition_source", "registered_at",
             "language"]  # fmt: skip
    parts = [*columns_of(models.Customer, names, where="merged_into_id IS NULL")]
    every = pa.concat_tables(parts) if parts else None
    if every is None:
        kinds = {name: _KINDS[kind] for name, kind in contracts.TRAITS.columns.items()}
        return pa.schema(list(kinds.items())).empty_table()
    moments = every["registered_at"].cast(pa.timestamp("us", zone))
    found = pa.table(
        {
            "customer_id": every["id"],
            "birth_day": pc.strftime(every["birthday"], "%m-%d"),
            "prefecture": _living(every["id"], _said(every["prefecture"])),
            "acquisition_source": _said(every["acquisition_source"]),
            "registered_on": pc.local_timestamp(moments).cast(pa.date32()),
            **_consents(every["id"]),
            **_stages(every["id"]),
            "gender": rules.genders(every["gender"]),
            "age_band": rules.age_bands(every["birthday"], clock.shop_day(clock.now(), zone)),
            "language": _said(every["language"]),
        }
    )
    return found.select([*contracts.TRAITS.columns])


def _stages(ids: pa.ChunkedArray) -> dict[str, pa.ChunkedArray]:
    """In which stage of life each of these is, since when, and when that became another."""
    found = standing(merged())
    places = pc.index_in(ids, value_set=found["customer_id"])
    return {name: found[name].take(places) for name in found.column_names if name != "customer_id"}


def _consents(ids: pa.ChunkedArray) -> dict[str, pa.ChunkedArray]:
    """Who may be reached how and for what; of what nobody agreed to nothing is looked up."""
    agreed, nobody = agreed_matters(), pa.array([], pa.int64())
    return {
        name: pc.is_in(ids, value_set=willing(*matter) if matter in agreed else nobody)
        for name, matter in contracts.CONSENTS.items()
    }


def _living(ids: pa.ChunkedArray, said: pa.ChunkedArray) -> pa.ChunkedArray:
    """The prefecture of the newest address, else what was said of the customer."""
    newest = newest_prefectures()
    places = pc.index_in(ids, value_set=newest["customer_id"])
    return pc.coalesce(newest["prefecture"].take(places), said)


def _said(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Null where nobody said anything."""
    return pc.if_else(pc.equal(texts, ""), None, texts)


def store_numbers(_warehouse: Warehouse) -> pa.Table:
    """(customer_id, store_customer_number): the number of the first store that gave one."""
    known = _identities(["id", "customer_id", "key"], where="key LIKE 'n:%%'").sort_by("id")
    # In the order of the rows, which many threads would not keep.
    first = known.group_by("customer_id", use_threads=False).aggregate([("key", "first")])
    number = pc.replace_substring_regex(first["key_first"], pattern="^n:[0-9]+:", replacement="")
    return pa.table({"customer_id": first["customer_id"], "store_customer_number": number})


def _identities(names: list[str], *, where: str = "TRUE") -> pa.Table:
    parts = list(columns_of(models.Identity, names, where=where))
    if not parts:
        kinds = [pa.string() if name == "key" else pa.int64() for name in names]
        return pa.schema(zip(names, kinds, strict=True)).empty_table()
    return pa.concat_tables(parts)


_OF_ONE = """
    SELECT link.device_id, MIN(who.customer_id) FROM customers_devicelink AS link
    JOIN customers_identity AS who ON who.id = link.identity_id {where}
    GROUP BY link.device_id HAVING COUNT(DISTINCT who.customer_id) = 1
"""
_THEIRS = """
    WHERE link.device_id IN (
        SELECT device_id FROM customers_devicelink AS mine
        JOIN customers_identity AS i ON i.id = mine.identity_id WHERE i.customer_id = %s
    )
"""


def _devices() -> pa.Table:
    """The devices that one customer alone uses."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONE.format(where=""))
        rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) or [(), ()]
    return pa.table(
        {
            "identity_id": pa.array(columns[0], pa.int64()),
            "customer_id": pa.array(columns[1], pa.int64()),
        }
    )


def owners_of(identities: Sequence[int]) -> dict[int, CustomerId]:
    """Whose these identities and devices are, where that is known; for the rows of one page."""
    ids = list({*identities})
    known = models.Identity.objects.filter(pk__in=ids).values_list("pk", "customer_id")
    found = {pk: CustomerId(customer) for pk, customer in known}
    if rest := [one for one in ids if one not in found]:
        marks = ", ".join(["%s"] * len(rest))
        with connection.cursor() as cursor:
            cursor.execute(_OF_ONE.format(where=f"WHERE link.device_id IN ({marks})"), rest)
            found |= {device: CustomerId(owner) for device, owner in cursor.fetchall()}
    return found


def devices_of(customer_id: CustomerId) -> dict[str, IdentityId]:
    """The devices that this customer alone uses: anonymous id and what facts carry."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONE.format(where=_THEIRS), [customer_id])
        ids = [device for device, owner in cursor.fetchall() if owner == customer_id]
    found = models.Device.objects.filter(pk__in=ids).order_by("pk")
    return {row.anonymous_id: IdentityId(row.pk) for row in found}
