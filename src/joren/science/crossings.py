"""Where rising curves cross zero, of many at once: few looks at curves that are dear to look at.

T. R. Chandrupatla (1997), A new hybrid quadratic/bisection algorithm for finding the zero of a
nonlinear function without using derivatives, Advances in Engineering Software 28, 145-149: the
inverse parabola through three points where it is safe, and the middle where it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from joren.science.arrays import Floats

LOOKS: Final = 200
"""More than halving needs between any two numbers; a smooth curve takes a dozen."""


def crossing(
    curve: Callable[[Floats], Floats], low: Floats, high: Floats, *, within: float = 1e-13
) -> Floats:
    """Where each curve is zero between low and high, to ``within`` or to the last digits.

    A curve that is above zero at low already crosses at low, one below zero at high at high. Of one
    that leaps over zero the place of the leap is found.
    """
    newest, other = high, low
    at_newest, at_other = curve(newest), curve(other)
    short, over = at_newest < 0, at_other >= 0
    oldest, at_oldest = other, at_other
    step = np.full(newest.shape, 0.5)
    for _ in range(LOOKS):
        place = newest + step * (other - newest)
        found = curve(place)
        same = (found < 0) == (at_newest < 0)
        oldest, at_oldest = np.where(same, newest, other), np.where(same, at_newest, at_other)
        other, at_other = np.where(same, other, newest), np.where(same, at_other, at_newest)
        newest, at_newest = place, found
        gap = np.abs(other - newest)
        near = within + 4 * np.finfo(float).eps * np.abs(newest)
        if (settled := (gap <= near) | (at_newest == 0) | short | over).all():
            break
        step = np.where(
            settled, 0.0, _step((newest, other, oldest), (at_newest, at_other, at_oldest), near)
        )
    best = np.where(np.abs(at_newest) <= np.abs(at_other), newest, other)
    answer: Floats = np.select([over, short], [low, high], best)
    return answer


def _step(places: tuple[Floats, ...], heights: tuple[Floats, ...], near: Floats) -> Floats:
    """The part of the way from the newest place to the other side that is gone next."""
    (a, b, c), (at_a, at_b, at_c) = places, heights
    with np.errstate(divide="ignore", invalid="ignore"):
        along, above = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
        safe = (above**2 < along) & ((1 - above) ** 2 < 1 - along)
        parabola = at_a / (at_b - at_a) * at_c / (at_b - at_c) + (c - a) / (b - a) * at_a / (
            at_c - at_a
        ) * at_b / (at_c - at_b)
        least = near / np.abs(b - a) / 2
    step: Floats = np.clip(np.where(safe, parabola, 0.5), least, 1 - least)
    return step
