"""How messages weigh, what the caps allow, and when a share is beyond its limit. No Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from joren.act.messages.contracts import KINDS, TRANSACTIONAL, Cap
from joren.act.pressure.contracts import (
    WINDOWS,
    BadLimits,
    Band,
    Judged,
    Limits,
    Measure,
    Verdict,
)
from joren.science.inference import newcombe, proportion_interval

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

EDGES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_LEVEL: Final = 0.95


def allowed(caps: Sequence[Cap], days: int) -> float | None:
    """Messages that the caps over everything allow in so many days; None: any number.

    A cap of a longer window than is asked may be used up within it.
    """
    every = [cap for cap in caps if not cap.channel and not cap.kind]
    return min((cap.most * max(1.0, days / cap.days) for cap in every), default=None)


def weighed(
    customers: Ints, kinds: Ints, days_ago: Floats, weights: Mapping[str, float]
) -> tuple[Ints, Floats, Ints]:
    """(customers, weight by window, messages by window) of messages; windows in columns. What is
    transactional has no part, and whoever got nothing else is not there."""
    of_kind = np.array([weights.get(kind, 0.0) for kind in KINDS])
    promotes = kinds != KINDS.index(TRANSACTIONAL)
    who, place = np.unique(customers[promotes], return_inverse=True)
    weight, ago = of_kind[kinds[promotes]], days_ago[promotes]
    sums = np.zeros((len(who), len(WINDOWS)))
    counts = np.zeros((len(who), len(WINDOWS)), np.int64)
    for column, days in enumerate(WINDOWS):
        within = ago < days
        sums[:, column] = np.bincount(place[within], weight[within], minlength=len(who))
        counts[:, column] = np.bincount(place[within], minlength=len(who))
    return who, sums, counts


def bands(shares: Floats, everybody: int) -> tuple[Band, ...]:
    """How many customers lie in each band; whoever got nothing has none of it."""
    some = shares[shares > 0]
    edges = [*EDGES, np.inf]
    found = [Band(None, 0.0, max(0, everybody - len(some)))]
    for low, high in pairwise(edges):
        inside = int(((some > low) & (some <= high)).sum())
        found.append(Band(low, None if np.isinf(high) else high, inside))
    return tuple(found)


def judge(measure: Measure, bad: int, of: int, limit: float, *, least: int) -> Judged:
    """A share of delivered messages: beyond its limit once the whole interval is (Wilson, 95 %)."""
    bad = min(bad, of)
    if not of:
        return Judged(measure, bad, of, None, None, None, limit, "few")
    found = proportion_interval(bad, of, _LEVEL)
    low, high = float(found.low), float(found.high)
    verdict = "few" if of < least else _verdict(low, high, limit)
    return Judged(measure, bad, of, bad / of, low, high, limit, verdict)


def judge_raise(
    treated: tuple[int, int], left_out: tuple[int, int], limit: float, *, least: int
) -> Judged:
    """(in trouble, customers) of both arms: by how much more are in trouble of those who got it
    (Newcombe, 95 %)."""
    bad, of = treated
    found = newcombe(left_out, treated, level=_LEVEL)
    if found.too_small or of < least:
        return Judged("raise", bad, of, None, None, None, limit, "few")
    low, high = float(found.low), float(found.high)
    return Judged(
        "raise", bad, of, float(found.estimate), low, high, limit, _verdict(low, high, limit)
    )


def _verdict(low: float, high: float, limit: float) -> Verdict:
    if low > limit:
        return "beyond"
    return "within" if high <= limit else "unsure"


def check_limits(limits: Limits) -> None:
    """Refuse what would never or always be beyond."""
    for name, share in (
        ("unsubscribes", limits.unsubscribes),
        ("complaints", limits.complaints),
    ):
        if not 0 < share <= 0.5:
            raise BadLimits(f"a limit of {share:g} for {name}", hint="above 0 and at most 0.5")
    if not 50 <= limits.least <= 1_000_000:
        raise BadLimits(
            f"{limits.least} messages at least", hint="50 to 1,000,000: of fewer nothing is known"
        )


def check_weights(weights: Mapping[str, float]) -> dict[str, float]:
    """All of them, those that are not given as they usually are."""
    known = [kind for kind in KINDS if kind != TRANSACTIONAL]
    if unknown := sorted(weights.keys() - {*known}):
        raise BadLimits(f"no content {unknown[0]!r} is weighed", hint=", ".join(known))
    for kind, weight in weights.items():
        if not 0 <= weight <= 10:
            raise BadLimits(f"a weight of {weight:g} for {kind}", hint="from 0 to 10")
    if not any(weights.get(kind, 1.0) for kind in known):
        raise BadLimits("nothing weighs anything", hint="give one content a weight at least")
    return dict(weights)
