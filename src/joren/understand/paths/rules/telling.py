"""From counts of days to shares, times and verdicts: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from joren.core.figures import Figure
from joren.science.waiting import Curve, Known, curve, followed, gone_by, time_until
from joren.understand.paths.contracts import (
    FEW,
    FEWEST,
    HALF,
    HORIZONS,
    LEVEL,
    LONGEST,
    SHORT,
    WAYS,
    PathAgainst,
    PathStep,
    PathTarget,
    PathTold,
    PathVerdict,
    TargetMeaningless,
)

Row = Mapping[str, Any]


def told(rows: Sequence[Row], as_of: str) -> PathTold:
    """What became of those whom these rows (days, gone, left) count."""
    line = _line([(row["days"], row["gone"], row["left"]) for row in rows])
    gone = sum(row["gone"] for row in rows)
    entered = gone + sum(row["left"] for row in rows)
    return PathTold(
        entered,
        gone,
        entered - gone,
        tuple(share(line, day, as_of) for day in HORIZONS),
        _median(line, as_of),
    )


def steps(rows: Sequence[Row]) -> tuple[PathStep, ...]:
    """The rows as they are kept; all that is longer is one last step."""
    kept = [PathStep(row["days"], row["gone"], row["left"]) for row in rows]
    short = [one for one in kept if one.day <= LONGEST]
    # Whoever went on later was waiting still on the last day that is kept.
    late = sum(one.gone + one.left for one in kept if one.day > LONGEST)
    return (*sorted(short, key=lambda one: one.day),
            *((PathStep(LONGEST + 1, 0, late),) if late else ()))  # fmt: skip


def line_of(kept: Sequence[PathStep]) -> Curve:
    """The curve that the steps make."""
    return _line([(one.day, one.gone, one.left) for one in kept])


def _line(rows: Sequence[tuple[int, int, int]]) -> Curve:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return curve(*columns, level=LEVEL)


def share(line: Curve, day: int, as_of: str) -> Figure:
    """The share that has gone on by that day."""
    few, short = line.n < FEWEST, round(followed(line, day), 6) < FEWEST
    found = Known(None, None, None) if few or short else gone_by(line, day)
    return _figure("path_share", "share", found, line, as_of, FEW if few else SHORT)


def _median(line: Curve, as_of: str) -> Figure:
    few = line.n < FEWEST
    found = Known(None, None, None) if few else time_until(line, 0.5)
    return _figure("path_median", "days", found, line, as_of, FEW if few else HALF)


def _figure(name: str, unit: str, found: Known, line: Curve, as_of: str, why: str) -> Figure:
    known = found.value is not None
    whole = known and found.low is not None and found.high is not None
    return Figure(
        name,
        found.value,
        unit,
        n=int(line.n),
        low=found.low if whole else None,
        high=found.high if whole else None,
        level=LEVEL if whole else None,
        as_of=as_of,
        why="" if known else why,
    )


def checked(targets: Sequence[PathTarget]) -> tuple[PathTarget, ...]:
    """The targets in the order of the ways; refuses what could not be met or missed."""
    ways = [one.way for one in targets]
    if len(set(ways)) < len(ways):
        raise TargetMeaningless("two targets are of one way", hint="one for each way at most")
    for one in targets:
        if one.way not in WAYS:
            raise TargetMeaningless(f"no way {one.way!r}", hint=f"known: {', '.join(WAYS)}")
        if not 0 < one.share <= 1:
            raise TargetMeaningless(f"{one.way}: {one.share} is no share", hint="0 to 1")
        if not 1 <= one.days <= LONGEST:
            raise TargetMeaningless(f"{one.way}: {one.days} days", hint=f"1 to {LONGEST}")
    order = list(WAYS)
    return tuple(sorted(targets, key=lambda one: order.index(one.way)))


def against(target: PathTarget, kept: Sequence[PathStep], as_of: str) -> PathAgainst:
    """The target beside what is so; only a whole interval on one side decides."""
    actual = share(line_of(kept), target.days, as_of)
    verdict: PathVerdict = "open"
    if actual.value is None:
        verdict = "not_yet"
    elif actual.low is not None and actual.low >= target.share:
        verdict = "met"
    elif actual.high is not None and actual.high < target.share:
        verdict = "missed"
    return PathAgainst(target, actual, verdict)
