"""Shifted beta-geometric: renewing each time with one's own steady probability.

Fader & Hardie (2007), How to Project Customer Retention, Journal of Interactive Marketing 21(1),
76-90. A contract is lost at each renewal with its own probability theta ~ Beta(alpha, beta); the
doubtful ones leave first, so the retention of those who are left rises with time though nobody
changes. Residual lifetimes: Fader & Hardie (2010), Customer-Base Valuation in a Contractual
Setting, Marketing Science 29(1), 85-93.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from joren.science.arrays import Floats
from joren.science.clv.beta_steps import log_step
from joren.science.clv.estimates import evidence_of, named_values
from joren.science.clv.renewals import Contracts
from joren.science.clv.retention import Retention, observed_churn, require_both_outcomes
from joren.science.maximum import Objective, maximise

NAMES = ("alpha", "beta")
CERTAINTIES = (1.5, 5.0, 0.4, 20.0)  # alpha + beta of the starts: how alike contracts are


@dataclass(frozen=True, eq=False)
class Fitted(Retention):
    """The model at known parameters; alpha / (alpha + beta) are lost at the first renewal."""

    names: ClassVar[tuple[str, ...]] = NAMES
    alpha: float
    beta: float

    def _log_left(self, tenure: Floats, more: Floats) -> Floats:
        return log_step(self.beta + tenure, more, self.alpha)

    def _renewals(self, size: int, rng: np.random.Generator) -> Floats:
        lost = rng.beta(self.alpha, self.beta, size)
        with np.errstate(divide="ignore", invalid="ignore"):
            made = np.floor(-rng.exponential(size=size) / np.log1p(-lost))
        return np.where(lost > 0, made, np.inf)


def given(*, alpha: float, beta: float) -> Fitted:
    """The model at parameters known from elsewhere, such as a paper."""
    return Fitted(alpha, beta)


def fit(contracts: Contracts) -> Fitted:
    """Maximise the likelihood over log parameters, so that both stay positive."""
    require_both_outcomes(contracts)
    churn = observed_churn(contracts)
    starts = [np.log([churn * sure, (1 - churn) * sure]) for sure in CERTAINTIES]
    found = maximise(objective_on(contracts), starts, names=NAMES, customers=contracts.n)
    return Fitted(*named_values(found), evidence=evidence_of(found, contracts.n))


def log_likelihood(params: Mapping[str, float], contracts: Contracts) -> Floats:
    """Of what was seen at each renewal number, all its contracts together."""
    alpha, z = params["alpha"], params["beta"] + contracts.period - 1
    rows: Floats = -contracts.renewed * np.log1p(alpha / z) - contracts.lost * np.log1p(z / alpha)
    return rows


def objective_on(contracts: Contracts) -> Objective:
    """The mean log-likelihood of a contract and its gradient, in log parameters."""
    renewed, lost = contracts.renewed / contracts.n, contracts.lost / contracts.n

    def objective(point: Floats) -> tuple[float, Floats]:
        alpha, beta = np.exp(point)
        z = beta + contracts.period - 1
        value = -float(renewed @ np.log1p(alpha / z) + lost @ np.log1p(z / alpha))
        pull = (lost * (z / alpha) - renewed) / (alpha + z)
        return value, np.array([alpha * pull.sum(), -beta * (alpha / z) @ pull])

    return objective
