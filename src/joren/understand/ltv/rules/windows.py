"""The days of the past on which forecasts are judged, and the window after each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

LEARN_DAYS: Final = 13 * 7
"""Before the oldest cut-off: a quarter, in which some have come back."""
LENGTHS: Final = (52 * 7, 26 * 7, 13 * 7)
STEP: Final = 13 * 7
"""From one cut-off to the next: a quarter, so that four of them see each season once."""
LEAST_STEP: Final = 4 * 7
ENOUGH: Final = 4
MOST: Final = 6


@dataclass(frozen=True)
class Plan:
    """Cut-offs from the oldest to the newest, and the days of the window after each."""

    cutoffs: tuple[date, ...]
    days: int

    @property
    def short(self) -> bool:
        """Whether there are fewer cut-offs than a choice wants."""
        return len(self.cutoffs) < ENOUGH


def plan(first_on: date, as_of: date) -> Plan:
    """The longest windows that leave four cut-offs and lie three times side by side.

    Where even the shortest do not, the cut-offs come closer, down to four weeks, and become fewer.
    """
    history = (as_of - first_on).days + 1
    days = next((one for one in LENGTHS if history >= LEARN_DAYS + 3 * one), LENGTHS[-1])
    room = history - days - LEARN_DAYS
    if room < 0:
        return Plan((), days)
    step = max(LEAST_STEP, min(STEP, room // (ENOUGH - 1)))
    count = min(MOST, room // step + 1)
    newest = as_of - timedelta(days=days)
    return Plan(tuple(newest - timedelta(days=step * i) for i in reversed(range(count))), days)
