"""What was tried by lot, in whatever room, as one family.

Rooms of one floor do not know each other. Yet "of what is called proven at most one in ten is so by
chance" holds only over all that was tried, and a model of the media mix asks for all of it: so each
room that tries something enters here what it read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan
from typing import Final, Literal

from joren.core.money import decimals
from joren.core.registry import Registry

TriedKind = Literal["holdout", "trial", "area_test"]


@dataclass(frozen=True)
class EffectLift:
    """Money in the major unit, as files that leave the house say it; None is not known, never 0.

    ``effect`` is of all who were treated, from ``start`` to ``end``, in the ``metric`` named:
    profit is after ``spend``, margin and revenue are before it. ``kind`` and ``number`` name what
    tried it; ``treated`` and ``held_out`` count its units: customers, households, stretches of days
    or areas. ``channel`` is known of what was tried by area.
    """

    holdout: int | None
    name: str
    action: str
    action_number: int | None
    start: date | None
    end: date | None
    treated: int
    held_out: int
    metric: str
    evidence: str
    effect: float | None
    low: float | None
    high: float | None
    level: float | None
    spend: float | None
    currency: str
    simulated: bool = False
    kind: TriedKind = "holdout"
    number: int = 0
    channel: str = ""


@dataclass(frozen=True)
class TriedBy:
    """What a room answers of the newest figures: p of each that was read, each by itself, all
    that it tried as rows, and how many of these could not be read."""

    p_values: Callable[[], Sequence[float]]
    lifts: Callable[[], Sequence[EffectLift]]
    unread: Callable[[], int]


TESTED: Final[Registry[TriedBy]] = Registry("room that tries by lot")


def read_elsewhere(room: str) -> list[float]:
    """p of all that was read in the other rooms."""
    return [p for name, one in TESTED.items() if name != room for p in one.p_values()]


def known(every: Iterable[float | None]) -> list[float]:
    """p of each that has one."""
    return [p for p in every if p is not None and not isnan(p)]


def unread() -> int:
    """How much of all that was tried, in whatever room, could not be read."""
    return sum(one.unread() for one in TESTED.values())


def in_major(value: float | None, currency: str) -> float | None:
    """An amount in the major unit of its currency."""
    return None if value is None else value / 10 ** decimals(currency)
