"""Incremental LTV: what an action has brought so far, and what is still expected to come.

The realised part stands by itself. The rest is a model's projection, and a model that was fitted on
orders without the action can be wrong about it in either direction: orders pulled forward look like
better customers. How wrong is learned from matured actions alone, as the spread of (outcome -
projection) over them; until ten have matured a wide spread stands in, and the label says so. Where
ten of them were repeats of the same action, what these brought tells more than its first weeks do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import hypot, inf, isnan, nan, sqrt

from joren.core.errors import BadInput
from joren.science.inference.effects import Effect, Verdict, critical
from joren.science.inference.many import pooled
from joren.science.inference.means import average, difference_of
from joren.science.inference.moments import Moments

ENOUGH = 10
"""Matured actions from which the projection counts as validated."""
UNKNOWN = 1.0
"""The spread of (outcome - projection) before that, in sizes of what was told: |realised| +
|projected|. Orders that were merely pulled forward are one such size off."""
UNSEEN = 0.15
"""And beside it, in sizes of what a customer of the control is worth: better retention, or fatigue,
of which the first weeks show nothing. Less did not hold the truth of such worlds (docs/science/
incremental.md)."""


class Label(StrEnum):
    """How far the projection may be believed."""

    VALIDATED = "validated"
    NOT_YET_VALIDATED = "not_yet_validated"


class Basis(StrEnum):
    """What a projection rests on."""

    FIRST_WEEKS = "first_weeks"  # the action's own, corrected by how far such were off
    REPEATS = "repeats"  # what its repeats brought, as its own first weeks look like theirs


@dataclass(frozen=True)
class Matured:
    """An action whose horizon has passed: incremental LTV per customer, as its first weeks alone
    told it, and come true, with their standard errors. Money of one currency over one horizon.
    """

    projection: float
    outcome: float
    projection_error: float
    outcome_error: float

    @property
    def error(self) -> float:
        """Of their difference, taken as if the two had no customers in common."""
        return hypot(self.projection_error, self.outcome_error)


@dataclass(frozen=True)
class Board:
    """The back-test of projections: mean of (outcome - projection), and its spread over actions."""

    actions: int
    bias: float
    bias_error: float
    spread: float
    label: Label


@dataclass(frozen=True)
class IncrementalValue:
    """Realised + projected per customer, with limits that hold what each of them can be off by.

    `sampling`, `model` and `between` are standard deviations in money; their squares add up, but
    where the `basis` is repeats `between` is all. `told` is the sum of both parts, and `sampling`
    its error: what the first weeks say before anything learned.
    """

    estimate: float
    low: float
    high: float
    level: float
    realised: Effect
    projected: float
    correction: float
    sampling: float
    model: float
    between: float
    board: Board
    basis: Basis = Basis.FIRST_WEEKS

    @property
    def told(self) -> float:
        return self.realised.estimate + self.projected

    @property
    def verdict(self) -> Verdict:
        if isnan(self.low) or isnan(self.high):
            return Verdict.TOO_SMALL
        if self.low > 0:
            return Verdict.HIGHER
        return Verdict.LOWER if self.high < 0 else Verdict.UNCLEAR


def board(matured: Sequence[Matured]) -> Board:
    """What the matured actions teach; nothing is corrected before there are `ENOUGH`."""
    if len(matured) < ENOUGH:
        return Board(len(matured), 0.0, nan, nan, Label.NOT_YET_VALIDATED)
    found = pooled(
        [one.outcome - one.projection for one in matured], [one.error for one in matured]
    )
    return Board(len(matured), found.mean, found.error, found.spread, Label.VALIDATED)


def incremental_value(
    realised: Effect,
    projected: Effect,
    *,
    correlation: float,
    worth: float,
    model_error: float,
    matured: Sequence[Matured] = (),
    repeats: bool = False,
) -> IncrementalValue:
    """Realised and projected differences per customer, and how sure their sum is.

    Sampling: distances to both parts' limits, added as those of correlated estimates (Zou 2007).
    Model: `model_error` (the relative error of a total, as back-tests give it) of the projected
    part. Between: the spread over matured actions, with t for few of them; the mean error of the
    matured is added to the estimate. Before there are enough, √((|realised| + |projected|)² + (.15
    worth)²), `worth` being realised and projected value of a customer of the control. Limits:
    √(sampling² + (z model)² + (t between)²). Where enough matured ones were `repeats` of the same
    action, `by_repeats` has the surer word.
    """
    if not -1 <= correlation <= 1 or not model_error >= 0:
        raise BadInput(f"a correlation of {correlation} and a model error of {model_error}")
    if realised.level != projected.level:
        raise BadInput(f"limits at {realised.level} and at {projected.level} cannot be added")
    level, known = realised.level, board(matured)
    estimate = realised.estimate + projected.estimate + known.bias
    model = model_error * abs(projected.estimate)
    if known.label is Label.VALIDATED:
        between = hypot(known.spread, known.bias_error)
        reach = critical(level, known.actions - 2) * between
    else:
        told = abs(realised.estimate) + abs(projected.estimate)
        between = hypot(UNKNOWN * told, UNSEEN * worth)
        reach = critical(level) * between
    beyond = (critical(level) * model) ** 2 + reach**2
    down = _together(
        realised.estimate - realised.low, projected.estimate - projected.low, correlation
    )
    up = _together(
        realised.high - realised.estimate, projected.high - projected.estimate, correlation
    )
    own = IncrementalValue(
        estimate,
        estimate - sqrt(down + beyond),
        estimate + sqrt(up + beyond),
        level,
        realised,
        projected.estimate,
        known.bias,
        (sqrt(down) + sqrt(up)) / 2 / critical(level),
        model,
        between,
        known,
    )
    return by_repeats(own, matured) if repeats and known.label is Label.VALIDATED else own


def by_repeats(own: IncrementalValue, matured: Sequence[Matured]) -> IncrementalValue:
    """Where another one of such actions lies (random effects over their outcomes), if that is surer
    than its own first weeks are, and these lie where theirs did; else what its own say."""
    came = pooled(
        [one.outcome for one in matured], [one.outcome_error for one in matured], level=own.level
    )
    early = pooled(
        [one.projection for one in matured],
        [one.projection_error for one in matured],
        level=own.level,
    )
    freedom = len(matured) - 2
    near = critical(own.level, freedom) * hypot(early.spread, early.error, own.sampling)
    low, high = came.prediction
    # Not "<=": unknown limits of its own first weeks leave nothing to be surer than.
    if not high - low < own.high - own.low or abs(own.told - early.mean) > near:
        return own
    return replace(
        own,
        estimate=came.mean,
        low=low,
        high=high,
        correction=came.mean - own.told,
        between=hypot(came.spread, came.error),
        basis=Basis.REPEATS,
    )


def of_moments(
    control: Moments,
    treated: Moments,
    realised: str,
    projected: str,
    *,
    model_error: float,
    matured: Sequence[Matured] = (),
    level: float = 0.95,
) -> IncrementalValue:
    """From the moments of each customer's realised and projected value, by Welch."""
    both = [
        difference_of(average(control.sums(name)), average(treated.sums(name)), "welch", level)
        for name in (realised, projected)
    ]
    errors = both[0].standard_error * both[1].standard_error
    together = 0.0
    if errors > 0:
        together = sum(
            float(arm.covariance((realised,), (projected,))[0, 0]) / arm.n
            for arm in (control, treated)
        )
    return incremental_value(
        both[0],
        both[1],
        correlation=max(-1.0, min(1.0, together / errors)) if errors > 0 else 0.0,
        worth=float(control.means((realised, projected)).sum()),
        model_error=model_error,
        matured=matured,
    )


def payback(value: tuple[float, float, float], cost: float) -> tuple[float, float, float]:
    """Money back per money spent, and its limits, of an estimate and its limits; infinite for what
    was free."""
    if not cost >= 0:
        raise BadInput(f"a cost of {cost}: 0 or more is needed")
    estimate, low, high = value
    if cost == 0:
        return (inf, inf, inf) if low > 0 else (nan, nan, nan)
    return estimate / cost, low / cost, high / cost


def _together(one: float, other: float, correlation: float) -> float:
    return max(one * one + other * other + 2 * correlation * one * other, 0.0)
