"""Questions about the journey map: what a snapshot says, the targets, and both together."""

from __future__ import annotations

from dataclasses import replace

from pydantic import TypeAdapter

from joren.collect.quality.selectors import verdicts_in
from joren.plumbing.warehouse import warehouse
from joren.science.waiting import gone_by
from joren.understand.paths import models
from joren.understand.paths.contracts import (
    ROOM,
    JourneyMap,
    NoJourneyMapYet,
    PathAgainst,
    PathTarget,
    PathTargets,
    PathWay,
)
from joren.understand.paths.rules import telling
from joren.warehouse import Snapshot

REPORT = "map"
_maps = TypeAdapter(JourneyMap)
_targets = TypeAdapter(tuple[PathTarget, ...])


def journey_map(snapshot: Snapshot) -> JourneyMap:
    """What a snapshot says of the ways of people."""
    house = warehouse()
    found = house.snapshots.figure(snapshot.id, ROOM, REPORT, _maps.validate_python)
    if found is None:
        raise NoJourneyMapYet(
            f"the snapshot of {snapshot.as_of} holds no journey map", hint="joren refresh"
        )
    return replace(found, verdicts=verdicts_in(house, snapshot, "cohorts"))


def targets() -> PathTargets:
    """The targets that hold now."""
    return targets_history()[0]


def targets_history() -> tuple[PathTargets, ...]:
    """Every version of the target map, newest first; the last one is empty."""
    rows = models.TargetMapVersion.objects.order_by("-pk")
    return (
        *(
            PathTargets(_targets.validate_python(row.targets), row.changed_at, row.changed_by)
            for row in rows
        ),
        PathTargets((), None, ""),
    )


def against_targets(drawn: JourneyMap) -> tuple[PathAgainst, ...]:
    """Each target beside what is so."""
    steps = {one.way: one.steps for one in drawn.ways}
    as_of = drawn.as_of.isoformat()
    return tuple(
        telling.against(one, steps[one.way], as_of) for one in targets().targets if one.way in steps
    )


def gone_by_day(way: PathWay, *, until: int, every: int) -> list[tuple[int, float]]:
    """The share that had gone on by each of some days, as far as anybody was followed."""
    line = telling.line_of(way.steps)
    found = ((day, gone_by(line, day).value) for day in range(0, until + 1, every))
    return [(day, share) for day, share in found if share is not None]
