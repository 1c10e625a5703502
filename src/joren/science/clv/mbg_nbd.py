"""MBG/NBD: the BG/NBD in which customers may also leave with their very first purchase.

Batislam, Denizel & Filiztekin (2007), Empirical Validation and Comparison of Models for Customer
Base Analysis, International Journal of Research in Marketing 24(3), 201-209; Hoppe & Wagner (2007),
Customer Base Analysis: The Case for a Central Variant of the Betageometric/NBD Model, Marketing
Journal of Research and Management 3(2), 75-90.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from joren.science.arrays import Floats
from joren.science.clv import drop_out
from joren.science.clv.drop_out import Leaving, Pasts, simulated, starts_on
from joren.science.clv.estimates import Estimate, best_on, require_repeats
from joren.science.clv.forecasts import Forecasts, Past
from joren.science.clv.summary import Summary

NAMES = ("r", "alpha", "a", "b")

objective_on = partial(drop_out.objective_on, at_once=True)


@dataclass(frozen=True, eq=False)
class Fitted(Estimate, Forecasts):
    """The model at known parameters; `alpha` is in the summary's unit of time.

    A new customer is still there after the first purchase with chance b / (a + b).
    """

    names: ClassVar[tuple[str, ...]] = NAMES
    r: float
    alpha: float
    a: float
    b: float

    def simulate(self, T: ArrayLike, rng: np.random.Generator) -> Summary:
        """New customers of this model, one per T, as their summary at T."""
        return simulated(T, rng, (self.r, self.alpha, self.a, self.b), at_once=True)

    def _log_odds_gone(self, summary: Summary) -> Floats:
        rows = Pasts(summary, at_once=True)
        return rows.log_odds_gone(self.r, self.alpha, self.a, self.b)

    def _if_here(self, past: Past) -> Leaving:
        return Leaving(self.r + past.x, self.alpha + past.T, self.a, self.b + past.x + 1)


def given(*, r: float, alpha: float, a: float, b: float) -> Fitted:
    """The model at parameters known from elsewhere, such as a paper."""
    return Fitted(r, alpha, a, b)


def fit(summary: Summary, *, near: Mapping[str, float] | None = None) -> Fitted:
    """Maximise the likelihood over log parameters, so that all stay positive.

    `near`: the parameters of an earlier fit of nearly the same data, which spare the search.
    """
    rows = summary.compressed()
    require_repeats(rows)
    values, evidence = best_on(rows, objective_on, starts_on(rows), names=NAMES, near=near)
    return Fitted(*values, evidence=evidence)


def log_likelihood(params: Mapping[str, float], summary: Summary) -> Floats:
    """Of each row's past, in logarithms; rows are not multiplied by their weight."""
    return Pasts(summary, at_once=True).log_likelihood(*(params[name] for name in NAMES))
