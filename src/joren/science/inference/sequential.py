"""Looking before the end without being fooled: boundaries of planned looks, and daily looking.

Lan & DeMets (1983), Discrete Sequential Boundaries for Clinical Trials, Biometrika 70; the repeated
intervals of Jennison & Turnbull (1989), JRSS B 51; asymptotic confidence sequences of Waudby-Smith,
Arbour, Sinha, Kennedy & Ramdas (2024), Time-uniform Central Limit Theory and Asymptotic Confidence
Sequences, Annals of Statistics 52. Both come down to a stricter level for the look at hand, which
any method of this library takes. The page is docs/science/sequential.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, e, exp, isnan, log, log1p, pi, sqrt

import numpy as np
from scipy.special import lambertw, ndtr, ndtri

from joren.core.errors import BadInput
from joren.science.arrays import Floats
from joren.science.inference.effects import Effect
from joren.science.inference.intervals import refuse_level

FURTHEST = 8.0
"""Standard errors beyond which no boundary is followed: a chance of 1e-15."""
CERTAIN = 1 - 1e-15
"""The highest level that is asked for: a higher one is 1 to the computer."""


class Spending(StrEnum):
    """How the error is spent over the information."""

    OBRIEN_FLEMING = "obrien_fleming"  # hardly any at first, so that the last look costs little
    POCOCK = "pocock"  # about as much at each look


@dataclass(frozen=True)
class Plan:
    """Looks at these shares of the planned information (n so far over n planned), ascending.

    The last need not be 1: a test may be read before its end, or go on. Written before the test
    begins; a look that comes earlier or later than planned is put in at its own share.
    """

    looks: tuple[float, ...]
    level: float = 0.95
    spending: Spending = Spending.OBRIEN_FLEMING

    def __post_init__(self) -> None:
        refuse_level(self.level)
        ascending = all(a < b for a, b in zip(self.looks, self.looks[1:], strict=False))
        if not (self.looks and ascending and self.looks[0] > 0 and self.looks[-1] <= 1):
            raise BadInput(
                f"looks at {', '.join(f'{one:g}' for one in self.looks) or 'nothing'}",
                hint="shares of the planned information, ascending, above 0 and at most 1",
            )


def even_looks(count: int, level: float = 0.95) -> Plan:
    """So many looks at equal distances, O'Brien–Fleming-like."""
    return Plan(tuple((i + 1) / count for i in range(count)), level)


def spent(share: float, alpha: float, spending: Spending = Spending.OBRIEN_FLEMING) -> float:
    """The error spent by then, of the two-sided alpha; half of it on each side.

    O'Brien–Fleming-like: 4 (1 - Φ(z / √t)), z for alpha / 4; Pocock-like: alpha ln(1 + (e-1) t).
    """
    if spending is Spending.POCOCK:
        return alpha * log1p((e - 1) * share)
    return 4 * float(ndtr(ndtri(alpha / 4) / sqrt(share)))


def boundaries(plan: Plan) -> tuple[float, ...]:
    """Critical values of |z| at each look, so that the error over all looks is 1 - level."""
    return _boundaries(plan.looks, 1 - plan.level, plan.spending)


def look_level(plan: Plan, look: int) -> float:
    """The level at which the interval of that look (0 is the first) is to be read."""
    return min(2 * float(ndtr(boundaries(plan)[_known(plan, look)])) - 1, CERTAIN)


def at_look(effect_at: Callable[[float], Effect], plan: Plan, look: int) -> Effect:
    """The repeated interval of a look: `effect_at` answers for any level, by any method.

    Over all looks together it holds the truth with the plan's level. p is the repeated one: the
    smallest error of a plan with these looks under which this look would have stopped.
    """
    found = effect_at(look_level(plan, look))
    return replace(
        found,
        level=plan.level,
        p=_repeated_p(found.p, plan, look),
        permutation_p=_of(found.permutation_p, lambda p: _repeated_p(p, plan, look)),
        method=f"{found.method}_look_{look + 1}_of_{len(plan.looks)}",
    )


def inflation(plan: Plan, power: float = 0.8) -> float:
    """By what factor the looks enlarge the planned sample, for the same power."""
    from scipy.optimize import brentq  # late: it loads for long

    refuse_level(power)
    single = float(ndtri((1 + plan.level) / 2) + ndtri(power))
    limits = boundaries(plan)
    if len(limits) == 1:
        return 1.0
    drift = brentq(lambda one: _crossing(plan, limits, one) - power, single, 3 * single)
    return float(drift / single) ** 2


def crossing(plan: Plan, drift: float) -> float:
    """The chance to cross at any look, where z has the mean `drift` at the planned end."""
    return _crossing(plan, boundaries(plan), drift)


def any_time_level(reached: float, level: float = 0.95) -> float:
    """The level to read at, for those who look daily; `reached` is n so far over n planned.

    Half-width √((1 + 1/r) ln((1 + r) / α²)) standard errors, r = r* · reached: with r* it is
    narrowest at the plan's end, 3.04 standard errors at 95 %; at a tenth of it 3.82, at half 3.08.
    """
    refuse_level(level)
    if not reached > 0:
        raise BadInput(f"{reached} of the plan reached", hint="n so far over n planned, above 0")
    half = sqrt(_half_squared(_tuned(level) * reached, 1 - level))
    return min(2 * float(ndtr(half)) - 1, CERTAIN)


def any_time(effect_at: Callable[[float], Effect], reached: float, level: float = 0.95) -> Effect:
    """An interval that holds the truth on all days together, however often one looks.

    Asymptotic: not before some hundreds of customers and the buyers that the method itself asks
    for. p is always valid: it may be read on any day.
    """
    found = effect_at(any_time_level(reached, level))
    r = _tuned(level) * reached
    return replace(
        found,
        level=level,
        p=_any_time_p(found.p, r),
        permutation_p=_of(found.permutation_p, lambda p: _any_time_p(p, r)),
        method=f"{found.method}_any_time",
    )


def _of(p: float | None, stricter: Callable[[float], float]) -> float | None:
    return None if p is None else stricter(p)


def _any_time_p(nominal: float, r: float) -> float:
    """The α at which the half-width is as many standard errors as the nominal p says."""
    if isnan(nominal):
        return nominal
    z2 = min(float(ndtri(nominal / 2)) ** 2, FURTHEST**2) if nominal > 0 else FURTHEST**2
    return min(1.0, sqrt(1 + r) * exp(-z2 * r / (2 * (1 + r))))


def _half_squared(r: float, alpha: float) -> float:
    return (1 + 1 / r) * (log1p(r) - 2 * log(alpha))


def _tuned(level: float) -> float:
    """The r that minimises the half-width: 1 + r = -W₋₁(-α²/e)."""
    alpha = 1 - level
    return -float(lambertw(-alpha * alpha / e, -1).real) - 1


def _repeated_p(nominal: float, plan: Plan, look: int) -> float:
    from scipy.optimize import brentq  # late: it loads for long

    if isnan(nominal):
        return nominal
    z = min(-float(ndtri(nominal / 2)), FURTHEST) if nominal > 0 else FURTHEST
    looks = plan.looks[: look + 1]

    def beyond(log_alpha: float) -> float:
        return _boundaries(looks, exp(log_alpha), plan.spending)[-1] - z

    low, high = log(1e-9), log(1 - 1e-9)
    if beyond(high) > 0:
        return 1.0
    return exp(brentq(beyond, low, high, xtol=1e-6)) if beyond(low) > 0 else 1e-9


def _known(plan: Plan, look: int) -> int:
    if not 0 <= look < len(plan.looks):
        raise BadInput(f"look {look} of a plan with {len(plan.looks)}", hint="the first is 0")
    return look


def _boundaries(looks: tuple[float, ...], alpha: float, spending: Spending) -> tuple[float, ...]:
    """Look by look: the limit at which what is still unspent by then is spent."""
    from scipy.optimize import brentq  # late: it loads for long

    limits: list[float] = []
    before = 0.0
    walk = _Walk(0.0)
    for share in looks:
        wanted = spent(share, alpha, spending) - before
        before += wanted
        step = walk.to(share)
        far = FURTHEST * sqrt(share)

        def over(limit: float, step: _Step = step, wanted: float = wanted) -> float:
            return step.outside(limit) - wanted

        limit = far if over(far) >= 0 else float(brentq(over, 0.0, far, xtol=1e-10))
        limits.append(limit / sqrt(share))
        walk = step.kept(limit)
    return tuple(limits)


def _crossing(plan: Plan, limits: tuple[float, ...], drift: float) -> float:
    walk, total = _Walk(drift), 0.0
    for share, limit in zip(plan.looks, limits, strict=True):
        step = walk.to(share)
        total += step.outside(limit * sqrt(share))
        walk = step.kept(limit * sqrt(share))
    return total


@dataclass(frozen=True, eq=False)
class _Walk:
    """Where a Brownian motion with drift is, that has not crossed: masses on points, by now."""

    drift: float
    now: float = 0.0
    points: Floats | None = None
    masses: Floats | None = None

    def to(self, share: float) -> _Step:
        """On to a later look."""
        points = np.zeros(1) if self.points is None else self.points
        masses = np.ones(1) if self.masses is None else self.masses
        ahead = share - self.now
        return _Step(self.drift, share, points + self.drift * ahead, masses, sqrt(ahead))


@dataclass(frozen=True, eq=False)
class _Step:
    """The motion at a look, before those beyond the limit stop (Armitage et al. 1969)."""

    drift: float
    share: float
    points: Floats
    masses: Floats
    spread: float

    def outside(self, limit: float) -> float:
        above = ndtr((self.points - limit) / self.spread)
        below = ndtr((-limit - self.points) / self.spread)
        return float(self.masses @ (above + below))

    def kept(self, limit: float) -> _Walk:
        """Simpson's points, an eighth of the step's spread apart at most."""
        count = 2 * ceil(max(8 * limit / self.spread, 60)) + 1
        points = np.linspace(-limit, limit, count)
        weights = np.full(count, 2.0)
        weights[1::2] = 4.0
        weights[[0, -1]] = 1.0
        weights *= (points[1] - points[0]) / 3
        masses = np.zeros(count)
        for rows in _blocks(count, self.points.size):
            apart = (points[rows, None] - self.points[None, :]) / self.spread
            masses[rows] = np.exp(-0.5 * apart * apart) @ self.masses
        masses *= weights / (self.spread * sqrt(2 * pi))
        return _Walk(self.drift, self.share, points, masses)


def _blocks(rows: int, columns: int) -> Iterator[slice]:
    block = max(1, 1_000_000 // columns)
    return (slice(start, start + block) for start in range(0, rows, block))
