"""Addresses that came with a file or with live events, each once for its identity."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from joren.collect.customers import models, rules
from joren.collect.customers.selectors.housing import as_one
from joren.collect.customers.selectors.keyring import vault
from joren.collect.customers.services.resolving import take_ids
from joren.plumbing.bulk import filling, insert_missing, rows_with, update_rows
from joren.warehouse.journal import Turn

_BATCH: Final = 100_000
_KNOWN: Final = ["token", "id", "first_on", "last_on"]


def keep_addresses(folder: Path, import_id: int, turn: Turn) -> None:
    """Keep what ``resolve_people`` prepared; it may be repeated after a crash."""
    path = folder / "addresses.parquet"
    if not path.exists():  # prepared before there were addresses
        return
    to = {"identity_id": models.Identity}
    with (
        pq.ParquetFile(path) as file,
        filling(
            models.Address, file.metadata.num_rows, folder / "address_indexes.json", pointing=to
        ),
    ):
        for batch in file.iter_batches(_BATCH):
            with turn():
                _keep(pa.Table.from_batches([batch]), import_id)


def _keep(given: pa.Table, import_id: int) -> None:
    alike = rules.alike(given)
    ids = given["identity_id"].to_pylist()
    tokens = vault().tokens(f"a:{one}:{text}" for one, text in zip(ids, alike, strict=True))
    given = given.append_column("token", pa.array(tokens, pa.string()))
    given = _once(given.sort_by([("last_on", "ascending"), ("place", "ascending")]))
    known = rows_with(models.Address, "token", given["token"].combine_chunks(), _KNOWN)
    there = pc.is_in(given["token"], value_set=known["token"])
    _add(given.filter(pc.invert(there)), import_id)
    _see_again(given.filter(there), known)


def _once(rows: pa.Table) -> pa.Table:
    """Of those that are one place, as it was written last, with the days of all."""
    days = rows.group_by("token").aggregate([("first_on", "min"), ("last_on", "max")])
    _, last = np.unique(rows["token"].to_numpy()[::-1], return_index=True)
    rows = rows.take(pa.array(np.sort(len(rows) - 1 - last)))
    return rows.drop_columns(["first_on", "last_on"]).join(
        days.rename_columns(["token", "first_on", "last_on"]), "token"
    )


def _add(new: pa.Table, import_id: int) -> None:
    if not new.num_rows:
        return
    first = take_ids("address", new.num_rows)
    ids = list(range(first, first + new.num_rows))
    insert_missing(
        models.Address,
        pa.table(
            {
                "id": pa.array(ids, pa.int64()),
                "identity_id": new["identity_id"],
                "token": new["token"],
                "sealed": pa.array(vault().seal(ids, as_one(new)), pa.string()),
                "prefecture": new["prefecture"],
                "import_id": pa.array([import_id] * len(ids), pa.int64()),
                "first_on": new["first_on"],
                "last_on": new["last_on"],
            }
        ),
    )


def _see_again(given: pa.Table, known: pa.Table) -> None:
    """Files come in any order: the first day is the earliest that any of them told."""
    both = known.join(given.select(["token", "first_on", "last_on"]), "token", right_suffix="_told")
    if not both.num_rows:
        return
    first = pc.min_element_wise(both["first_on"], both["first_on_told"])
    last = pc.max_element_wise(both["last_on"], both["last_on_told"])
    changed = pc.or_(pc.not_equal(first, both["first_on"]), pc.not_equal(last, both["last_on"]))
    rows = pa.table({"id": both["id"], "first_on": first, "last_on": last}).filter(
        pc.fill_null(changed, False)
    )
    if rows.num_rows:
        update_rows(models.Address, rows, key="id")
