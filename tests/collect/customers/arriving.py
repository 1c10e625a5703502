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
from joren.collect.customers.selectors.keyring import keys_in, opened
from joren.collect.customers.services import keep_people, resolve_people, store_named
from joren.collect.customers.services.writing import add_customers
from joren.plumbing.warehouse import warehouse

_imports = count(1)
_EXTRA = ("birthday", "gender")
_COLUMNS = {
    **SIGHTING.columns,
    "line_id": "string",
    "addressed_at": "timestamp('UTC', 6)",
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


def add_person(number: int, **known: str) -> None:
    """Somebody of whom that is known, without an identity."""
    add_customers(
        pa.table({"id": pa.array([number], pa.int64())} | {k: [known.get(k, "")] for k in _TEXTS})
    )


_TEXTS = (
    "name", "name_kana", "email", "phone", "postal_code", "prefecture", "gender",
    "acquisition_source",
)  # fmt: skip


def together() -> set[frozenset[str]]:
    """The keys of each person."""
    by_person: dict[int, set[str]] = {}
    rows = list(models.Identity.objects.all())
    for row, key in zip(rows, keys_in(rows), strict=True):
        by_person.setdefault(row.customer_id, set()).add(key)
    return {frozenset(keys) for keys in by_person.values()}


def _customers() -> list[dict[str, Any]]:
    """With what is sealed opened, since the same is sealed otherwise each time."""
    rows = list(models.Customer.objects.order_by("pk").values())
    sealed = pa.table({name: [row.pop(name) for row in rows] for name in ("sealed",)})
    sealed = sealed.append_column("id", pa.array([row["id"] for row in rows], pa.int64()))
    return [{**row, **told} for row, told in zip(rows, opened(sealed).to_pylist(), strict=True)]


def forget_all() -> None:
    """Nobody is known any more."""
    models.Customer.objects.update(merged_into=None)
    for model in (models.Apart, models.Double, models.Merge, models.Identity, models.Customer):
        model._default_manager.all().delete()


def everything() -> dict[str, Any]:
    """Identities, attributes and device links, as the database has them."""
    return {
        "identities": list(models.Identity.objects.order_by("pk").values()),
        "customers": _customers(),
        "links": list(models.DeviceLink.objects.order_by("pk").values()),
    }
