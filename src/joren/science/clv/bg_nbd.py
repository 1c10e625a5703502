"""BG/NBD: buying at one's own steady rate, perhaps dropping out after any repeat purchase.

Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD
Model, Marketing Science 24(2), 275-284. Rates vary over customers as Gamma(r, rate alpha), drop-out
probabilities as Beta(a, b). Worked derivations: Fader & Hardie, note 039 (brucehardie.com).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from joren.science.arrays import Floats
from joren.science.clv.drop_out import Leaving, Pasts, objective_on, simulated, starts_on
from joren.science.clv.estimates import Estimate, best_on, require_repeats
from joren.science.clv.forecasts import Forecasts, Past
from joren.science.clv.summary import Summary

__all__ = ["NAMES", "Fitted", "fit", "given", "log_likelihood", "objective_on"]

NAMES = ("r", "alpha", "a", "b")


@dataclass(frozen=True, eq=False)
class Fitted(Estimate, Forecasts):
    """The model at known parameters; `alpha` is in the summary's unit of time.

    P(alive) is 1 for those without a repeat (note 021). Expected purchases: eq. 9 for new and
    eq. 10 for known customers; the distribution: eq. 8.
    """

    names: ClassVar[tuple[str, ...]] = NAMES
    r: float
    alpha: float
    a: float
    b: float

    def simulate(self, T: ArrayLike, rng: np.random.Generator) -> Summary:
        """New customers of this model, one per T, as their summary at T."""
        return simulated(T, rng, (self.r, self.alpha, self.a, self.b))

    def _log_odds_gone(self, summary: Summary) -> Floats:
        return Pasts(summary).log_odds_gone(self.r, self.alpha, self.a, self.b)

    def _if_here(self, past: Past) -> Leaving:
        return Leaving(self.r + past.x, self.alpha + past.T, self.a, self.b + past.x)


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
    """Of each row's past (eq. 6, in logarithms); rows are not multiplied by their weight."""
    return Pasts(summary).log_likelihood(*(params[name] for name in NAMES))
