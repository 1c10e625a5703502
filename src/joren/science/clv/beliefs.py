"""How surely the past speaks: curves of the parameters, and of what follows for a new customer.

Letters of a paper say nothing to a shop. What they mean for somebody who comes today does: how
often they will come back within a time, and whether at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np

from joren.science.arrays import Floats
from joren.science.clv.diagnostics import Density, density
from joren.science.clv.estimates import Estimate
from joren.science.clv.forecasts import Forecasts
from joren.science.clv.posterior import posterior
from joren.science.clv.summary import Summary

EXACT = 20_000  # different rows beyond which the posterior is the normal around the maximum
DRAWS = 2_000
FOLLOWED = 500  # draws of which it is worked out what they mean for a new customer
POINTS = 60
STILL = 1e-9  # logarithms of a letter within which its draws are one number
LEAST = 1e-12  # chance to come back that a curve in logarithms can bear


@dataclass(frozen=True, eq=False)
class Beliefs:
    """Curves over what may be so; each with the bounds that hold the asked share of it."""

    orders: Density  # repeat purchases of a new customer within the time
    share: Density  # chance that a new customer makes at least one
    parameters: tuple[Density, ...]


def beliefs(
    model: ModuleType,
    fitted: Estimate,
    summary: Summary,
    *,
    t: float,
    rng: np.random.Generator,
    level: float = 0.9,
) -> Beliefs:
    """Of a model that was fitted on these customers; `t` in its unit of time."""
    points, weights = _draws(model, fitted, summary.compressed(), rng)
    told = np.ptp(points, axis=0) > STILL  # of letters that the data cannot tell is no curve
    curves = tuple(
        density(name, np.exp(column), weights, level=level, points=POINTS)
        for name, column, known in zip(model.NAMES, points.T, told, strict=True)
        if known
    )
    some = weights[:FOLLOWED] / weights[:FOLLOWED].sum()
    orders, share = _of_a_new_customer(model, points[:FOLLOWED], t)
    return Beliefs(
        density("orders", orders, some, level=level, points=POINTS),
        density("share", np.maximum(share, LEAST), some, level=level, points=POINTS),
        curves,
    )


def _draws(
    model: ModuleType, fitted: Estimate, rows: Summary, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Log parameters and their weights."""
    if len(rows) <= EXACT or fitted.covariance is None:
        found = posterior(model, rows, rng, draws=DRAWS)
        return found.points, found.weighed.weights
    # What the data cannot tell stays where it is: predictions do not hang on it.
    spread = np.nan_to_num(fitted.covariance)
    centre = np.log([fitted.params[name] for name in model.NAMES])
    return rng.multivariate_normal(centre, spread, DRAWS), np.full(DRAWS, 1 / DRAWS)


def _of_a_new_customer(model: ModuleType, points: Floats, t: float) -> tuple[Floats, Floats]:
    orders, share = np.empty(len(points)), np.empty(len(points))
    for row, values in enumerate(np.exp(points).tolist()):
        made: Forecasts = model.given(**dict(zip(model.NAMES, values, strict=True)))
        orders[row] = made.expected_purchases(t)
        share[row] = 1 - float(made.probability_of_purchases(0, t))
    return orders, share
