"""Which model of spend suits a shop: judged as the models of orders are (see ``choosing``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import Refused
from joren.science import backtest
from joren.science.arrays import Floats
from joren.science.clv import gamma_gamma, log_normal_spend
from joren.science.clv.choosing import Choice, decide
from joren.science.totals import Window

Fitted: TypeAlias = gamma_gamma.Fitted | log_normal_spend.Fitted


class Fit(Protocol):
    """A model's ``fit``."""

    def __call__(
        self, frequency: ArrayLike, monetary_value: ArrayLike, weights: ArrayLike | None = None
    ) -> Fitted:
        """The model on the mean spend of so many purchases of each customer."""
        ...


FITS: Mapping[str, Fit] = {
    "Gamma-Gamma": gamma_gamma.fit,
    "log-normal": log_normal_spend.fit,
}
GIVEN: Mapping[str, Callable[..., Fitted]] = {
    "Gamma-Gamma": gamma_gamma.given,
    "log-normal": log_normal_spend.given,
}
DEFAULT = "Gamma-Gamma"
TOLD = 0.05
"""Nats of a customer's later mean: what is wanted is its level, and its shape matters less."""


@dataclass(frozen=True, eq=False)
class SpendOrigin:
    """What each customer had spent by a day, and the money of their purchases in the days after.

    Sums, over `x` past and `later_x` coming purchases whose money is known.
    """

    begin: float
    days: float
    x: Floats
    spend: Floats
    later_x: Floats
    later_spend: Floats


@dataclass(frozen=True, eq=False)
class SpendMark:
    """How a model of spend did at an origin, given how often each customer came."""

    fitted: Fitted
    rows: Floats
    weights: Floats
    window: Window
    gini: float | None


def choose_spend(origins: Sequence[SpendOrigin]) -> Choice[str, SpendMark]:
    """The model of spend, judged from the oldest origin to the newest."""
    marks: dict[str, tuple[SpendMark, ...]] = {}
    for name, fit in FITS.items():
        found = [_mark(fit, origin) for origin in origins]
        known = tuple(mark for mark in found if mark is not None)
        if len(known) == len(origins):
            marks[name] = known
    return decide(marks, DEFAULT, told=TOLD)


def mean_of(x: Floats, spend: Floats) -> Floats:
    """Mean spend of each customer's purchases; 0 where there is none."""
    return np.divide(spend, x, out=np.zeros_like(spend), where=x > 0)


def _mark(fit: Fit, origin: SpendOrigin) -> SpendMark | None:
    mean = mean_of(origin.x, origin.spend)
    came = (origin.later_x > 0) & (origin.later_spend > 0)
    try:
        fitted = fit(origin.x, mean)
        expected = fitted.conditional_expected_spend(origin.x[came], mean[came])
    except Refused:
        return None
    later_x, later = origin.later_x[came], origin.later_spend[came]
    rows = fitted.log_density_of_next(origin.x[came], mean[came], later_x, later / later_x)
    window = Window(origin.begin, origin.days, float(later_x @ expected), float(later.sum()))
    gini = backtest.gini(later / later_x, expected) if rows.size else None
    return SpendMark(fitted, rows, np.ones(rows.size), window, gini)
