"""Who is about to come: people whom an import prepares for minutes, while live events go on.

From when they are prepared to when they are kept, live events make none of these people and none of
the keys by which they will be known, and join no two: whatever says so of somebody waits.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from joren.collect.customers import models

_MARK: Final = "people.come"
_KEYS: Final = "identities.parquet"


class Known(NamedTuple):
    """How far people were known at a moment."""

    identity: int
    merge: int


def known_now() -> Known:
    """Call it in a turn of one's own: no live event is half written then."""
    ids = models.NextId.objects.filter(kind="identity").values_list("next", flat=True)
    merges = models.Merge.objects.order_by("-pk").values_list("pk", flat=True)
    return Known(ids.first() or 1, merges.first() or 0)


def known_otherwise(folder: Path, since: Known) -> bool:
    """Has a live event brought one of the keys that are prepared as new, or joined two?"""
    if models.Merge.objects.filter(pk__gt=since.merge).exists():
        return True
    made = models.Identity.objects.filter(pk__gte=since.identity).values_list("key", flat=True)
    keys = pa.array(list(made), pa.string())
    if not len(keys):
        return False
    prepared = pq.read_table(folder / _KEYS, columns=["key"], filters=[("new", "=", True)])
    return bool(pc.any(pc.is_in(keys, value_set=prepared["key"].combine_chunks())).as_py())


def let_come(folder: Path) -> None:
    """They are prepared in that folder, and everybody waits for them."""
    (folder / _MARK).touch()


def have_come(folder: Path) -> None:
    """They are kept."""
    (folder / _MARK).unlink(missing_ok=True)


def who_come(root: Path) -> Path | None:
    """The keys of those who are about to come, of whatever is under way in that folder."""
    for mark in root.glob(f"*/{_MARK}"):
        return mark.with_name(_KEYS)
    return None
