"""Two learners that are hard to fool: ridge regression and logistic regression with a ridge.

Columns are standardised inside, so that the ridge weighs all alike; a column that does not vary
gets no say. Hoerl & Kennard (1970), Technometrics 12; le Cessie & van Houwelingen (1992), Applied
Statistics 41.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from joren.core.errors import BadInput
from joren.science.arrays import Floats
from joren.science.errors import DidNotConverge

RIDGE = 300.0
"""As if so many more customers had been seen in whom each column means nothing."""
ROUNDS = 100
NEAR = 1e-7  # of the log-likelihood, twice over


@dataclass(frozen=True, eq=False)
class Fitted:
    """Coefficients on standardised columns; `logistic` tells what `predict` answers with."""

    centre: Floats
    scale: Floats
    intercept: float
    slopes: Floats
    logistic: bool

    def predict(self, features: ArrayLike) -> Floats:
        """The mean of the outcome: a chance where logistic."""
        score = self.intercept + (table(features) - self.centre) / self.scale @ self.slopes
        found: Floats = expit(score) if self.logistic else score
        return found


def table(features: ArrayLike) -> Floats:
    """Features as a table of finite numbers, one row per customer."""
    numbers = np.asarray(features, dtype=np.float64)
    if numbers.ndim != 2:
        raise BadInput(f"features with {numbers.ndim} dimensions: rows and columns are needed")
    if not np.isfinite(numbers).all():
        raise BadInput("features with numbers that are not finite", hint="decide on missing ones")
    return numbers


def fit_linear(features: ArrayLike, outcome: Floats, ridge: float = RIDGE) -> Fitted:
    """Least squares plus ridge · |slopes|²; the intercept is free."""
    unit, centre, scale = _standardised(features, outcome)
    mean = float(outcome.mean())
    gram = unit.T @ unit + ridge * np.eye(unit.shape[1])
    slopes = np.asarray(np.linalg.solve(gram, unit.T @ (outcome - mean)), dtype=np.float64)
    return Fitted(centre, scale, mean, slopes, logistic=False)


def fit_logistic(features: ArrayLike, outcome: Floats, ridge: float = RIDGE) -> Fitted:
    """Likelihood less ridge / 2 · |slopes|² · p (1-p), by Newton; the intercept is free.

    The ridge is in the likelihood's own unit, so that it is worth so many customers also where few
    buy. Where nobody or everybody did, the chance is that of half a customer more on each side.
    """
    unit, centre, scale = _standardised(features, outcome)
    share = (float(outcome.sum()) + 0.5) / (outcome.size + 1)
    start = float(np.log(share / (1 - share)))
    if not 0 < outcome.sum() < outcome.size:
        return Fitted(centre, scale, start, np.zeros(unit.shape[1]), logistic=True)
    design = np.column_stack([np.ones(len(unit)), unit])
    penalty = np.full(design.shape[1], ridge * share * (1 - share))
    penalty[0] = 0.0
    weights = np.zeros(design.shape[1])
    weights[0] = start
    height = _height(design, outcome, weights, penalty)
    for _ in range(ROUNDS):
        chance = expit(design @ weights)
        slope = design.T @ (outcome - chance) - penalty * weights
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        factor = 1.0
        while (reached := _height(design, outcome, weights + factor * step, penalty)) < height:
            factor /= 2
            if factor < 1e-8:
                break
        if factor >= 1e-8:
            weights, height = weights + factor * step, reached
        if float(slope @ step) < NEAR or factor < 1e-8:
            return Fitted(centre, scale, float(weights[0]), weights[1:], logistic=True)
    raise DidNotConverge(f"a logistic regression on {outcome.size:,} customers")


def _height(design: Floats, outcome: Floats, weights: Floats, penalty: Floats) -> float:
    score = design @ weights
    likelihood = outcome @ score - np.logaddexp(0.0, score).sum()
    return float(likelihood - 0.5 * penalty @ (weights * weights))


def _standardised(features: ArrayLike, outcome: Floats) -> tuple[Floats, Floats, Floats]:
    numbers = table(features)
    if len(numbers) != outcome.size or not outcome.size:
        raise BadInput(f"{len(numbers):,} rows of features for {outcome.size:,} outcomes")
    centre, scale = numbers.mean(axis=0), numbers.std(axis=0)
    flat = scale <= 1e-12 * np.abs(numbers).max(axis=0, initial=0.0)
    scale = np.where(flat, 1.0, scale)
    unit = (numbers - centre) / scale
    unit[:, flat] = 0.0
    return unit, centre, scale
