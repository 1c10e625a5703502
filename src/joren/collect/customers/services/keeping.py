"""Prepared people into the database: each step may be repeated after a crash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.db import transaction

from joren.collect.customers import models, rules
from joren.core import clock
from joren.plumbing.bulk import insert_missing

_BATCH = 20_000
_COLUMNS = ("id", "name", "name_kana", "email", "phone", "postal_code", "prefecture", "birthday")
_LATER = ("gender", "acquisition_source", "registered_at")
_SEARCHED = ("search_name", "search_kana", "search_phone")
_TEXTS = ("name", "name_kana", "email", "phone", "postal_code", "prefecture", "gender")


def keep_people(folder: Path, *, import_id: int, replace: bool = False) -> None:
    """Keep what ``resolve_people`` prepared. ``replace`` lets the file overrule what is known."""
    insert_missing(
        models.Customer, (*_COLUMNS, *_LATER, *_SEARCHED), _new_rows(folder / "people.parquet")
    )
    _fill_known(folder / "people.parquet", replace=replace)
    insert_missing(
        models.Identity,
        ("id", "key", "customer_id", "store_id", "holder"),
        (
            (r["id"], r["key"], r["customer_id"], r["store_id"], r["holder"])
            for r in _rows(folder / "identities.parquet")
            if r["new"]
        ),
    )
    _change_holders(folder / "identities.parquet")
    for row in _rows(folder / "merges.parquet"):
        _merge(row["winner"], row["loser"], row["identities"], import_id)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH):
            yield from batch.to_pylist()


def _new_rows(path: Path) -> Iterator[tuple[Any, ...]]:
    for row in _rows(path):
        if row["new"]:
            texts = {name: row.get(name) or "" for name in (*_TEXTS, "acquisition_source")}
            full = {"birthday": None, "registered_at": None, **row, **texts, **_searched(texts)}
            yield tuple(full[name] for name in (*_COLUMNS, *_LATER, *_SEARCHED))


def _searched(row: dict[str, Any]) -> dict[str, str]:
    return {
        "search_name": rules.searchable(row["name"]),
        "search_kana": rules.searchable(row["name_kana"]),
        "search_phone": rules.phone_tail(row["phone"]),
    }


def _fill_known(path: Path, *, replace: bool) -> None:
    """Give known people what they lack; with ``replace`` also what is newer."""
    for part in _parts(row for row in _rows(path) if not row["new"]):
        given = {row.pop("id"): row for row in part}
        changed = []
        for person in models.Customer.objects.filter(pk__in=list(given)):
            news = {
                name: value
                for name, value in given[person.pk].items()
                if name != "new" and value not in (None, "") and getattr(person, name) != value
            }
            if not replace:
                news = {name: v for name, v in news.items() if not getattr(person, name)}
            if news:
                for name, value in news.items():
                    setattr(person, name, value)
                for name, text in _searched(vars(person)).items():
                    setattr(person, name, text)
                changed.append(person)
        fields = [name for name in (*_COLUMNS, *_LATER, *_SEARCHED) if name != "id"]
        models.Customer.objects.bulk_update(changed, fields, batch_size=500)


def _change_holders(path: Path) -> None:
    for part in _parts(row for row in _rows(path) if not row["new"]):
        holders = {row["id"]: row["holder"] for row in part}
        found = models.Identity.objects.filter(pk__in=list(holders))
        changed = [row for row in found if row.holder != holders[row.pk]]
        for row in changed:
            row.holder = holders[row.pk]
        models.Identity.objects.bulk_update(changed, ["holder"], batch_size=500)


def _parts(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) == 5_000:
            yield part
            part = []
    if part:
        yield part


@transaction.atomic
def _merge(winner: int, loser: int, identities: list[int], import_id: int) -> None:
    _row, made = models.Merge.objects.get_or_create(
        import_id=import_id,
        loser_id=loser,
        defaults={"winner_id": winner, "identities": identities, "at": clock.now()},
    )
    if made:
        models.Identity.objects.filter(pk__in=identities).update(customer_id=winner)
        models.Customer.objects.filter(pk=loser).update(merged_into_id=winner)
