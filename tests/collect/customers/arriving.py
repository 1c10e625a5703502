"""Rows of people brought into the database as an import brings them."""

from __future__ import annotations

from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from joren.collect.customers import models
from joren.collect.customers.contracts import CUSTOMER, SIGHTING
from joren.collect.customers.services import keep_people, resolve_people, store_named
from joren.plumbing.warehouse import warehouse

_imports = count(1)
_EXTRA = ("birthday", "gender")
_COLUMNS = {
    **SIGHTING.columns,
    "line_id": "string",
    **{name: CUSTOMER.columns[name] for name in _EXTRA},
}
_SCHEMA = ibis.schema(_COLUMNS).to_pyarrow()


def keep(folder: Path, *given: dict[str, Any], store: str = "own") -> list[int | None]:
    """Import these sightings; returns the customer of each."""
    return keep_as(next(_imports), folder, *given, store=store)


def keep_as(
    number: int, folder: Path, *given: dict[str, Any], store: str = "own"
) -> list[int | None]:
    """``keep``, as the import of that number."""
    of = store_named(store).id
    full = [
        {**dict.fromkeys(_COLUMNS), "store_id": of, "sighting_id": place, **_dated(row)}
        for place, row in enumerate(given)
    ]
    house = warehouse()
    work = folder / str(number)
    work.mkdir()
    with house.engine.session() as holding:
        sightings = holding.take(pa.Table.from_pylist(full, schema=_SCHEMA))
        found = resolve_people(holding, sightings, work, extra=_EXTRA).identity_of
        rows = house.engine.rows(found.order_by("sighting_id"))
    keep_people(work, import_id=number)
    keep_people(work, import_id=number)  # as after a crash
    return [row["customer_id"] for row in rows]


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    born = row.get("birthday")
    return {**row, "birthday": date.fromisoformat(born) if born else None}


def together() -> set[frozenset[str]]:
    """The keys of each person."""
    by_person: dict[int, set[str]] = {}
    for key, person in models.Identity.objects.values_list("key", "customer_id"):
        by_person.setdefault(person, set()).add(key)
    return {frozenset(keys) for keys in by_person.values()}


def forget_all() -> None:
    """Nobody is known any more."""
    models.Customer.objects.update(merged_into=None)
    for model in (models.Apart, models.Double, models.Merge, models.Identity, models.Customer):
        model._default_manager.all().delete()


def everything() -> dict[str, Any]:
    """Identities, attributes and device links, as the database has them."""
    return {
        "identities": list(models.Identity.objects.order_by("pk").values()),
        "customers": list(models.Customer.objects.order_by("pk").values()),
        "links": list(models.DeviceLink.objects.order_by("pk").values()),
    }
