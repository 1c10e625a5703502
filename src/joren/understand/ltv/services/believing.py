"""How surely the past speaks of the model of orders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from joren.core.errors import Refused
from joren.core.figures import Figure
from joren.science.clv.beliefs import beliefs
from joren.science.clv.calendar import Customers
from joren.science.clv.candidates import MODULES, Clocked
from joren.science.clv.diagnostics import Density
from joren.understand.ltv.contracts import Belief
from joren.understand.ltv.rules import thresholds

SEED: Final = 0
"""The same facts and day give the same curves."""
DIGITS: Final = 10
"""As many as make no difference between engines, whose figures agree to nine."""


def believed(told: Clocked, customers: Customers, *, as_of: str, name: str) -> tuple[Belief, ...]:
    """Curves of what a new customer will do in a year, and of the parameters; () if none is to be
    had from so few."""
    year = float(told.ahead(customers.end, thresholds.HORIZON_DAYS))
    module = MODULES[told.candidate.model]
    try:
        found = beliefs(
            module,
            told.fitted,
            told.summary(customers),
            t=year,
            rng=np.random.default_rng(SEED),
            level=thresholds.LEVEL,
        )
    except Refused:
        return ()
    n = int(customers.weights.sum())
    curves = [
        ("newcomer_orders_365d", "orders", found.orders),
        ("newcomer_share_365d", "share", found.share),
        *((one.name, "", one) for one in found.parameters),
    ]
    return tuple(
        Belief(
            of,
            Figure(of, one.median, unit, n, one.low, one.high, thresholds.LEVEL, as_of, name),
            *map(tuple, _rounded(one, most=1.0 if unit == "share" else np.inf)),
        )
        for of, unit, one in curves
    )


def _rounded(curve: Density, *, most: float) -> Iterator[list[float]]:
    """No share is above 1."""
    inside = curve.values <= most
    for column in (curve.values[inside], curve.density[inside]):
        yield [float(f"{value:.{DIGITS}g}") for value in column.tolist()]
