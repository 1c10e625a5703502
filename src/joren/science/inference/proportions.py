"""Differences and lifts of shares: who bought, visited, cancelled.

Newcombe (1998), Interval Estimation for the Difference between Independent Proportions: Comparison
of Eleven Methods, Statistics in Medicine 17, 873-890, method 10; each arm's limits are Wilson's.
"""

from __future__ import annotations

from math import nan

from joren.core.errors import BadInput
from joren.science.inference.effects import Effect, inverted_p, too_small
from joren.science.inference.intervals import proportion_interval, refuse_level
from joren.science.inference.mover import Limited, difference_limits, ratio_limits

FEWEST_HITS = 5
"""Hits in both arms together below which a difference of shares is too small to read."""


def newcombe(
    control: tuple[float, float],
    treated: tuple[float, float],
    *,
    level: float = 0.95,
    fewest: float = FEWEST_HITS,
) -> Effect:
    """Difference of two shares, each given as (hits, customers); p by inverting the interval."""
    refuse_level(level)
    estimate, n = _shares(control, treated)
    if _unread(control, treated, fewest):
        return too_small(estimate, n, "newcombe", level)

    def limits(at: float) -> tuple[float, float]:
        return difference_limits(share_limits(*control, at), share_limits(*treated, at))

    return Effect(estimate, *limits(level), level, inverted_p(limits), n, "newcombe")


def newcombe_lift(
    control: tuple[float, float],
    treated: tuple[float, float],
    *,
    level: float = 0.95,
    fewest: float = FEWEST_HITS,
) -> Effect:
    """The lift of a share, with the verdict and p of `newcombe`; not known over a control of 0."""
    plain = newcombe(control, treated, level=level, fewest=fewest)
    if plain.too_small or not control[0] > 0:
        return too_small(nan, plain.n, "newcombe_lift", level)
    one, other = share_limits(*control, level), share_limits(*treated, level)
    low, high = ratio_limits(one, other)
    lift = other.value / one.value - 1
    return Effect(lift, low - 1, high - 1, level, plain.p, plain.n, "newcombe_lift")


def share_limits(hits: float, n: float, level: float) -> Limited:
    """Wilson's limits of one share."""
    found = proportion_interval(hits, n, level)
    return Limited(float(found.estimate), float(found.low), float(found.high))


def _shares(
    control: tuple[float, float], treated: tuple[float, float]
) -> tuple[float, tuple[float, float]]:
    for hits, customers in (control, treated):
        if not 0 <= hits <= customers:
            raise BadInput(f"{hits} of {customers} customers", hint="an arm is (hits, customers)")
    n = (float(control[1]), float(treated[1]))
    return (treated[0] / n[1] - control[0] / n[0] if min(n) > 0 else nan), n


def _unread(control: tuple[float, float], treated: tuple[float, float], fewest: float) -> bool:
    """Rare events and rare non-events are read alike."""
    hits = control[0] + treated[0]
    return min(control[1], treated[1]) < 1 or min(hits, control[1] + treated[1] - hits) < fewest
