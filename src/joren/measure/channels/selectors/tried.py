"""Tests by area among all that was tried by lot."""

from __future__ import annotations

from typing import Final

from joren.accounts import selectors as accounts
from joren.core.tested import EffectLift, TriedBy, known
from joren.measure.channels.rules.lifting import lift_of
from joren.measure.channels.selectors.keeping import area_tests
from joren.measure.channels.selectors.reading import apart, results
from joren.measure.experiments.contracts import NOT_READ
from joren.understand.ltv import selectors as values


def p_values() -> list[float]:
    """Of each that was dealt by lot and read, by itself."""
    tests = [one for one in area_tests() if one.by_lot]
    if not tests:
        return []
    snapshot = values.snapshot()
    return known(apart(one, snapshot).p for one in tests)


def lifts() -> list[EffectLift]:
    """Of each that was dealt by lot: a comparison with chosen areas proves nothing."""
    tests = [one for one in area_tests() if one.by_lot]
    if not tests:
        return []
    read, simulated = results(values.snapshot()), accounts.business().simulated
    return [lift_of(one, read[one.id], simulated=simulated) for one in tests]


def unread() -> int:
    """How many of those that were dealt by lot could not be read."""
    tests = [one for one in area_tests() if one.by_lot]
    if not tests:
        return 0
    snapshot = values.snapshot()
    return sum(apart(one, snapshot).gain.why == NOT_READ for one in tests)


TRIED: Final = TriedBy(p_values, lifts, unread)
