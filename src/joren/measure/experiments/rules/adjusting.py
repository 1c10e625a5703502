"""The same difference, sharper by what was known of each customer before their first day.

Which columns those are is settled here, for every action alike and before anything is seen: nobody
chooses among them. The interval keeps the shape that `spend_effect` gives it, as Welch's would lie
about skewed money with or without covariates; it is moved, and narrowed by what was really saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, sqrt
from typing import Final

from joren.measure.experiments.contracts import LEVEL
from joren.measure.experiments.rules.comparing import At
from joren.science.inference import Effect, Moments, Sums, average, post_stratified, without
from joren.science.inference.effects import inverted_p

COVARIATES: Final = ("before_revenue", "before_orders", "before_lately")
"""Revenue and orders of the year before the first day, and orders of its last quarter."""
BEFORE_DAYS: Final = 365
LATELY_DAYS: Final = 90
_LEAST: Final = 2
FEWEST: Final = 100
"""Customers of the smaller arm for each covariate, below which slopes are chance."""


@dataclass(frozen=True)
class Sharper:
    """Both arms with and without what the covariates say, of which ``columns`` are left."""

    plain: tuple[Moments, Moments]
    left: tuple[Moments, Moments]

    def saved(self, column: str) -> float:
        """The share of the variance that is gone; below 0 where it grew."""
        return 1 - self._ratio(column)

    def at(self, at: At, column: str) -> At:
        """That difference of means of the column, at any level."""
        shift = _apart(self.left, column) - _apart(self.plain, column)
        return moved(at, shift, sqrt(self._ratio(column)), "adjusted")

    def _ratio(self, column: str) -> float:
        was, now = (
            sum(average(arm.sums(column)).variance for arm in arms)
            for arms in (self.plain, self.left)
        )
        return now / was


@dataclass(frozen=True)
class Stratified:
    """How the difference moves, and how its interval narrows, where like is held against like."""

    shift: float
    scale: float

    @property
    def saved(self) -> float:
        """The share of the variance that is gone; below 0 where it grew."""
        return 1 - self.scale**2

    def at(self, at: At) -> At:
        """That difference, at any level."""
        return moved(at, self.shift, self.scale, "stratified")


def stratified(strata: Sequence[tuple[Sums, Sums]]) -> Stratified | None:
    """Of (left out, treated) by the deciles in which the lot was drawn, in their order; one with
    fewer than two customers in an arm goes with its neighbour. None where only one is left."""
    merged: list[tuple[Sums, Sums]] = []
    for control, treated in strata:
        if merged and min(float(one.n) for one in merged[-1]) < _LEAST:
            control, treated = merged[-1][0] + control, merged[-1][1] + treated
            merged.pop()
        merged.append((control, treated))
    if len(merged) > 1 and min(float(one.n) for one in merged[-1]) < _LEAST:
        (one, other), (control, treated) = merged.pop(), merged.pop()
        merged.append((control + one, treated + other))
    if len(merged) < 2:
        return None
    found = post_stratified(merged, level=LEVEL)
    shift, scale = found.effect.estimate - found.plain.estimate, sqrt(found.variance_ratio)
    return Stratified(shift, scale) if isfinite(shift) and isfinite(scale) and scale > 0 else None


def moved(at: At, shift: float, scale: float, how: str) -> At:
    """The difference elsewhere, with an interval of the same shape and another width."""

    def limits(level: float) -> tuple[float, float]:
        found = at(level)
        middle = found.estimate + shift
        return (
            middle - scale * (found.estimate - found.low),
            middle + scale * (found.high - found.estimate),
        )

    if at(LEVEL).too_small:
        return at
    p = inverted_p(limits)

    def read(level: float) -> Effect:
        found, (low, high) = at(level), limits(level)
        return replace(
            found, estimate=found.estimate + shift, low=low, high=high, p=p,
            method=f"{found.method}_{how}",
        )  # fmt: skip

    return read


def sharper(control: Moments, treated: Moments, columns: tuple[str, ...]) -> Sharper | None:
    """None where customers are too few, or nothing differs."""
    if min(control.n, treated.n) < FEWEST * len(COVARIATES):
        return None
    left = without(control, treated, columns, COVARIATES)
    found = Sharper((control, treated), left)
    spread = [sum(average(arm.sums(one)).variance for arm in found.plain) for one in columns]
    return found if all(isfinite(one) and one > 0 for one in spread) else None


def _apart(arms: tuple[Moments, Moments], column: str) -> float:
    control, treated = (average(arm.sums(column)).value for arm in arms)
    return treated - control
