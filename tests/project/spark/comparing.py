"""Two snapshots side by side: whole numbers and words are equal, floats to 1e-9."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from joren.collect.customers.contracts import TRAITS
from joren.core.ids import SnapshotId
from joren.core.tables import TableSpec
from joren.decide.segments.contracts.tables import IDENTITIES, MEMBERS, MOVES, PURCHASED
from joren.understand.cohorts.contracts import COHORT_CELLS
from joren.understand.ltv.contracts import CUSTOMER_SUBSCRIPTIONS, CUSTOMER_VALUES, SUBSCRIPTIONS
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.understand.shifts.contracts import CUSTOMER_SHIFTS
from joren.warehouse import Warehouse

KEYS: tuple[tuple[TableSpec, list[str]], ...] = (
    (CUSTOMER_VALUES, ["customer_id"]),
    (SUBSCRIPTIONS, ["store_id", "subscription_id", "run"]),
    (CUSTOMER_SUBSCRIPTIONS, ["customer_id"]),
    (CUSTOMER_RANKS, ["customer_id"]),
    (COHORT_CELLS, ["dimension", "value", "cohort", "age"]),
    (CUSTOMER_SHIFTS, ["customer_id"]),
    (MEMBERS, ["segment_id", "customer_id"]),
    (MOVES, ["segment_id", "customer_id", "entered"]),
    (TRAITS, ["customer_id"]),
    (PURCHASED, ["customer_id", "nth", "order_id"]),
    (IDENTITIES, ["identity_id"]),
)
NEAR = 1e-9


@dataclass(frozen=True)
class Insights:
    """All that one refresh left."""

    tables: Mapping[str, pa.Table]
    figures: Mapping[tuple[str, str], Any]


def insights(house: Warehouse, snapshot: SnapshotId) -> Insights:
    """Read into memory, because a refresh of the same day takes the one before away."""
    found = {}
    for spec, keys in KEYS:
        rows = house.snapshots.table(snapshot, spec).order_by(keys)  # files have no order
        found[spec.name] = house.engine.arrow(rows)
    return Insights(found, house.snapshots.figures(snapshot))


def differences(one: Insights, other: Insights) -> list[str]:
    """Where they differ, in words; nothing where they say the same."""
    found = []
    for name, table in one.tables.items():
        found += _of_tables(name, table, other.tables[name])
    for key in one.figures.keys() | other.figures.keys():
        found += _of_documents("/".join(key), one.figures.get(key), other.figures.get(key))
    return found


def _of_tables(name: str, one: pa.Table, other: pa.Table) -> Iterator[str]:
    if one.schema != other.schema or one.num_rows != other.num_rows:
        yield f"{name}: {one.num_rows} rows of {one.schema}, {other.num_rows} of {other.schema}"
        return
    for column in one.column_names:
        a, b = one[column], other[column]
        if pa.types.is_floating(a.type) and a.is_null().equals(b.is_null()):
            x, y = (c.drop_null().to_numpy() for c in (a, b))
            if x.size and not np.allclose(x, y, rtol=NEAR, atol=0, equal_nan=True):
                worst = int(np.argmax(np.abs(x - y)))
                yield f"{name}.{column}: {x[worst]!r}, {y[worst]!r}"
        elif not a.equals(b):
            yield f"{name}.{column}: {_unequal(a, b)}"


def _unequal(one: pa.ChunkedArray, other: pa.ChunkedArray) -> str:
    differ = [(p, q) for p, q in zip(one.to_pylist(), other.to_pylist(), strict=True) if p != q]
    return f"{len(differ)} differ, first {differ[0]}"


def _of_documents(path: str, one: Any, other: Any) -> Iterator[str]:
    if path.endswith("/snapshot_id"):
        return
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from _of_documents(f"{path}/{key}", one[key], other[key])
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from _of_documents(f"{path}/{number}", a, b)
    elif isinstance(one, float) and isinstance(other, float):
        if not np.isclose(one, other, rtol=NEAR, atol=0, equal_nan=True):
            yield f"{path}: {one!r}, {other!r}"
    elif one != other or type(one) is not type(other):
        yield f"{path}: {one!r}, {other!r}"
