"""What moved of a segment: pure arithmetic over what the kept snapshots say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from joren.decide.strategies.contracts import (
    DIMENSIONS,
    Described,
    Drift,
    Finding,
    Part,
    Past,
    Shared,
    Verdict,
)
from joren.science import drift
from joren.science.drift import Step

FALSE_ALARMS: Final = 0.01
"""Of all that is asked at one refresh together: one false alarm in a hundred refreshes."""
LEAST_PSI: Final = 0.1
LEAST_JUMP: Final = 0.05  # of the share of members of whom something is not known
LEAST_MEMBERS: Final = 30
APART: Final = timedelta(days=28)
LEAST_APART: Final = timedelta(days=7)


@dataclass(frozen=True)
class Seen:
    """A segment at one snapshot; ``described`` is None where nothing but its size is known."""

    as_of: date
    members: int
    entered: int
    left: int
    described: Described | None


@dataclass(frozen=True)
class Watched:
    """One segment by its number, and how it was seen under its present version, oldest first."""

    segment: int
    name: str
    seen: Sequence[Seen]


def drifts(watched: Sequence[Watched], names: Mapping[int, str]) -> list[Drift]:
    """Every segment; what is asked of all of them is corrected together, by Holm."""
    asked: list[tuple[int, Finding]] = []
    steps: dict[int, Step | None] = {}
    for one in watched:
        found, steps[one.segment] = _asked(one)
        asked += [(one.segment, finding) for finding in found]
    raised = drift.holm([finding.p for _, finding in asked])
    told: dict[int, list[Finding]] = {}
    for (segment, finding), p in zip(asked, raised, strict=True):
        if p < FALSE_ALARMS and _matters(finding):
            told.setdefault(segment, []).append(replace(finding, p=p))
    judged = {segment for segment, _ in asked}
    return [
        _drift(one, steps[one.segment], tuple(told.get(one.segment, ())), judged, names)
        for one in watched
    ]


def reference(seen: Sequence[Seen]) -> Seen | None:
    """With whom the newest is compared: four weeks before it, or the oldest of a week before."""
    if not seen or seen[-1].described is None:
        return None
    newest = seen[-1].as_of
    known = [one for one in seen[:-1] if one.described is not None]
    far = [one for one in known if newest - one.as_of >= APART]
    if far:
        return far[-1]
    near = [one for one in known if newest - one.as_of >= LEAST_APART]
    return near[0] if near else None


def _asked(one: Watched) -> tuple[list[Finding], Step | None]:
    found: list[Finding] = []
    step = None
    if one.seen:
        begin, now = one.seen[0].as_of, one.seen[-1]
        step = drift.next_step(
            [(each.as_of - begin).days for each in one.seen],
            [each.members for each in one.seen],
            moved=now.entered + now.left,
        )
    if step is not None:
        before = one.seen[-2].members
        found.append(
            Finding("size", "", step.p, (before, now.members), float(before), float(now.members))
        )
    then = reference(one.seen)
    if then is not None and min(then.members, one.seen[-1].members) >= LEAST_MEMBERS:
        found += _of_the_mix(then, one.seen[-1])
    return found, step


def _of_the_mix(then: Seen, now: Seen) -> list[Finding]:
    old, new = then.described, now.described
    if old is None or new is None:
        return []
    n = (then.members, now.members)
    found = []
    for dimension in DIMENSIONS:
        values = _values(old, new, dimension)
        mix = drift.mixes(*([by.parts[dimension].get(v, 0) for v in values] for by in (old, new)))
        found.append(Finding("mix", dimension, mix.p, n, psi=mix.psi))
    for field in sorted(old.unknown.keys() & new.unknown.keys()):
        parts = (old.unknown[field], then.members), (new.unknown[field], now.members)
        shares = [part / whole for part, whole in parts]
        found.append(Finding("unknown", field, drift.shares_differ(*parts), n, *shares))
    return found


def _values(old: Described, new: Described, dimension: str) -> list[str]:
    return sorted({*old.parts.get(dimension, ()), *new.parts.get(dimension, ())})


def _matters(finding: Finding) -> bool:
    """Unlikely alone is not enough: of a hundred thousand members every grain is unlikely."""
    if finding.kind == "mix":
        return (finding.psi or 0.0) >= LEAST_PSI
    if finding.kind == "unknown":
        return abs((finding.now or 0.0) - (finding.before or 0.0)) >= LEAST_JUMP
    return True


def _drift(
    one: Watched,
    step: Step | None,
    findings: tuple[Finding, ...],
    judged: set[int],
    names: Mapping[int, str],
) -> Drift:
    verdict: Verdict = "moved" if findings else "steady" if one.segment in judged else "not_yet"
    then = reference(one.seen)
    return Drift(
        segment=one.segment,
        name=one.name,
        verdict=verdict,
        findings=findings,
        history=_history(one.seen),
        step=step,
        since=then.as_of if then else None,
        parts=_parts(then, one.seen[-1]) if then else (),
        shared=_shared(then, one.seen[-1], names) if one.seen else (),
    )


def _history(seen: Sequence[Seen]) -> tuple[Past, ...]:
    return tuple(Past(one.as_of, one.members, one.entered, one.left, _stayed(one)) for one in seen)


def _stayed(one: Seen) -> float | None:
    before = one.members - one.entered + one.left
    return (one.members - one.entered) / before if before > 0 else None


def _parts(then: Seen, now: Seen) -> tuple[Part, ...]:
    old, new = then.described, now.described
    if old is None or new is None:
        return ()
    return tuple(
        Part(
            dimension, value,
            old.parts[dimension].get(value, 0) / max(then.members, 1),
            new.parts[dimension].get(value, 0) / max(now.members, 1),
        )
        for dimension in DIMENSIONS
        for value in _values(old, new, dimension)
    )  # fmt: skip


def _shared(then: Seen | None, now: Seen, names: Mapping[int, str]) -> tuple[Shared, ...]:
    if now.described is None or not now.members:
        return ()
    old = then.described if then else None
    found = [
        Shared(
            other, names[other],
            old.shared.get(other, 0) / then.members if old and then and then.members else None,
            both / now.members,
        )
        for other, both in now.described.shared.items()
        if other in names
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.now, one.segment)))
