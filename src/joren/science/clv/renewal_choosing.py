"""Which model of renewals suits a shop: judged as the models of orders are (see ``choosing``).

What an origin is judged on are the renewals that were decided in the days after it, whether they
were made or not: given the running number of each, a model foretells how many are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import Refused
from joren.science.arrays import Floats
from joren.science.clv import beta_discrete_weibull, shifted_beta_geometric
from joren.science.clv.choosing import Choice, decide
from joren.science.clv.renewals import Contracts
from joren.science.totals import Window

Fitted: TypeAlias = shifted_beta_geometric.Fitted | beta_discrete_weibull.Fitted

FITS: Final[Mapping[str, Callable[[Contracts], Fitted]]] = {
    "sBG": shifted_beta_geometric.fit,
    "BdW": beta_discrete_weibull.fit,
}
"""From the simplest on."""
DEFAULT: Final = "sBG"
LEAST = 1e-9  # a rate of exactly 0 or 1 would make one surprise decide
STEP = 1e-4  # of a log parameter, for a slope


@dataclass(frozen=True, eq=False)
class RenewalOrigin:
    """Renewals decided by a day, and those decided in the days after it."""

    begin: float
    days: float
    before: Contracts
    after: Contracts


@dataclass(frozen=True, eq=False)
class RenewalMark:
    """How a model did at an origin; each running number is two rows, renewals and losses."""

    fitted: Fitted
    rows: Floats
    weights: Floats
    window: Window

    @property
    def gini(self) -> float | None:
        """None: who renews is not asked of the running number alone."""
        return None


def choose_renewals(origins: Sequence[RenewalOrigin]) -> Choice[str, RenewalMark]:
    """The model of renewals, judged from the oldest origin to the newest.

    Origins after which no renewal was made, and models that could not be fitted at each, are out.
    """
    some = [one for one in origins if one.after.renewed.sum() > 0]
    marks: dict[str, list[RenewalMark]] = {}
    for model in FITS:
        found = [mark for one in some if (mark := _marked(model, one)) is not None]
        if len(found) == len(some):
            marks[model] = found
    return decide(marks, DEFAULT)


def rate_limits(fitted: Fitted, period: ArrayLike, reach: float) -> tuple[Floats, Floats]:
    """Limits of the model's retention, `reach` standard errors away on the logit scale.

    They know how unsure the parameters are (delta method), not whether the model is right. NaN
    where the data left a parameter open.
    """
    at = _logit(fitted.retention(period))
    covariance = fitted.covariance
    if covariance is None:
        return np.full(at.shape, np.nan), np.full(at.shape, np.nan)
    slopes = []
    for name in fitted.names:
        value: Any = fitted.params[name] * float(np.exp(STEP))
        moved = replace(fitted, **{name: value})
        slopes.append((_logit(moved.retention(period)) - at) / STEP)
    slope = np.array(slopes)
    error = np.sqrt(np.einsum("in,ij,jn->n", slope, covariance, slope))
    return _expit(at - reach * error), _expit(at + reach * error)


def _marked(model: str, origin: RenewalOrigin) -> RenewalMark | None:
    try:
        fitted = FITS[model](origin.before)
    except Refused:
        return None
    after = origin.after
    rate = np.clip(fitted.retention(after.period), LEAST, 1 - LEAST)
    due = after.renewed + after.lost
    return RenewalMark(
        fitted,
        np.concatenate([np.log(rate), np.log1p(-rate)]),
        np.concatenate([after.renewed, after.lost]),
        Window(origin.begin, origin.days, float(due @ rate), float(after.renewed.sum())),
    )


def _logit(rate: Floats) -> Floats:
    inside = np.clip(rate, LEAST, 1 - LEAST)
    logit: Floats = np.log(inside) - np.log1p(-inside)
    return logit


def _expit(x: Floats) -> Floats:
    share: Floats = 1 / (1 + np.exp(-x))
    return share
