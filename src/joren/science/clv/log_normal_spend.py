"""Log-normal spend: for shops where spend follows frequency, or a few orders are very large.

A customer's own mean spend is log-normal around a level that may rise or fall with how often they
buy; a purchase has the coefficient of variation sqrt(k) around that mean, and the logarithm of the
mean of x purchases is taken to be normal with the log-normal's variance ln(1 + k / x) (Fenton 1960,
The Sum of Log-Normal Probability Distributions, IRE Transactions on Communications Systems 8(1),
57-67). The retransformation is held to the observed money (Duan 1983, Smearing Estimate, Journal of
the American Statistical Association 78, 605-610).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import exp, inf, log, sqrt
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erfc, ndtr, ndtri

from joren.science.arrays import Floats, numbers
from joren.science.clv.estimates import ROUGH, Estimate, evidence_of, named_values
from joren.science.clv.spends import Spends, checked, spends_of, tails
from joren.science.maximum import Objective, maximise

NAMES = ("m", "g", "w", "k")
STARTS = ((0.3, 0.3), (1.0, 0.1), (0.1, 1.0))  # w and k
CERTAIN = 1e-12  # w and k where every customer spends the same
LN2 = log(2.0)


@dataclass(frozen=True)
class Dependence:
    """How spend goes with frequency: `factor` more per purchase for twice the purchases.

    `low` and `high` bound it at 95 %; `p_value` is that of no dependence (factor 1, Wald's test).
    """

    factor: float
    low: float
    high: float
    p_value: float
    customers: float


@dataclass(frozen=True, eq=False)
class Fitted(Estimate):
    """The model at known parameters.

    `m` is the median of the customers' own means at a frequency of 1, in the unit of money; `g` its
    factor for twice the frequency; `w` the variance of the logarithms of own means, `k` the squared
    coefficient of variation of a purchase around the own mean. `level` multiplies every answer: it
    makes the expected spend of the past purchases add up to what was paid.
    """

    names: ClassVar[tuple[str, ...]] = NAMES
    m: float
    g: float
    w: float
    k: float
    level: float = 1.0

    def population_mean(self) -> float:
        """What a customer of whom nothing is known spends per purchase."""
        return float(self.conditional_expected_spend([0], [0])[0])

    def conditional_expected_spend(self, frequency: ArrayLike, monetary_value: ArrayLike) -> Floats:
        """Mean spend per future purchase, given the mean of `frequency` past ones.

        Without a past purchase, that of customers with a frequency of 1.
        """
        centre, spread = self._own_mean(frequency, monetary_value)
        expected: Floats = self.level * np.exp(centre + spread / 2)
        return expected

    def spend_interval(
        self,
        frequency: ArrayLike,
        monetary_value: ArrayLike,
        level: float = 0.9,
        purchases: float = inf,
    ) -> tuple[Floats, Floats]:
        """Bounds of a customer's own mean spend, or of the mean of their next `purchases`.

        The chance that it lies between them is `level`, with equal chances on both sides.
        """
        sides = ndtri(tails(level, purchases))
        centre, spread = self._own_mean(frequency, monetary_value)
        noise = log(1 + self.k / purchases)
        reach = np.sqrt(spread + noise)
        low, high = (self.level * np.exp(centre - noise / 2 + side * reach) for side in sides)
        return low, high

    def chance_of_next(
        self,
        frequency: ArrayLike,
        monetary_value: ArrayLike,
        purchases: ArrayLike,
        revenue: ArrayLike,
    ) -> Floats:
        """That the sum of each customer's next purchases is at most their ``revenue``: a row for
        each customer, a column for each number of purchases."""
        centre, spread = self._own_mean(frequency, monetary_value)
        n, most = numbers("purchases", purchases), numbers("revenue", revenue)
        noise = np.log1p(self.k / n)
        with np.errstate(divide="ignore"):  # nothing at all is never enough
            away = np.log(most[:, None] / n) - log(self.level) - centre[:, None] + noise / 2
        chance: Floats = ndtr(away / np.sqrt(spread[:, None] + noise))
        return chance

    def log_density_of_next(
        self,
        frequency: ArrayLike,
        monetary_value: ArrayLike,
        purchases: ArrayLike,
        mean: ArrayLike,
    ) -> Floats:
        """ln of the density of the mean of each customer's next purchases, given the past."""
        centre, spread = self._own_mean(frequency, monetary_value)
        n, z = checked(purchases, mean)
        noise = np.log1p(self.k / n)
        away, wide = np.log(z) - log(self.level) - centre + noise / 2, spread + noise
        density: Floats = -(away**2 / wide + np.log(2 * np.pi * wide)) / 2 - np.log(z)
        return density

    def dependence(self) -> Dependence | None:
        """How spend goes with frequency; none where the data cannot tell, or were not fitted."""
        if self.evidence is None or not self.evidence.covariance[1, 1] > 0:
            return None
        error = sqrt(self.evidence.covariance[1, 1])
        z = log(self.g) / error
        return Dependence(
            self.g,
            self.g * exp(-1.96 * error),
            self.g * exp(1.96 * error),
            float(erfc(abs(z) / sqrt(2))),
            self.evidence.customers,
        )

    def _own_mean(self, frequency: ArrayLike, monetary_value: ArrayLike) -> tuple[Floats, Floats]:
        """Mean and variance of the logarithm of each customer's own mean, given the past."""
        x, spend = checked(frequency, monetary_value)
        some = x > 0
        doublings, noise = _doublings(x), np.log1p(self.k / np.maximum(x, 1.0))
        centre = log(self.m) + log(self.g) * doublings
        seen = np.log(np.where(some, spend, 1.0)) + noise / 2 - centre
        pull = np.where(some, self.w / (self.w + noise), 0.0)
        return centre + pull * seen, self.w * (1 - pull)


def given(*, m: float, g: float, w: float, k: float, level: float = 1.0) -> Fitted:
    """The model at parameters known from elsewhere."""
    return Fitted(m, g, w, k, level)


def fit(
    frequency: ArrayLike, monetary_value: ArrayLike, weights: ArrayLike | None = None
) -> Fitted:
    """Maximise the likelihood over the customers with a frequency above 0.

    `monetary_value` is the mean spend of the purchases that `frequency` counts.
    """
    rows = spends_of(frequency, monetary_value, weights)
    if rows.one_price:
        return Fitted(rows.mean, 1.0, CERTAIN, CERTAIN)
    middle = float(rows.weights @ np.log(rows.spend)) / rows.n
    starts = [np.array([middle, 0.0, log(w), log(k)]) for w, k in STARTS]
    rough = objective_on(rows.thinned(ROUGH)) if rows.x.size > 2 * ROUGH else None
    found = maximise(objective_on(rows), starts, names=NAMES, customers=rows.n, rough=rough)
    free = Fitted(*named_values(found), evidence=evidence_of(found, rows.n))
    bought = rows.weights * rows.x
    expected = float(bought @ free.conditional_expected_spend(rows.x, rows.spend))
    return replace(free, level=float(bought @ rows.spend) / expected)


def log_likelihood(
    params: Mapping[str, float], frequency: ArrayLike, monetary_value: ArrayLike
) -> Floats:
    """Of each customer's mean spend; 0 where nothing is known."""
    x, spend = checked(frequency, monetary_value)
    some = x > 0
    x, logs = np.maximum(x, 1.0), np.log(np.where(some, spend, 1.0))
    noise = np.log1p(params["k"] / x)
    spread = params["w"] + noise
    rest = logs - log(params["m"]) - log(params["g"]) * _doublings(x) + noise / 2
    rows = -(np.log(2 * np.pi * spread) + rest**2 / spread) / 2 - logs
    return np.where(some, rows, 0.0)


def objective_on(rows: Spends) -> Objective:
    """The mean log-likelihood of a customer and its gradient, in log parameters."""
    heads, logs, doublings = rows.weights / rows.n, np.log(rows.spend), _doublings(rows.x)
    constant = float(heads @ logs) + log(2 * np.pi) / 2

    def objective(point: Floats) -> tuple[float, Floats]:
        log_m, log_g, w, k = point[0], point[1], np.exp(point[2]), np.exp(point[3])
        noise = np.log1p(k / rows.x)
        spread = w + noise
        pull = (logs - log_m - log_g * doublings + noise / 2) / spread
        of_spread = heads * (pull**2 - 1 / spread) / 2
        value = -float(heads @ (np.log(spread) + pull**2 * spread)) / 2 - constant
        slope = [
            heads @ pull,
            heads @ (pull * doublings),
            w * of_spread.sum(),
            k * ((of_spread - heads * pull / 2) @ (1 / (rows.x + k))),
        ]
        return value, np.array(slope)

    return objective


def _doublings(x: Floats) -> Floats:
    """How often 1 has to be doubled to be x; none for those without a purchase.

    They are counted with those who bought once: a line through frequencies of 1 and more, drawn on
    to 0, puts the spend of one-time buyers who come back 20 % too low on CDNOW.
    """
    doublings: Floats = np.log(np.maximum(x, 1.0)) / LN2
    return doublings
