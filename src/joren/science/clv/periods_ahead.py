"""What a share that falls from period to period adds up to, discounted, however far it reaches."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, log, log1p

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import BadInput
from joren.science.arrays import Floats, levels

HEAD = 512  # periods that are added one by one; beyond, the share is smooth
NEGLIGIBLE = 60.0  # a discount of e^-60 ends the sum
PANEL = 0.5  # in ln(period)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)


def added_up(
    log_share: Callable[[Floats, Floats], Floats],
    start: ArrayLike,
    *,
    rate: float,
    horizon: float = inf,
) -> Floats:
    """The sum over h = 1 … horizon of share(start, h) / (1 + rate)^h, for each start.

    `log_share(start, h)` is smooth in h, which may lie between whole numbers. Past HEAD the sum is
    the integral between the halves, with the first correction of Euler and Maclaurin (the next is
    below 1e-11 of the whole).
    """
    if not (rate >= 0 and np.isfinite(rate)):
        raise BadInput(f"rate = {rate}, a discount per period of 0 or more is needed")
    if not (horizon >= 0 and (rate > 0 or horizon < inf)):
        raise BadInput(
            f"rate = {rate} and horizon = {horizon}: the sum may have no end",
            hint="give a horizon in periods, or a rate above 0",
        )
    discount = -log1p(rate)
    places = levels(np.asarray(start, dtype=np.float64).ravel())
    column = places.values[:, None]

    def term(h: Floats) -> Floats:
        value: Floats = np.exp(log_share(column, h[None, :]) + h * discount)
        return value

    last = min(float(np.floor(horizon)), HEAD + (NEGLIGIBLE / -discount if rate > 0 else inf))
    last = float(np.floor(last))
    total = term(np.arange(1.0, min(last, HEAD) + 1)).sum(axis=1)
    if last > HEAD:
        ends = term(np.array([HEAD, HEAD + 1.0, last, last + 1.0]))
        total += _between(term, HEAD + 0.5, last + 0.5)
        total += (ends[:, 1] - ends[:, 0] - ends[:, 3] + ends[:, 2]) / 24
    return places.spread(total).reshape(np.shape(start))


def _between(term: Callable[[Floats], Floats], low: float, high: float) -> Floats:
    """The integral of the terms, by Gauss and Legendre on panels even in ln(period)."""
    edges = np.linspace(log(low), log(high), max(2, int(np.ceil(log(high / low) / PANEL)) + 1))
    half = np.diff(edges) / 2
    places = np.exp((edges[:-1] + half)[:, None] + half[:, None] * NODES)
    weights = (half[:, None] * WEIGHTS * places).ravel()
    integral: Floats = term(places.ravel()) @ weights
    return integral
