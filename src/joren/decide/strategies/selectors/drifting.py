"""Segments over the kept snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from pydantic import TypeAdapter

from joren.decide.segments import selectors as segments
from joren.decide.segments.contracts import Counted
from joren.decide.strategies.contracts import ROOM, Compositions, Drift
from joren.decide.strategies.rules import Seen, Watched, drifts
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot
from joren.warehouse.snapshots import FIGURES

COMPOSITIONS: Final = "compositions"


def drift_report() -> list[Drift]:
    """Every segment in use, over the kept snapshots of the version that it now has."""
    history = _history(values.snapshot())
    kept = segments.segments()
    watched = [
        Watched(one.id, one.name, [
            seen for version, seen in history.get(one.id, ()) if version == one.version
        ])
        for one in kept
    ]  # fmt: skip
    return drifts(watched, {one.id: one.name for one in kept})


def drift_of(number: int) -> Drift:
    """One segment; what is asked is corrected together with what is asked of all others."""
    kept = segments.segment(number)
    empty = Drift(kept.id, kept.name, "not_yet", (), (), None, None, (), ())
    return next((one for one in drift_report() if one.segment == number), empty)


def _history(latest: Snapshot) -> Mapping[int, list[tuple[int, Seen]]]:
    """By segment: its version then, and how it was; of one day the snapshot built last."""
    house = warehouse()
    days = {one.as_of: one for one in house.snapshots.all()}
    listed = [days[day] for day in sorted(days) if day <= latest.as_of]

    def made() -> Mapping[int, list[tuple[int, Seen]]]:
        found: dict[int, list[tuple[int, Seen]]] = {}
        for one in listed:
            report = segments.report(one)
            if report is not None:
                for counted in report.segments:
                    if not counted.error:
                        seen = (counted.version, _seen(one, counted))
                        found.setdefault(counted.segment, []).append(seen)
        return found

    ids = tuple(one.id for one in listed)
    return house.snapshots.once(latest.id, (FIGURES,), (ROOM, "history", ids), made)


def _seen(snapshot: Snapshot, counted: Counted) -> Seen:
    known = warehouse().snapshots.figure(snapshot.id, ROOM, COMPOSITIONS, _reader().validate_python)
    described = known.segments.get(counted.segment) if known else None
    return Seen(snapshot.as_of, counted.members, counted.entered, counted.left, described)


@lru_cache(maxsize=1)
def _reader() -> TypeAdapter[Compositions]:
    return TypeAdapter(Compositions)
