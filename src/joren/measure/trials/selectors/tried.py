"""Trials of practices among all that was tried by lot."""

from __future__ import annotations

from typing import Final

from joren.accounts import selectors as accounts
from joren.core.tested import EffectLift, TriedBy, known
from joren.measure.experiments.contracts import NOT_READ
from joren.measure.practices import selectors as practices
from joren.measure.trials.rules.lifting import lift_of
from joren.measure.trials.selectors.keeping import trials
from joren.measure.trials.selectors.reading import apart, results
from joren.understand.ltv import selectors as values


def p_values() -> list[float]:
    """Of each that was read, by itself."""
    every = trials()
    snapshot = values.snapshot() if every else None
    if snapshot is None:
        return []
    ripe = [one for one in every if one.plan.read_on <= snapshot.as_of]
    return known(apart(one, snapshot).p for one in ripe)


def lifts() -> list[EffectLift]:
    """Of every trial, that which began last first."""
    every = trials()
    if not every:
        return []
    read, simulated = results(values.snapshot()), accounts.business().simulated
    names = {one.key: one.name or one.key for one in practices.practices()}
    return [
        lift_of(one, read[one.id], called=names.get(one.plan.practice, ""), simulated=simulated)
        for one in every
    ]


def unread() -> int:
    """How many of the trials could not be read."""
    every = trials()
    if not every:
        return 0
    return sum(one.gain.why == NOT_READ for one in results(values.snapshot()).values())


TRIED: Final = TriedBy(p_values, lifts, unread)
