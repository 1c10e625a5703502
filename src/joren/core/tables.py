"""What a warehouse table looks like, as a value that names no engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class TableSpec:
    """Columns with their types (Ibis' words: int64, string, date, timestamp('UTC') …).

    ``snapshot`` tables hold insights: one partition per snapshot, replaced whole.
    """

    name: str
    columns: Mapping[str, str]
    snapshot: bool = False
