"""What is known of customers beside their orders, in what they spend.

With z what is known of a customer, the Gamma-Gamma model's scale of money v is v exp(g'z): all that
this customer spends is exp(g'z) times what it would be otherwise. So a coefficient of .1 says that
a purchase is worth 10 % more, and spend divided by exp(g'z) follows the plain model (after Fader &
Hardie's covariates of the rates, 2007, brucehardie.com). Columns are those of
``covariates``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, psi

from joren.core.errors import BadInput
from joren.science.arrays import Floats, column
from joren.science.clv import gamma_gamma
from joren.science.clv.covariate_columns import (
    Column,
    columns_of,
    errors_after,
    scaled,
    table_of,
)
from joren.science.clv.estimates import ROUGH, Evidenced, evidence_of
from joren.science.clv.spends import Spends, checked, spends_of
from joren.science.errors import NotEnoughRepeats
from joren.science.maximum import Objective, maximise


@dataclass(frozen=True, eq=False)
class Fitted(Evidenced):
    """Gamma-Gamma whose money hangs on what is known of customers.

    ``usual`` is the model of a customer of whom each column has its ``mean``. Standard errors are
    by letter, of ``plain``, and by column.
    """

    usual: gamma_gamma.Fitted
    mean: Floats
    columns: tuple[Column, ...]
    coefficients: Mapping[str, float]
    standard_errors: Mapping[str, float]

    @property
    def plain(self) -> gamma_gamma.Fitted:
        """The model of a customer of whom all columns are 0."""
        p, q, v = self.usual.params.values()
        return gamma_gamma.given(p=p, q=q, v=v * float(np.exp(-self.mean @ self._by)))

    def of(self, known: Any) -> Known:
        """The model for these customers: its answers are for as many rows."""
        scale = np.exp((table_of(self.columns, known) - self.mean) @ self._by)
        return Known(self.usual, scale)

    @property
    def _by(self) -> Floats:
        return np.array([self.coefficients[one.name] for one in self.columns])


@dataclass(frozen=True, eq=False)
class Known:
    """The answers of ``gamma_gamma.Fitted`` with a scale of money for each row."""

    plain: gamma_gamma.Fitted
    scale: Floats

    def population_mean(self) -> Floats:
        """What each spends per purchase, of whose spend nothing is known."""
        return self.scale * self.plain.population_mean()

    def conditional_expected_spend(self, frequency: ArrayLike, monetary_value: ArrayLike) -> Floats:
        """Mean spend per future purchase, given the mean of `frequency` past ones."""
        x, spend = self._own(frequency, monetary_value)
        return self.scale * self.plain.conditional_expected_spend(x, spend)

    def spend_interval(
        self,
        frequency: ArrayLike,
        monetary_value: ArrayLike,
        level: float = 0.9,
        purchases: float = inf,
    ) -> tuple[Floats, Floats]:
        """Bounds of a customer's own mean spend, or of the mean of their next `purchases`."""
        x, spend = self._own(frequency, monetary_value)
        low, high = self.plain.spend_interval(x, spend, level, purchases)
        return self.scale * low, self.scale * high

    def _own(self, frequency: ArrayLike, monetary_value: ArrayLike) -> tuple[Floats, Floats]:
        """Spend as it would be, were all columns 0."""
        x, spend = checked(frequency, monetary_value)
        if x.size != self.scale.size:
            raise BadInput(f"{x.size:,} customers, known are columns of {self.scale.size:,}")
        return x, spend / self.scale


def fit(
    frequency: ArrayLike,
    monetary_value: ArrayLike,
    known: Any,
    weights: ArrayLike | None = None,
) -> Fitted:
    """Maximise the likelihood over the customers with a frequency above 0.

    `known` has a column per name, a row each. Where the plain model of the scaled spend has no
    believable mean, that mean is held to the observed one, as ``gamma_gamma.fit`` does it.
    """
    x, spend = checked(frequency, monetary_value)
    heads = column("weights", np.ones(x.size) if weights is None else weights)
    some = (x > 0) & (heads > 0)
    rows = spends_of(x, spend, heads)
    if rows.one_price:
        raise NotEnoughRepeats(
            "every customer spends the same: nothing can make a difference to it",
            hint="gamma_gamma.fit has the answer",
        )
    columns = columns_of(known)
    z = table_of(columns, known)
    if z.shape[0] != x.size:
        raise BadInput(f"{x.size:,} customers, known are columns of {z.shape[0]:,}")
    around = scaled(columns, z[some], rows.weights)
    plain = gamma_gamma.fit(rows.x, rows.spend, rows.weights)
    start = np.append(np.log(list(plain.params.values())), np.zeros(len(columns)))
    rough = None
    if rows.x.size > 2 * ROUGH:
        which = np.random.default_rng(0).choice(rows.x.size, ROUGH, replace=False)
        few = Spends(rows.x[which], rows.spend[which], rows.weights[which])
        rough = objective_on(few, around.values[which])
    found = maximise(
        objective_on(rows, around.values),
        [start, start + 0.1],
        names=(*gamma_gamma.NAMES, *(one.name for one in columns)),
        customers=rows.n,
        rough=rough,
    )
    letters = len(gamma_gamma.NAMES)
    back = around.back(gamma_gamma.NAMES, {"v": 1})
    said = back @ found.point
    by = said[letters:]
    usual = gamma_gamma.fit(rows.x, rows.spend / np.exp((z[some] - around.mean) @ by), rows.weights)
    errors = errors_after(back, found.covariance)
    errors[:letters] *= np.exp(said[:letters])
    names = [one.name for one in columns]
    return Fitted(
        usual,
        around.mean,
        columns,
        MappingProxyType(dict(zip(names, by.tolist(), strict=True))),
        MappingProxyType(dict(zip([*gamma_gamma.NAMES, *names], errors.tolist(), strict=True))),
        evidence=evidence_of(found, rows.n),
    )


def objective_on(rows: Spends, z: Floats) -> Objective:
    """The mean log-likelihood of a customer and its gradient, in log p, q, v and coefficients."""
    heads, x = rows.weights / rows.n, rows.x
    log_sums, log_spend = np.log(x * rows.spend), float(heads @ np.log(rows.spend))

    def objective(point: Floats) -> tuple[float, Floats]:
        p, q, _ = np.exp(point[:3])
        above = log_sums - point[2] - z @ point[3:]  # ln(xz / v) of each customer
        total = np.logaddexp(0.0, above)
        share = np.exp(above - total)
        both, own = p * x + q, p * x
        value = (
            float(
                heads
                @ (gammaln(both) - gammaln(own) - gammaln(q) + own * (above - total) - q * total)
            )
            - log_spend
        )
        of_v = heads * (q * share - own * (1 - share))  # slope by ln v of each customer
        slope = np.array(
            [
                p * (heads @ (x * (psi(both) - psi(own) + above - total))),
                q * (heads @ (psi(both) - psi(q) - total)),
                of_v.sum(),
            ]
        )
        return value, np.concatenate([slope, of_v @ z])

    return objective
