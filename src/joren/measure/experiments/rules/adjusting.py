"""The same difference, sharper by what was known of each customer before their first day.

Which columns those are is settled here, for every action alike and before anything is seen: nobody
chooses among them. The interval keeps the shape that `spend_effect` gives it, as Welch's would lie
about skewed money with or without covariates; it is moved, and narrowed by what was really saved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite, sqrt
from typing import Final

from joren.measure.experiments.contracts import LEVEL
from joren.measure.experiments.rules.comparing import At
from joren.science.inference import Effect, Moments, average, without
from joren.science.inference.effects import inverted_p

COVARIATES: Final = ("before_revenue", "before_orders", "before_lately")
"""Revenue and orders of the year before the first day, and orders of its last quarter."""
BEFORE_DAYS: Final = 365
LATELY_DAYS: Final = 90
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
        scale = sqrt(self._ratio(column))

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
                method=f"{found.method}_adjusted",
            )  # fmt: skip

        return read

    def _ratio(self, column: str) -> float:
        was, now = (
            sum(average(arm.sums(column)).variance for arm in arms)
            for arms in (self.plain, self.left)
        )
        return now / was


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
