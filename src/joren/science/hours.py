"""The hour of the day at which somebody is most often there, from the hours of what they did.

The clock is a ring: 23 lies beside 0. What is known of one person is little, so that their hours
are counted with neighbours (a triangle of two hours to each side) and on top of so many hours of
everybody's: a Dirichlet prior whose mean is the shop's own distribution.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from joren.core.errors import BadInput
from joren.science.arrays import Floats, Indices

HOURS: Final = 24
STRENGTH: Final = 6.0
"""The shop's distribution counts as much as so many things that somebody did."""

_KERNEL: Final = ((-2, 1 / 9), (-1, 2 / 9), (0, 3 / 9), (1, 2 / 9), (2, 1 / 9))


def smoothed(counts: Floats) -> Floats:
    """Counts by hour (the last axis, 24 of them), each shared with its neighbours on the ring."""
    found = np.zeros_like(counts, dtype=np.float64)
    for step, weight in _KERNEL:
        found += weight * np.roll(counts, step, axis=-1)
    return found


def best_hours(own: Floats, everybody: Floats, awake: NDArray[np.bool_]) -> Indices:
    """The hour of each person (a row of ``own``), among those that are ``awake``.

    Who did nothing gets the shop's best hour; of equal ones the earliest.
    """
    for counts in (own, everybody):
        if counts.shape[-1:] != (HOURS,) or (counts < 0).any() or not np.isfinite(counts).all():
            raise BadInput("counts by hour", hint="24 of them, none below zero")
    if not awake.any():
        raise BadInput("no hour of the day is awake", hint="shorten the quiet hours")
    prior = smoothed(everybody)
    total = prior.sum()
    prior = prior / total if total > 0 else np.full(HOURS, 1 / HOURS)
    score = smoothed(own) + STRENGTH * prior
    # Counts that differ by a rounding alone are equal.
    best: Indices = np.where(awake, np.round(score, 9), -1.0).argmax(axis=-1)
    return best
