"""What a warehouse table looks like, as a value that names no engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class TableSpec:
    """Columns with their types (Ibis' words: int64, string, date, timestamp('UTC') …).

    ``snapshot`` tables hold insights: one partition per snapshot, replaced whole. A file's rows lie
    in the order of ``sorted_by``, so that a reader of few of its values passes over the rest.
    """

    name: str
    columns: Mapping[str, str]
    snapshot: bool = False
    sorted_by: Sequence[str] = ()
