"""Prepared people into the database: each step may be repeated after a crash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from joren.collect.customers import models, rules
from joren.collect.customers.selectors.keyring import CONTACTS, opened, vault
from joren.collect.customers.services.agreeing import keep_agreed, parted
from joren.collect.customers.services.coming import have_come
from joren.collect.customers.services.housing import keep_addresses
from joren.collect.customers.services.merging import Pair, merge_pairs
from joren.collect.customers.services.placeholders import keep_placeholders
from joren.collect.customers.services.writing import add_customers, closed
from joren.collect.life_stages.services import take_said
from joren.plumbing.bulk import filling, insert_missing, rows_with, update_rows
from joren.protect.erasure.services import refuse_who_arrive
from joren.warehouse.journal import Turn

_BATCH = 100_000
_MERGES_AT_ONCE = 500
_TEXTS = (
    "name", "name_kana", "email", "phone", "postal_code", "prefecture", "gender",
    "acquisition_source", "language", "time_zone",
)  # fmt: skip
_TIMES = ("birthday", "registered_at")
_READ = {"language": rules.languages, "time_zone": rules.zones}
"""What is written in many ways and kept in one; what is none of them nobody said."""


def keep_people(
    folder: Path, *, import_id: int, replace: bool = False, turn: Turn = nullcontext
) -> None:
    """Keep what ``resolve_people`` prepared. ``replace`` lets the file overrule what is known.

    A number below zero is of live events: no import, and never taken back. Each part that live
    events may not meet half written is done in a ``turn``.
    """
    keep_placeholders(folder, import_id=import_id)
    people, identities = _remember_blocks(folder, import_id)
    with filling(models.Customer, people, folder / "customer_indexes.json"):
        _keep_customers(folder, import_id, turn, replace=replace)
    to = {"customer_id": models.Customer, "store_id": models.Store}
    with filling(models.Identity, identities, folder / "identity_indexes.json", pointing=to):
        _keep_identities(folder, import_id, turn)
    keep_addresses(folder, import_id, turn)
    with pq.ParquetFile(folder / "merges.parquet") as file:
        for batch in file.iter_batches(_MERGES_AT_ONCE):
            with turn():
                _merge(batch.to_pylist(), import_id)
    # Who was erased and came back has refused all, before anybody can be written to.
    refuse_who_arrive(_arrived(folder))
    have_come(folder)


def _arrived(folder: Path) -> Iterator[Sequence[tuple[str, int]]]:
    """New keys as they were said, and whose they are by now."""
    merged = pq.read_table(folder / "merges.parquet", columns=["loser", "winner"])
    now = dict(zip(merged["loser"].to_pylist(), merged["winner"].to_pylist(), strict=True))
    for identities in _parts(folder / "identities.parquet"):
        new = identities.filter(identities["new"])
        said = pc.coalesce(new["said"], new["key"]).to_pylist()
        whose = [now.get(one, one) for one in new["customer_id"].to_pylist()]
        yield list(zip(said, whose, strict=True))


def _keep_customers(folder: Path, import_id: int, turn: Turn, *, replace: bool) -> None:
    for said in _parts(folder / "people.parquet"):
        with turn():
            people, agreed = parted(_in_our_words(take_said(said, import_id=import_id)))
            add_customers(_complete(people.filter(people["new"])))
            _fill_known(people.filter(pc.invert(people["new"])), replace=replace)
            keep_agreed(agreed, import_id)


def _in_our_words(people: pa.Table) -> pa.Table:
    for place, name in enumerate(people.column_names):
        if name in _READ:
            people = people.set_column(place, name, _READ[name](people[name]))
    return people


def _keep_identities(folder: Path, import_id: int, turn: Turn) -> None:
    for identities in _parts(folder / "identities.parquet"):
        new = identities.filter(identities["new"]).drop_columns("new")
        came = pa.array(np.full(len(new), import_id), pa.int64())
        sealed = vault().seal(new["id"].to_pylist(), new["said"].to_pylist())
        new = new.drop_columns("said").append_column("sealed", pa.array(sealed, pa.string()))
        seen = identities.filter(pc.invert(identities["new"]))
        with turn():
            insert_missing(models.Identity, new.append_column("import_id", came))
            update_rows(models.Identity, seen.select(["id", "last_seen_on"]), key="id")


def _remember_blocks(folder: Path, import_id: int) -> tuple[int, int]:
    """Which ids this import makes: ids are taken in blocks, so first and last say them all.

    Returns how many people and identities are new.
    """
    ends: dict[str, int | None] = {}
    counts = []
    new = [("new", "=", True)]
    for file, kind in (("people", "customer"), ("identities", "identity")):
        found = pq.read_table(folder / f"{file}.parquet", columns=["id"], filters=new)
        counts.append(found.num_rows)
        ends |= {
            f"{end}_{kind}": value.as_py()
            for end, value in (("first", pc.min(found["id"])), ("last", pc.max(found["id"])))
        }
    if import_id > 0:
        models.Arrival.objects.update_or_create(import_id=import_id, defaults=ends)
    people, identities = counts
    return people, identities


def _parts(path: Path) -> Iterator[pa.Table]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH):
            yield pa.Table.from_batches([batch])


def _complete(people: pa.Table) -> pa.Table:
    """Rows of customers: what nobody said is "" or null."""
    rows = pa.table({"id": people["id"]})
    for name in _TEXTS:
        given = people[name] if name in people.column_names else pa.nulls(len(rows), pa.string())
        rows = rows.append_column(name, pc.fill_null(given, ""))
    for name in _TIMES:
        if name in people.column_names:
            rows = rows.append_column(name, people[name])
    return rows


def _fill_known(given: pa.Table, *, replace: bool) -> None:
    """Give known people what they lack; with ``replace`` also what is newer."""
    if not given.num_rows:
        return
    names = [name for name in given.column_names if name not in ("id", "new")]
    asked = ["id", "sealed", *(name for name in names if name not in CONTACTS)]
    kept = opened(rows_with(models.Customer, "id", given["id"].combine_chunks(), asked))
    both = kept.join(given.drop_columns("new"), "id", right_suffix="_given")
    columns, changed = {"id": both["id"]}, None
    for name in names:
        news = _news(both[name], both[f"{name}_given"], replace=replace)
        columns[name] = pc.if_else(news, both[f"{name}_given"], both[name])
        changed = news if changed is None else pc.or_(changed, news)
    update_rows(models.Customer, closed(pa.table(columns).filter(changed)), key="id")


def _news(kept: Any, given: Any, *, replace: bool) -> Any:
    """Where something is given that is not kept yet."""
    text = pa.types.is_string(kept.type)
    said = pc.not_equal(given, "") if text else pc.is_valid(given)
    lacking = pc.equal(kept, "") if text else pc.is_null(kept)
    other = pc.fill_null(pc.not_equal(given, kept), True)
    return pc.fill_null(pc.and_(said, other if replace else lacking), False)


def _merge(pairs: Sequence[dict[str, Any]], import_id: int) -> None:
    """By strong evidence: what stood on one row is one person's.

    A loser may have got an identity since the pairs were prepared.
    """
    losers = [pair["loser"] for pair in pairs]
    made = models.Merge.objects.filter(import_id=import_id, loser_id__in=losers)
    done = set(made.values_list("loser_id", flat=True))
    new = [loser for loser in losers if loser not in done]
    theirs = rows_with(
        models.Identity, "customer_id", pa.array(new, pa.int64()), ["customer_id", "id"]
    )
    owned: dict[int, list[int]] = {}
    for row in theirs.sort_by("id").to_pylist():
        owned.setdefault(row["customer_id"], []).append(row["id"])
    news = [Pair(p["winner"], p["loser"], owned.get(p["loser"], [])) for p in pairs
            if p["loser"] not in done]  # fmt: skip
    by = f"import:{import_id}" if import_id > 0 else "live"
    merge_pairs(news, by=by, evidence=("one_row",), import_id=import_id)
