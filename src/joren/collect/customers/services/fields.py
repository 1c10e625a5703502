"""What is known of some customers, read and written field by field; for few at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import pyarrow as pa

from joren.collect.customers import models
from joren.collect.customers.selectors.keyring import CONTACTS, opened
from joren.collect.customers.services.writing import closed
from joren.plumbing.bulk import rows_with, update_rows

FIELDS: Final[Mapping[str, Any]] = {
    **dict.fromkeys(
        ("name", "name_kana", "email", "phone", "postal_code", "prefecture", "gender",
         "acquisition_source", "language", "time_zone"),
        "",
    ),
    "birthday": None,
    "registered_at": None,
}  # fmt: skip
"""Each field with what stands for "nobody said"."""


def fields_of(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The fields of these customers."""
    wanted = pa.array(sorted(ids), pa.int64())
    names = ["id", "sealed", *(name for name in FIELDS if name not in CONTACTS)]
    rows = opened(rows_with(models.Customer, "id", wanted, names)).to_pylist()
    return {row.pop("id"): row for row in rows}


def write_fields(known: Mapping[int, Mapping[str, Any]]) -> None:
    """Keep the fields of these customers, so that a search finds them."""
    if not known:
        return
    rows = pa.Table.from_pylist([{"id": one, **fields} for one, fields in known.items()], _SCHEMA)
    update_rows(models.Customer, closed(rows), key="id")


_SCHEMA: Final = pa.schema(
    {
        "id": pa.int64(),
        **{name: pa.string() for name, empty in FIELDS.items() if empty == ""},
        "birthday": pa.date32(),
        "registered_at": pa.timestamp("us", "UTC"),
    }
)
