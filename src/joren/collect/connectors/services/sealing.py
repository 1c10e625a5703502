"""Rows that waited before they were sealed: sealed some at a time, and never lost."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction

from joren.collect.connectors import models
from joren.collect.connectors.opening import NOTHING, closed, key_of
from joren.collect.customers.contracts.sealed import SealedRows, bound_to

_AT_ONCE: Final = 500
_KEPT: Final = (*NOTHING, "value_key", "sealed")


def _of_its_place(row: Any) -> int:
    return bound_to(key_of(row.source_id, row.row, row.line))


ROWS: Final = SealedRows(models.QuarantinedRow, _of_its_place)


def seal_open() -> int:
    """Seal what lies open still; returns how many rows did. Killed, the next sweep goes on."""
    done = 0
    while part := _seal_some():
        done += part
    return done


@transaction.atomic
def _seal_some() -> int:
    left = models.QuarantinedRow.objects.select_for_update().filter(sealed="").order_by("pk")
    rows = list(left[:_AT_ONCE])
    for source in {row.source_id for row in rows}:
        own = [row for row in rows if row.source_id == source]
        said = [{name: getattr(row, name) for name in ("row", "line", *NOTHING)} for row in own]
        for row, kept in zip(own, closed(source, said), strict=True):
            for name in _KEPT:
                setattr(row, name, kept[name])
    models.QuarantinedRow.objects.bulk_update(rows, _KEPT)
    return len(rows)
