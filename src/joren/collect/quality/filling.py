"""From counts by day to what is missing, stale, doubled and odd of each field. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from joren.collect.quality import rules
from joren.collect.quality.contracts import OF_FEEDS, Coverage, FieldQuality, Part

Days = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Looked:
    """What was counted of one feed: rows by ``day`` with ``n`` and ``has_`` of each field.

    ``twice`` and ``odd`` say how many rows are, by those fields of which it makes sense; ``stale``
    of those that are stale otherwise than that they ceased to be filled.
    """

    feed: str
    days: Days
    twice: Mapping[str, int] = field(default_factory=dict)
    odd: Mapping[str, int] = field(default_factory=dict)
    stale: Mapping[str, int] = field(default_factory=dict)
    store_id: int | None = None
    source_id: int | None = None

    def fields(self) -> tuple[FieldQuality, ...]:
        """Of each field of the feed."""
        rows = sum(day["n"] for day in self.days)
        return tuple(self._field(name, rows) for name in OF_FEEDS[self.feed])

    def _field(self, name: str, rows: int) -> FieldQuality:
        held = sum(day[f"has_{name}"] for day in self.days)
        dated = [day for day in self.days if day["day"] is not None]
        last = max((day["day"] for day in dated if day[f"has_{name}"]), default=None)
        after = sum(day["n"] for day in dated if last and day["day"] > last)
        return FieldQuality(
            self.feed,
            name,
            missing=Part(rows - held, rows),
            duplicate=_part(self.twice, name, rows),
            stale=_part({name: after, **self.stale}, name, rows) if last else None,
            outlier=_part(self.odd, name, rows),
            filled_on=last,
            store_id=self.store_id,
            source_id=self.source_id,
        )

    def coverage(self) -> Coverage:
        """Which days it covers."""
        dates = sorted({day["day"] for day in self.days if day["day"] is not None})
        return Coverage(
            self.feed,
            rows=sum(day["n"] for day in self.days),
            days=len(dates),
            first_on=dates[0] if dates else None,
            last_on=dates[-1] if dates else None,
            gaps=rules.gaps(dates),
            store_id=self.store_id,
            source_id=self.source_id,
        )


def _part(counts: Mapping[str, int], name: str, rows: int) -> Part | None:
    return Part(counts[name], rows) if name in counts else None


def of_each(rows: Days, by: str) -> dict[Any, list[Mapping[str, Any]]]:
    """The rows by store or by source, in the order of their numbers."""
    found: dict[Any, list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (row[by] is None, row[by])):
        found.setdefault(row[by], []).append(row)
    return found
