"""From how many of each arm were reached by when to shares, differences and warnings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import isnan
from typing import Final

import numpy as np

from joren.core.figures import Figure
from joren.measure.experiments.contracts import LEVEL, TOO_FEW_REACHED
from joren.measure.experiments.contracts.exposure import (
    EXPOSURE_DAYS,
    ExposedArm,
    ExposurePoint,
    ExposureWarning,
    ExposureWarningKind,
)
from joren.science.inference import newcombe, proportion_interval
from joren.science.inference.sample_ratio import BLOCKS_BELOW

NEVER: Final = -1
"""In place of the days after which somebody was reached who was not."""


@dataclass(frozen=True)
class Reached:
    """Of one arm: units drawn, asked for, let through, that got it; the first and last day of
    exposure; and (days since the draw, days until exposure or NEVER) of how many."""

    customers: int = 0
    asked: int = 0
    passed: int = 0
    got: int = 0
    first: date | None = None
    last: date | None = None
    ages: Mapping[tuple[int, int], int] | None = None


def arm_of(name: str, arm: Reached, as_of: str) -> ExposedArm:
    exposed = arm.passed if name == "held_out" else arm.got
    return ExposedArm(
        name, arm.customers, arm.asked, arm.passed, arm.got,
        share("exposure_share", exposed, arm.customers, as_of), arm.first, arm.last, half(arm),
    )  # fmt: skip


def share(name: str, hits: int, n: int, as_of: str) -> Figure:
    """With Wilson's interval; not known of nobody."""
    if not n:
        return Figure(name, None, "share", n, as_of=as_of, why=TOO_FEW_REACHED)
    found = proportion_interval(hits, n, LEVEL)
    value, low, high = (float(one) for one in (found.estimate, found.low, found.high))
    return Figure(name, value, "share", n, low, high, LEVEL, as_of, "wilson")


def difference(
    name: str, treated: tuple[int, int], held: tuple[int, int], as_of: str
) -> tuple[Figure, float | None]:
    """Of two shares (hits, units): Newcombe's interval and its p; all and none are told too."""
    n = treated[1] + held[1]
    found = newcombe(held, treated, level=LEVEL, fewest=0)
    if found.too_small:
        return Figure(name, None, "share", n, as_of=as_of, why=TOO_FEW_REACHED), None
    figure = Figure(name, found.estimate, "share", n, found.low, found.high, LEVEL, as_of,
                    found.method)  # fmt: skip
    return figure, None if isnan(found.p) else found.p


def curve_of(treated: Reached, held: Reached, as_of: str) -> tuple[ExposurePoint, ...]:
    """As far as anybody of both arms was drawn so long ago."""
    points = []
    for days in EXPOSURE_DAYS:
        (hits, n), (ghosts, left) = within(treated, days), within(held, days)
        if n and left:
            each = (share("exposure_share", *one, as_of) for one in ((hits, n), (ghosts, left)))
            points.append(ExposurePoint(days, *each))
    return tuple(points)


def within(arm: Reached, days: int) -> tuple[int, int]:
    """How many were reached in their first so many days, of how many who have had them."""
    ripe = {when: n for when, n in (arm.ages or {}).items() if when[0] >= days}
    hits = sum(n for (_, until), n in ripe.items() if NEVER < until < days)
    return hits, sum(ripe.values())


def half(arm: Reached) -> int | None:
    """After how many days half of those who were reached were."""
    reached = [(until, n) for (_, until), n in (arm.ages or {}).items() if until > NEVER]
    if not reached:
        return None
    days, counts = (np.array(part) for part in zip(*sorted(reached), strict=True))
    place = np.searchsorted(np.cumsum(counts), counts.sum() / 2)
    return int(days[place])


def warnings_of(
    held: Reached, p_values: Iterable[tuple[ExposureWarningKind, float | None]]
) -> tuple[ExposureWarning, ...]:
    """What a reader has to know before believing that both arms are alike but for the messages."""
    found = [ExposureWarning("left_out_reached", customers=held.got)] if held.got else []
    found += [
        ExposureWarning(kind, p=p) for kind, p in p_values if p is not None and p < BLOCKS_BELOW
    ]
    return tuple(found)
