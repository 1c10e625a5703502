"""What every model of renewals says of a contract, whichever it is.

A contract that has made n renewals makes at least h more with the probability S(n + h) / S(n);
everything here follows from its logarithm.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from joren.science.arrays import Floats, numbers, refuse_rows
from joren.science.clv.estimates import Estimate
from joren.science.clv.periods_ahead import added_up
from joren.science.clv.renewals import Contracts
from joren.science.errors import OneOutcomeOnly


@dataclass(frozen=True, eq=False, kw_only=True)
class Retention(Estimate):
    """A model of renewals at known parameters. `tenure` counts the renewals made so far."""

    def retention(self, period: ArrayLike) -> Floats:
        """Of those who made all renewals before number `period` (1 is the first), who make it."""
        number = _whole("period", period, least=1)
        rate: Floats = np.exp(self._log_left(number - 1, np.ones_like(number)))
        return rate

    def survival(self, renewals: ArrayLike) -> Floats:
        """Of new contracts, who make at least so many renewals; 1 for none."""
        return self.conditional_survival(np.zeros(np.shape(renewals)), renewals)

    def conditional_survival(self, tenure: ArrayLike, renewals: ArrayLike) -> Floats:
        """Of contracts active after `tenure` renewals, who make at least so many more."""
        share: Floats = np.exp(
            self._log_left(_whole("tenure", tenure, least=0), _whole("renewals", renewals, least=0))
        )
        return share

    def expected_renewals(self, tenure: ArrayLike, horizon: float) -> Floats:
        """How many of the next `horizon` renewals an active contract makes, on average."""
        return self._added_up(tenure, rate=0.0, horizon=horizon)

    def discounted_lifetime(self, rate: float) -> float:
        """Periods of a new contract, the first one whole, later ones discounted (DEL)."""
        return 1.0 + float(self._added_up(0.0, rate=rate))

    def discounted_residual(self, tenure: ArrayLike, rate: float) -> Floats:
        """Periods to come of an active contract, seen just before its next renewal (DERL).

        The next renewal counts whole, the one after it over (1 + rate), and so on.
        """
        return (1.0 + rate) * self._added_up(tenure, rate=rate)

    def residual_value(
        self, tenure: ArrayLike, *, margin: ArrayLike, rate: float, horizon: float = inf
    ) -> Floats:
        """What the next `horizon` renewals bring, the first of them due one period from now."""
        per_period = numbers("margin", margin)
        return per_period * self._added_up(tenure, rate=rate, horizon=horizon)

    def lifetime_value(self, *, margin: ArrayLike, rate: float, horizon: float = inf) -> Floats:
        """What a new contract brings: its first period now, and the next `horizon` renewals."""
        per_period = numbers("margin", margin)
        return per_period * (1.0 + self._added_up(0.0, rate=rate, horizon=horizon))

    def simulate(self, chances: ArrayLike, rng: np.random.Generator) -> Contracts:
        """New contracts of this model, one per row, each after so many renewals were due."""
        due = _whole("chances", chances, least=0)
        made = self._renewals(due.size, rng)
        return Contracts.of_tenures(np.minimum(made, due), made >= due)

    def _added_up(self, tenure: ArrayLike, *, rate: float, horizon: float = inf) -> Floats:
        start = _whole("tenure", tenure, least=0)
        return added_up(self._log_left, start, rate=rate, horizon=horizon)

    @abstractmethod
    def _log_left(self, tenure: Floats, more: Floats) -> Floats:
        """ln S(tenure + more) - ln S(tenure); `more` may lie between whole numbers."""

    @abstractmethod
    def _renewals(self, size: int, rng: np.random.Generator) -> Floats:
        """How many renewals new contracts make in all."""


def require_both_outcomes(contracts: Contracts) -> None:
    """Refuse to learn a rate of renewal from renewals alone, or from losses alone."""
    renewed, lost = float(contracts.renewed.sum()), float(contracts.lost.sum())
    if min(renewed, lost) <= 0:
        told = (
            f"none of {renewed:,.0f} renewals was missed"
            if lost <= 0
            else (f"none of {lost:,.0f} contracts was ever renewed")
        )
        raise OneOutcomeOnly(told, hint="wait for more, or ask for a posterior, which has a prior")


def observed_churn(contracts: Contracts) -> float:
    """The share of renewals due that were not made."""
    lost = float(contracts.lost.sum())
    return lost / (lost + float(contracts.renewed.sum()))


def _whole(name: str, values: ArrayLike, *, least: int) -> Floats:
    given = numbers(name, values)
    flat: Any = given.ravel()
    wrong = ~(np.isfinite(flat) & (flat >= least) & (flat == np.floor(flat)))
    refuse_rows(wrong, f"{name} is not a whole number from {least}", flat)
    return given
