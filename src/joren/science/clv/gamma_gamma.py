"""Gamma-Gamma: what a customer spends per purchase, when only a few of their purchases are known.

Fader & Hardie (2013), "The Gamma-Gamma Model of Monetary Value" (note 025, brucehardie.com), after
Colombo & Jiang (1999). A purchase is Gamma(p, rate nu), nu varies over customers as Gamma(q, rate
v); v is the note's gamma, in money. Spend is taken to be independent of how often someone buys:
`correlation` says how far that holds, `log_normal_spend` does without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, betaincinv, betaln, gammainccinv, gammaln, psi

from joren.science.arrays import Floats, inner, levels, numbers
from joren.science.clv.estimates import ROUGH, Estimate, Evidence, evidence_of, named_values
from joren.science.clv.spends import Spends, checked, spends_of, tails
from joren.science.errors import NoFiniteMean
from joren.science.maximum import Maximum, Objective, maximise

NAMES = ("p", "q", "v")
STARTS = ((6.0, 4.0), (1.0, 3.0), (2.0, 1.5), (20.0, 10.0))
BELIEVABLE = 2.0  # a population mean further than this factor from the observed one is held to it
CERTAIN = 1e6  # p and q where every customer spends the same


@dataclass(frozen=True, eq=False)
class Fitted(Estimate):
    """The model at known parameters; `v` is in the unit of money.

    `correlation` of frequency and spend over the customers fitted on (None: not known). Beyond
    about .1 either way the independence that the model stands on is doubtful: look at spend by
    class of frequency. `held_to_mean` says that the free fit had no believable population mean, so
    that the mean was held to the observed one.
    """

    names: ClassVar[tuple[str, ...]] = NAMES
    p: float
    q: float
    v: float
    correlation: float | None = None
    held_to_mean: bool = False

    def population_mean(self) -> float:
        """What a customer of whom nothing is known spends per purchase: p v / (q - 1)."""
        if self.q <= 1:
            raise NoFiniteMean(
                f"q = {self.q:.4g}: at 1 or below, the mean spend over customers is infinite",
                hint="fit again: a fit holds the mean to the observed one where this happens",
            )
        return self.p * self.v / (self.q - 1)

    def conditional_expected_spend(self, frequency: ArrayLike, monetary_value: ArrayLike) -> Floats:
        """Mean spend per future purchase, given the mean of `frequency` past ones (note, eq. 5).

        The observed mean, drawn towards the population's, the less the more purchases are known;
        the population's mean for those of whom none is.
        """
        x, spend = checked(frequency, monetary_value)
        strength = self.p * x + self.q - 1
        boundless = int(np.count_nonzero(strength <= 0))
        if boundless:
            raise NoFiniteMean(
                f"q = {self.q:.4g} leaves {boundless:,} of {x.size:,} customers without a finite "
                "expected spend",
                hint="fit again: a fit holds the mean to the observed one where this happens",
            )
        expected: Floats = self.p * (self.v + x * spend) / strength
        return expected

    def spend_interval(
        self,
        frequency: ArrayLike,
        monetary_value: ArrayLike,
        level: float = 0.9,
        purchases: float = inf,
    ) -> tuple[Floats, Floats]:
        """Bounds of a customer's own mean spend, or of the mean of their next `purchases`.

        The chance that it lies between them is `level`, with equal chances on both sides. Given
        the past, p over their own mean is Gamma(px + q, rate v + xz), and the sum of n purchases
        to v + xz is as Beta(pn, px + q) to the rest.
        """
        x, spend = checked(frequency, monetary_value)
        shape, sums = self.p * x + self.q, self.v + x * spend
        low, high = tails(level, purchases)
        if purchases == inf:
            own = self.p * sums
            return own / gammainccinv(shape, low), own / gammainccinv(shape, high)
        more, one = self.p * purchases, sums / purchases
        return one * _ratio(more, shape, low), one * _ratio(more, shape, high)

    def chance_of_next(
        self,
        frequency: ArrayLike,
        monetary_value: ArrayLike,
        purchases: ArrayLike,
        revenue: ArrayLike,
    ) -> Floats:
        """That the sum of each customer's next purchases is at most their ``revenue``: a row for
        each customer, a column for each number of purchases."""
        x, spend = checked(frequency, monetary_value)
        shape, sums = self.p * x + self.q, self.v + x * spend
        most = numbers("revenue", revenue)
        part = most / (most + sums)
        more = self.p * numbers("purchases", purchases)
        chance: Floats = np.asarray(betainc(more, shape[:, None], part[:, None]), dtype=np.float64)
        return chance

    def log_density_of_next(
        self,
        frequency: ArrayLike,
        monetary_value: ArrayLike,
        purchases: ArrayLike,
        mean: ArrayLike,
    ) -> Floats:
        """ln of the density of the mean of each customer's next purchases, given the past."""
        (x, spend), (n, z) = checked(frequency, monetary_value), checked(purchases, mean)
        shape, sums, more = self.p * x + self.q, self.v + x * spend, self.p * n
        density: Floats = (
            more * np.log(n * z / (sums + n * z))
            - shape * np.log1p(n * z / sums)
            - betaln(more, shape)
            - np.log(z)
        )
        return density


def _ratio(one: float, other: Floats, share: float) -> Floats:
    """The quantile of a Gamma(one) over a Gamma(other)."""
    ratio: Floats = betaincinv(one, other, share) / betaincinv(other, one, 1 - share)
    return ratio


def given(*, p: float, q: float, v: float) -> Fitted:
    """The model at parameters known from elsewhere, such as a paper."""
    return Fitted(p, q, v)


def fit(
    frequency: ArrayLike, monetary_value: ArrayLike, weights: ArrayLike | None = None
) -> Fitted:
    """Maximise the likelihood over the customers with a frequency above 0.

    `monetary_value` is the mean spend of the purchases that `frequency` counts. Where the free fit
    has q <= 1, or a population mean more than twice or less than half the observed one, it is
    repeated with v = m (q - 1) / p, so that the population mean is the observed mean m.
    """
    rows = spends_of(frequency, monetary_value, weights)
    mean = rows.mean
    if rows.one_price:
        # One price for all: the likelihood has no maximum, the answer no doubt.
        return Fitted(CERTAIN, CERTAIN, mean * (1 - 1 / CERTAIN), None, True)
    correlation = rows.correlation
    found = _search(rows, objective_on, [np.log([p, q, mean * (q - 1) / p]) for p, q in STARTS])
    p, q, v = named_values(found)
    if q > 1 and 1 / BELIEVABLE < p * v / (q - 1) / mean < BELIEVABLE:
        return Fitted(p, q, v, correlation, evidence=evidence_of(found, rows.n))
    held = _search(rows, _objective_at_mean, [np.log([p, q - 1]) for p, q in STARTS])
    p, above = named_values(held)
    return Fitted(
        p, above + 1, mean * above / p, correlation, True, evidence=_held_evidence(held, rows)
    )


def log_likelihood(
    params: Mapping[str, float], frequency: ArrayLike, monetary_value: ArrayLike
) -> Floats:
    """Of each customer's mean spend (note, eq. 1a, in logarithms); 0 where nothing is known."""
    x, spend = checked(frequency, monetary_value)
    p, q, v = (params[name] for name in NAMES)
    some = x > 0
    x, spend = np.where(some, x, 1.0), np.where(some, spend, 1.0)
    total = np.log1p(x * spend / v)
    rows = (
        gammaln(p * x + q) - gammaln(p * x) - gammaln(q) - np.log(spend) - q * total
    ) + p * x * (np.log(x * spend / v) - total)
    return np.where(some, rows, 0.0)


def _search(
    rows: Spends, objective_on: Callable[[Spends], Objective], starts: list[Floats]
) -> Maximum:
    rough = objective_on(rows.thinned(ROUGH)) if rows.x.size > 2 * ROUGH else None
    return maximise(
        objective_on(rows),
        starts,
        names=NAMES[: starts[0].size],
        customers=rows.n,
        rough=rough,
    )


def objective_on(rows: Spends) -> Objective:
    """The mean log-likelihood of a customer and its gradient, in log p, log q, log v."""
    heads, x, sums = rows.weights / rows.n, levels(rows.x), rows.x * rows.spend
    by_x, counts, heads_x = x.gather(heads), x.values, heads * rows.x
    buys, log_sums = float(heads_x.sum()), inner(heads_x, np.log(sums))
    log_spend = inner(heads, np.log(rows.spend))

    def objective(point: Floats) -> tuple[float, Floats]:
        p, q, v = parameters = np.exp(point)
        total = np.log1p(sums / v)
        share = sums / (v + sums)
        total_1, total_x = inner(heads, total), inner(heads_x, total)
        apart = log_sums - buys * point[2] - total_x
        both, own = p * counts + q, p * counts
        value = (
            float(by_x @ (gammaln(both) - gammaln(own) - gammaln(q)))
            - log_spend
            + p * apart
            - q * total_1
        )
        slope = np.array(
            [
                by_x @ (counts * (psi(both) - psi(own))) + apart,
                by_x @ (psi(both) - psi(q)) - total_1,
                (p * (inner(heads_x, share) - buys) + q * inner(heads, share)) / v,
            ]
        )
        return value, parameters * slope

    return objective


def _objective_at_mean(rows: Spends) -> Objective:
    """The same over log p and log (q - 1), with the population mean at the observed one."""
    free, log_mean = objective_on(rows), np.log(rows.mean)

    def objective(point: Floats) -> tuple[float, Floats]:
        log_p, log_above = point
        above = np.exp(log_above)
        value, slope = free(np.array([log_p, np.log1p(above), log_mean + log_above - log_p]))
        return value, np.array([slope[0] - slope[2], slope[1] * above / (1 + above) + slope[2]])

    return objective


def _held_evidence(held: Maximum, rows: Spends) -> Evidence:
    """Two free parameters, told as three: v follows from the others (delta method)."""
    above = np.exp(held.point[1])
    follow = np.array([[1.0, 0.0], [0.0, above / (1 + above)], [-1.0, 1.0]])
    covariance = follow @ held.covariance @ follow.T
    return replace(evidence_of(held, rows.n), covariance=covariance)
