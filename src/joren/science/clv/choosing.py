"""Which model suits a shop: judged at several days of its own past, the simpler one within noise.

The rule, in this order (docs/science/choosing.md):

1. Of the calendar's settings, the one whose totals were nearest is taken; of equal ones, the
   steadier. The settings are judged with one model, the others are then fitted on that clock.
2. A candidate is out whose log score per customer lies below the best one's by more than `TOLD` and
   by more than two standard errors.
3. Of those left, the ones stay whose totals were as near as the nearest, within `NEAR` or one
   standard error of the difference.
4. Of those, the simplest is chosen that told customers apart as well as the best did: whose Gini
   coefficient was as high, within `APART` or one standard error of the difference.

With fewer than two origins there is no choice: the default model stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Generic, Literal, Protocol, TypeVar

import numpy as np

from joren.science.arrays import Floats
from joren.science.clv.candidates import CLOCK, DEFAULT, SPREADS, Candidate
from joren.science.clv.origins import Mark, Origin, clock_marks, clocked_marks, steady_marks, thin
from joren.science.totals import Window

TOLD = 0.005  # nats a customer: a total 10 % off costs about as much
NEAR = 0.01  # of the total
APART = 0.002  # of a Gini coefficient
ENOUGH = 2  # origins

Verdict = Literal["chosen", "out", "farther", "ranks worse", "more complex"]


K = TypeVar("K")


class Marked(Protocol):
    """How a candidate did at one origin."""

    @property
    def rows(self) -> Floats:
        """The log chance, or density, that it gave to what each row did."""
        ...

    @property
    def weights(self) -> Floats:
        """How many each row stands for."""
        ...

    @property
    def window(self) -> Window:
        """The total that it foretold, and the one that came."""
        ...

    @property
    def gini(self) -> float | None:
        """How well it told customers apart; None where nothing came."""
        ...


M = TypeVar("M", bound=Marked)


@dataclass(frozen=True, eq=False)
class Standing(Generic[K, M]):
    """A candidate, its marks from the oldest origin to the newest, and what became of it.

    `score` is the mean log score over origins, `behind` how far it lies below the best one's,
    `error` how far the totals were off, as a share, on average.
    """

    candidate: K
    marks: tuple[M, ...]
    score: float
    behind: float
    error: float
    verdict: Verdict


@dataclass(frozen=True, eq=False)
class Choice(Generic[K, M]):
    """The candidate, and how all stood; without origins nobody stood."""

    candidate: K
    standings: tuple[Standing[K, M], ...]
    origins: int

    @property
    def marks(self) -> tuple[M, ...]:
        """Of the chosen candidate, from the oldest origin to the newest."""
        for standing in self.standings:
            if standing.candidate == self.candidate:
                return standing.marks
        return ()


def choose(origins: Sequence[Origin]) -> Choice[Candidate, Mark]:
    """The model of orders, judged from the oldest origin to the newest."""
    thinned = [thin(origin) for origin in origins]
    marks = judged(thinned) if thinned else {}
    ordered = {one: marks[one] for one in sorted(marks, key=lambda one: one.simplicity)}
    return decide(ordered, Candidate(DEFAULT))


def judged(origins: Sequence[Origin]) -> dict[Candidate, tuple[Mark, ...]]:
    """The marks of every candidate that could be fitted at each of the origins."""
    found: dict[Candidate, list[Mark]] = {}
    near: dict[str, Mapping[str, float]] = {}
    for origin in origins:
        marks = steady_marks(origin, near)
        near |= {candidate.model: mark.told.fitted.params for candidate, mark in marks.items()}
        for spread in SPREADS:
            marks |= clock_marks(origin, spread, near)
        _gather(found, marks)
    best = _setting(_everywhere(found, len(origins)))
    if best is not None:
        clocks = found[Candidate(CLOCK, best)]
        for origin, mark in zip(origins, clocks, strict=True):
            _gather(found, clocked_marks(origin, mark.told, near))
    kept = _everywhere(found, len(origins))
    return {one: marks for one, marks in kept.items() if one.spread in (None, best)}


def decide(marks: Mapping[K, Sequence[M]], default: K, *, told: float = TOLD) -> Choice[K, M]:
    """The rule, on marks of the same origins; candidates from the simplest on."""
    origins = len(next(iter(marks.values()))) if marks else 0
    if not origins:
        return Choice(default, (), 0)
    scores = {one: float(np.mean([_score(mark) for mark in row])) for one, row in marks.items()}
    best = max(scores, key=lambda one: scores[one])
    errors = {one: _errors(row) for one, row in marks.items()}
    sizes = {one: float(row.mean()) for one, row in errors.items()}
    running = [
        one for one in marks if scores[best] - scores[one] <= _slack(marks[best], marks[one], told)
    ]
    nearest = min(running, key=lambda one: sizes[one])
    as_near = [one for one in running if _as_low(errors[one], errors[nearest], NEAR)]
    mixed = {one: _disorder(marks[one]) for one in as_near}
    clearest = min(as_near, key=lambda one: float(mixed[one].mean()))
    as_clear = [one for one in as_near if _as_low(mixed[one], mixed[clearest], APART)]
    chosen = as_clear[0] if origins >= ENOUGH else default

    def became(one: K) -> Verdict:
        if one == chosen:
            return "chosen"
        if one not in running:
            return "out"
        if one not in as_near:
            return "farther"
        return "more complex" if one in as_clear else "ranks worse"

    standings = tuple(
        Standing(one, tuple(row), scores[one], scores[best] - scores[one], sizes[one], became(one))
        for one, row in marks.items()
    )
    return Choice(chosen, standings, origins)


def _gather(found: dict[Candidate, list[Mark]], marks: Mapping[Candidate, Mark]) -> None:
    for candidate, mark in marks.items():
        found.setdefault(candidate, []).append(mark)


def _everywhere(
    found: Mapping[Candidate, Sequence[Mark]], origins: int
) -> dict[Candidate, tuple[Mark, ...]]:
    return {one: tuple(marks) for one, marks in found.items() if len(marks) == origins}


def _setting(marks: Mapping[Candidate, Sequence[Mark]]) -> float | None:
    """The spread of the calendar under which the totals were nearest."""
    clocked = [one for one in marks if one.spread is not None]
    if not clocked:
        return None
    return min(clocked, key=lambda one: (float(_errors(marks[one]).mean()), one.simplicity)).spread


def _score(mark: Marked) -> float:
    return float(mark.weights @ mark.rows) / float(mark.weights.sum())


def _errors(marks: Sequence[Marked]) -> Floats:
    """How far each total was off, as a share of what came."""
    return np.array([abs(mark.window.error) for mark in marks])


def _slack(best: Sequence[Marked], other: Sequence[Marked], told: float) -> float:
    """How far a log score may lie below the best one's before it is told apart."""
    errors = []
    for one, two in zip(best, other, strict=True):
        heads = one.weights / one.weights.sum()
        apart = one.rows - two.rows
        spread = float(heads @ (apart - heads @ apart) ** 2)
        errors.append(sqrt(spread / max(float(one.rows.size), 1.0)))
    return max(told, 2 * float(np.mean(errors)))


def _disorder(marks: Sequence[Marked]) -> Floats:
    """What is missing of a perfect Gini coefficient; where nothing came, nobody is at fault."""
    return np.array([0.0 if mark.gini is None else 1 - mark.gini for mark in marks])


def _as_low(values: Floats, lowest: Floats, near: float) -> bool:
    """Within noise: the origins' values, one by one against those of the lowest."""
    above = values - lowest
    noise = float(above.std(ddof=1)) / sqrt(above.size) if above.size > 2 else 0.0
    return float(above.mean()) <= max(near, noise)
