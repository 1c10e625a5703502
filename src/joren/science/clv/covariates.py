"""What is known of customers beside their orders, in the models of coming back.

Fader & Hardie (2007), Incorporating Time-Invariant Covariates into the Pareto/NBD and BG/NBD Models
(brucehardie.com). With z what is known of a customer, that customer's rates are those of

    alpha exp(-g'z) instead of alpha, and in the Pareto/NBD beta exp(-d'z) instead of beta,
    in the BG/NBD and MBG/NBD a exp(d'z) and b exp(e'z) instead of a and b.

So a coefficient of .1 of alpha makes the rate of buying 10 % higher, of beta the rate of leaving.
Numbers count as they are; of categories, each but the most frequent has a coefficient.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import BadInput
from joren.science.arrays import Floats, thinned
from joren.science.clv import bg_nbd, drop_out, mbg_nbd, pareto_nbd
from joren.science.clv.covariate_columns import (
    Column,
    columns_of,
    errors_after,
    scaled,
    table_of,
)
from joren.science.clv.estimates import ROUGH, Evidenced, evidence_of, require_repeats
from joren.science.clv.forecasts import Forecasts, Past
from joren.science.clv.futures import Future
from joren.science.clv.summary import Summary
from joren.science.maximum import Objective, maximise

# What of each model varies with customers, and the direction in which a coefficient moves it.
VARYING: Mapping[ModuleType, Mapping[str, int]] = {
    pareto_nbd: {"alpha": -1, "beta": -1},
    bg_nbd: {"alpha": -1, "a": 1, "b": 1},
    mbg_nbd: {"alpha": -1, "a": 1, "b": 1},
}
Slopes = tuple[float | Floats | list[Floats], ...]


@dataclass(frozen=True, eq=False)
class Fitted(Evidenced):
    """A model whose rates hang on what is known of customers.

    ``params`` are of a customer of whom all columns are 0, ``usual`` of one of whom each column has
    its ``mean``. Standard errors are of logarithms times the value, as everywhere.
    """

    model: ModuleType
    usual: Mapping[str, float]
    mean: Floats
    columns: tuple[Column, ...]
    coefficients: Mapping[tuple[str, str], float]
    standard_errors: Mapping[str | tuple[str, str], float]

    @property
    def params(self) -> Mapping[str, float]:
        """The paper's letters."""
        zero = self._values(np.zeros((1, len(self.columns))))
        return MappingProxyType({name: float(value[0]) for name, value in zero.items()})

    def of(self, known: Any) -> Forecasts:
        """The model for these customers: its answers are for summaries of as many rows."""
        return _Known(self.model, self._values(table_of(self.columns, known)))

    def _values(self, z: Floats) -> dict[str, Floats]:
        """Each letter for each row."""
        values: dict[str, Floats] = {}
        for name, value in self.usual.items():
            sign = VARYING[self.model].get(name, 0)
            by = [self.coefficients.get((name, one.name), 0.0) for one in self.columns]
            values[name] = value * np.exp(sign * ((z - self.mean) @ np.array(by)))
        return values


@dataclass(frozen=True, eq=False)
class _Known(Forecasts):
    """A model with parameters of their own for each row."""

    _one_by_one: ClassVar[bool] = True
    model: ModuleType
    values: Mapping[str, Floats]

    def expected_purchases(self, t: ArrayLike) -> Floats:
        return self.conditional_expected_purchases(self._nothing(), t)

    def probability_of_purchases(self, n: ArrayLike, t: float) -> Floats:
        return self.conditional_probability_of_purchases(self._nothing(), n, t)

    def _nothing(self) -> Summary:
        zeros = np.zeros(self.values["r"].size)
        return Summary(zeros, zeros, zeros)

    def _log_odds_gone(self, summary: Summary) -> Floats:
        r, *rest = self.values.values()
        if r.size != len(summary):
            raise BadInput(f"{len(summary):,} customers, known are columns of {r.size:,}")
        if self.model is pareto_nbd:
            alpha, s, beta = rest
            rows = pareto_nbd.Pasts(summary)
            return rows.log_odds_gone(float(r[0]), alpha, float(s[0]), beta)
        at_once = self.model is mbg_nbd
        return drop_out.Pasts(summary, at_once=at_once, apart=True).log_odds_gone(
            float(r[0]), *rest
        )

    def _if_here(self, past: Past) -> Future:
        shape = past.x.shape
        r, alpha, *rest = (part.reshape(shape) for part in self.values.values())
        if self.model is pareto_nbd:
            return pareto_nbd.Fading(r + past.x, alpha + past.T, rest[0], rest[1] + past.T)
        stays = past.x + (self.model is mbg_nbd)
        return drop_out.Leaving(r + past.x, alpha + past.T, rest[0], rest[1] + stays)


def fit(model: ModuleType, summary: Summary, known: Any) -> Fitted:
    """Fit `pareto_nbd`, `bg_nbd` or `mbg_nbd` with what is known.

    `known` is a mapping or a table (pandas, polars, Arrow): a column per name, a row per customer.
    """
    if model not in VARYING:
        names = ", ".join(one.__name__.rpartition(".")[2] for one in VARYING)
        raise BadInput(f"{model.__name__} takes no covariates", hint=f"these do: {names}")
    require_repeats(summary)
    columns = columns_of(known)
    z = table_of(columns, known)
    if z.shape[0] != len(summary):
        raise BadInput(f"{len(summary):,} customers, known are columns of {z.shape[0]:,}")
    around = scaled(columns, z, summary.weights)
    plain = model.fit(summary)
    varying = [(name, one) for name in VARYING[model] for one in columns]
    start = np.append(np.log(list(plain.params.values())), np.zeros(len(varying)))
    objective = _objective(model, summary, around.values)
    rough = None
    if len(summary) > 2 * ROUGH:
        rows, weights = thinned(summary.weights, ROUGH)
        rough = _objective(model, summary.rows(rows, weights), around.values[rows])
    found = maximise(
        objective,
        [start, start + 0.1],
        names=(*plain.names, *(f"{name}: {one.name}" for name, one in varying)),
        customers=summary.n,
        rough=rough,
    )
    letters, keys = len(plain.names), [(name, one.name) for name, one in varying]
    back = around.back(plain.names, VARYING[model])
    said = back @ found.point
    errors = errors_after(back, found.covariance)
    errors[:letters] *= np.exp(said[:letters])
    usual = np.exp(found.point[:letters]).tolist()
    return Fitted(
        model,
        MappingProxyType(dict(zip(plain.names, usual, strict=True))),
        around.mean,
        columns,
        MappingProxyType(dict(zip(keys, said[letters:].tolist(), strict=True))),
        MappingProxyType(dict(zip([*plain.names, *keys], errors.tolist(), strict=True))),
        evidence=evidence_of(found, summary.n),
    )


def _objective(model: ModuleType, summary: Summary, z: Floats) -> Objective:
    """The mean log-likelihood of a customer, in log parameters and coefficients."""
    mean: Callable[..., tuple[float, Slopes]] = (
        pareto_nbd.MeanLikelihood(summary)
        if model is pareto_nbd
        else drop_out.MeanLikelihood(
            drop_out.Pasts(summary, at_once=model is mbg_nbd, apart=True),
            summary.weights / summary.n,
        )
    )
    names, signs = model.NAMES, VARYING[model]

    def objective(point: Floats) -> tuple[float, Floats]:
        base, by = np.exp(point[: len(names)]), point[len(names) :].reshape(len(signs), -1)
        values: list[float | Floats] = base.tolist()
        for (name, sign), coefficients in zip(signs.items(), by, strict=True):
            at = names.index(name)
            values[at] = base[at] * np.exp(sign * (z @ coefficients))
        value, slopes = mean(*values)
        rows = [sum(part) if isinstance(part, list) else part for part in slopes]
        moved = [sign * (rows[names.index(name)] @ z) for name, sign in signs.items()]
        return value, np.concatenate([[np.sum(part) for part in rows], *moved])

    return objective
