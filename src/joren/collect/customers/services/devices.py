"""Browsers and apps, and as whom people were known on them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from joren.collect.customers import models
from joren.collect.customers.services.resolving import take_ids
from joren.plumbing.bulk import insert_missing, rows_with

_DEVICES = "devices.parquet"
_LINKS = "device_links.parquet"
_HEARD = "heard.parquet"


def prepare_devices(seen: pa.Table, heard: pa.Array, folder: Path) -> pa.Table:
    """Prepare what ``keep_devices`` keeps; returns (anonymous_id, device_id) of all that were seen.

    ``seen`` has (anonymous_id, identity_id), with null for a device on which nobody said who they
    are; ``heard`` are the identities that live events carry.
    """
    wanted = pc.unique(seen["anonymous_id"])
    known = rows_with(models.Device, "anonymous_id", wanted, ["anonymous_id", "id"])
    fresh = wanted.filter(pc.invert(pc.is_in(wanted, value_set=known["anonymous_id"])))
    first = take_ids("identity", len(fresh))
    ids = pa.array(range(first, first + len(fresh)), pa.int64())
    pq.write_table(pa.table({"id": ids, "anonymous_id": fresh}), folder / _DEVICES)
    devices = pa.table(
        {
            "anonymous_id": pa.concat_arrays([known["anonymous_id"].combine_chunks(), fresh]),
            "device_id": pa.concat_arrays([known["id"].combine_chunks(), ids]),
        }
    )
    links = seen.filter(pc.is_valid(seen["identity_id"])).join(devices, "anonymous_id")
    links = links.select(["device_id", "identity_id"]).group_by(["device_id", "identity_id"])
    pq.write_table(links.aggregate([]), folder / _LINKS)
    pq.write_table(pa.table({"identity_id": pc.unique(heard)}), folder / _HEARD)
    return devices


def keep_devices(folder: Path) -> None:
    """Keep what was prepared; may be repeated."""
    for file, model in (
        (_DEVICES, models.Device),
        (_LINKS, models.DeviceLink),
        (_HEARD, models.Heard),
    ):
        insert_missing(model, pq.read_table(folder / file))
