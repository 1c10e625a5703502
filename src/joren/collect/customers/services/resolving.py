"""From the ways in which rows describe people to people, prepared as files and not yet kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction
from django.db.models import F

from joren.collect.customers import models, rules

_ASK_AT_ONCE = 10_000
_FILLED = ("name", "name_kana", "email", "phone", "postal_code", "prefecture")


@dataclass(frozen=True)
class Resolved:
    """``identity_of`` has (sighting_id, identity_id, customer_id); who is null is nobody known."""

    identity_of: pa.Table
    new_customers: int
    merges: int


def resolve_people(sightings: pa.Table, folder: Path, *, extra: Sequence[str] = ()) -> Resolved:
    """Find or make the person of each sighting; writes what is to be kept into ``folder``."""
    columns = {name: sightings[name].to_pylist() for name in sightings.column_names}
    keys, holders = _keys(columns)
    index = {
        key: number for number, key in enumerate(dict.fromkeys(k for row in keys for k in row))
    }
    known = _known(list(index))
    group = rules.groups(len(index), *_links(keys, index))
    owner = np.full(len(index), -1, dtype=np.int64)
    for key, (_identity, customer) in known.items():
        owner[index[key]] = customer
    stays, merges = rules.winners(group, owner, _apart())
    fresh = sorted(set(group.tolist()) - stays.keys())
    first = take_ids("customer", len(fresh))
    person = {**stays, **{number: first + place for place, number in enumerate(fresh)}}
    identity = _identities(index, known)
    _write_people(columns, keys, index, group, person, frozenset(fresh), folder, extra)
    _write_identities(index, known, identity, group, person, holders, columns, keys, folder)
    _write_merges(merges, folder)
    found = [
        (identity[row[0]], person[int(group[index[row[0]]])]) if row else (None, None)
        for row in keys
    ]
    table = pa.table(
        {
            "sighting_id": pa.array(columns["sighting_id"], pa.int64()),
            "identity_id": pa.array([pair[0] for pair in found], pa.int64()),
            "customer_id": pa.array([pair[1] for pair in found], pa.int64()),
        }
    )
    return Resolved(table, len(fresh), len(merges))


def take_ids(kind: str, count: int) -> int:
    """The first of ``count`` ids that nobody else gets."""
    with transaction.atomic():
        models.NextId.objects.get_or_create(kind=kind, defaults={"next": 1})
        models.NextId.objects.filter(kind=kind).update(next=F("next") + count)
        after = models.NextId.objects.values_list("next", flat=True).get(kind=kind)
    return after - count


def _keys(columns: Mapping[str, list[Any]]) -> tuple[list[list[str]], dict[str, str]]:
    """Up to three keys of each sighting, the strongest first, and who answers each phone."""
    phones = [phone or "" for phone in columns["phone"]]
    names = [name or "" for name in columns["name"]]
    asked = sorted({f"p:{phone}" for phone in phones if phone})
    known = {
        row.key[2:]: row.holder
        for part in _parts(asked)
        for row in models.Identity.objects.filter(key__in=part).only("key", "holder")
    }
    by_phone, holders = rules.phone_keys(phones, names, known)
    rows = []
    for store, number, email, phone, phone_key in zip(
        columns["store_id"], columns["customer_number"], columns["email"], phones, by_phone,
        strict=True,
    ):  # fmt: skip
        row = []
        if number:
            row.append(f"n:{store}:{number}")
        if email:
            row.append(f"e:{email}")
        if phone and phone_key:
            row.append(phone_key)
        rows.append(row)
    return rows, holders


def _links(keys: Sequence[Sequence[str]], index: Mapping[str, int]) -> tuple[Any, Any]:
    left = [index[row[0]] for row in keys for _ in row[1:]]
    right = [index[key] for row in keys for key in row[1:]]
    return np.array(left, dtype=np.int64), np.array(right, dtype=np.int64)


def _known(keys: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Key → (identity, customer) of those that are kept already."""
    if not models.Identity.objects.exists():
        return {}
    return {
        key: (identity, customer)
        for part in _parts(keys)
        for key, identity, customer in models.Identity.objects.filter(key__in=part).values_list(
            "key", "id", "customer_id"
        )
    }


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _ASK_AT_ONCE):
        yield keys[start : start + _ASK_AT_ONCE]


def _apart() -> frozenset[tuple[int, int]]:
    """Pairs that somebody has taken apart again."""
    undone = models.Merge.objects.filter(undone_at__isnull=False)
    return frozenset(undone.values_list("winner_id", "loser_id"))


def _identities(index: Mapping[str, int], known: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    new = [key for key in index if key not in known]
    first = take_ids("identity", len(new))
    numbered = {key: first + place for place, key in enumerate(new)}
    return {**{key: pair[0] for key, pair in known.items()}, **numbered}


def _write_people(
    columns: Mapping[str, list[Any]],
    keys: Sequence[Sequence[str]],
    index: Mapping[str, int],
    group: rules.Ints,
    person: Mapping[int, int],
    fresh: frozenset[int],
    folder: Path,
    extra: Sequence[str],
) -> None:
    """One row per person seen: the last value that was given of each field."""
    names = (*_FILLED, *extra)
    people: dict[int, dict[str, Any]] = {}
    for place, row in enumerate(keys):
        if not row:
            continue
        number = int(group[index[row[0]]])
        kept = people.setdefault(person[number], {"new": number in fresh})
        for name in names:
            if (value := columns[name][place]) is not None:
                kept[name] = value
    rows = [{"id": key, **value} for key, value in sorted(people.items())]
    fields = [("id", pa.int64()), ("new", pa.bool_())]
    kinds = {"birthday": pa.date32(), "registered_at": pa.timestamp("us", "UTC")}
    fields += [(name, kinds.get(name, pa.string())) for name in names]
    pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema(fields)), folder / "people.parquet")


def _write_identities(
    index: Mapping[str, int],
    known: Mapping[str, tuple[int, int]],
    identity: Mapping[str, int],
    group: rules.Ints,
    person: Mapping[int, int],
    holders: Mapping[str, str],
    columns: Mapping[str, list[Any]],
    keys: Sequence[Sequence[str]],
    folder: Path,
) -> None:
    """New keys, and known phones whose holder changed; sorted, which an index likes."""
    store_of = {row[0]: columns["store_id"][place] for place, row in enumerate(keys) if row}
    rows = [
        {
            "id": identity[key],
            "key": key,
            "customer_id": person[int(group[number])],
            "store_id": store_of.get(key) if key.startswith("n:") else None,
            "holder": holders.get(key[2:], "") if key.startswith("p:") else "",
            "new": key not in known,
        }
        for key, number in sorted(index.items())
        if key not in known or key.startswith("p:")
    ]
    schema = pa.schema(
        [
            ("id", pa.int64()),
            ("key", pa.string()),
            ("customer_id", pa.int64()),
            ("store_id", pa.int64()),
            ("holder", pa.string()),
            ("new", pa.bool_()),
        ]
    )
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / "identities.parquet")


def _write_merges(merges: Sequence[tuple[int, int]], folder: Path) -> None:
    moved = [
        list(models.Identity.objects.filter(customer_id=loser).values_list("id", flat=True))
        for _winner, loser in merges
    ]
    schema = pa.schema(
        [("winner", pa.int64()), ("loser", pa.int64()), ("identities", pa.list_(pa.int64()))]
    )
    rows = [
        {"winner": winner, "loser": loser, "identities": sorted(ids)}
        for (winner, loser), ids in zip(merges, moved, strict=True)
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / "merges.parquet")
