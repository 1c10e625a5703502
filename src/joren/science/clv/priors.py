"""What is believed of parameters before any customer is seen, on their logarithms.

Weak beliefs keep an answer sane where the data say little: within a factor of 20 either way of what
shops are like, and for times in proportion to the time of observation, so that the unit of time
does not matter. A thousand customers outweigh them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from types import ModuleType
from typing import Any

import numpy as np

from joren.core.errors import BadInput
from joren.science.arrays import Floats

SHAPE, TIME, POWER = 1.5, 2.0, 0.5  # standard deviations, in logarithms
SPREAD = 0.7  # of q: below 1 nobody's spend has a mean, and no shop is like that
# Centres and widths by model; a time is in units of the mean time of observation, money in those of
# the mean spend.
_DROP_OUT = {"r": (0.5, SHAPE), "alpha": (0.3, TIME), "a": (0.7, SHAPE), "b": (2.5, SHAPE)}
_WEAK: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "nbd": {"r": (0.5, SHAPE), "alpha": (0.5, TIME)},
    "bg_nbd": _DROP_OUT,
    "mbg_nbd": _DROP_OUT,
    "mbg_cnbd_k": _DROP_OUT,
    "gamma_gamma": {"p": (6.0, SHAPE), "q": (4.0, SPREAD), "v": (0.5, TIME)},
    "pareto_nbd": {
        "r": (0.5, SHAPE),
        "alpha": (0.3, TIME),
        "s": (0.5, SHAPE),
        "beta": (0.3, TIME),
    },
    "bg_bb": {
        "alpha": (1.0, SHAPE),
        "beta": (1.5, SHAPE),
        "gamma": (0.7, SHAPE),
        "delta": (3.0, SHAPE),
    },
    "shifted_beta_geometric": {"alpha": (0.7, SHAPE), "beta": (3.0, SHAPE)},
    "beta_discrete_weibull": {"alpha": (0.7, SHAPE), "beta": (3.0, SHAPE), "c": (1.0, POWER)},
}
_IN_UNITS: Mapping[str, tuple[str, ...]] = {
    "nbd": ("alpha",),
    "bg_nbd": ("alpha",),
    "mbg_nbd": ("alpha",),
    "mbg_cnbd_k": ("alpha",),
    "gamma_gamma": ("v",),
    "pareto_nbd": ("alpha", "beta"),
}


@dataclass(frozen=True, eq=False)
class Normal:
    """Log parameters are normal; each row of points is one set of them."""

    mean: Floats
    covariance: Floats

    def __call__(self, points: Floats) -> Floats:
        """The log density at each row."""
        root = np.linalg.cholesky(self.covariance)
        away = np.linalg.solve(root, (points - self.mean).T)
        constant = np.log(np.diag(root)).sum() + self.mean.size * log(2 * np.pi) / 2
        density: Floats = -(away**2).sum(axis=0) / 2 - constant
        return density

    def draws(self, size: int, rng: np.random.Generator) -> Floats:
        """Sets of log parameters, one a row."""
        root = np.linalg.cholesky(self.covariance)
        drawn: Floats = self.mean + rng.standard_normal((size, self.mean.size)) @ root.T
        return drawn


def weak(model: ModuleType, data: Any) -> Normal:
    """The weak belief for a model, its times and money in proportion to those of the data."""
    name = model.__name__.rsplit(".", 1)[-1]
    if name not in _WEAK:
        raise BadInput(
            f"there is no weak prior for {name}", hint=f"give one; there are: {', '.join(_WEAK)}"
        )
    beliefs, measured = _WEAK[name], _IN_UNITS.get(name, ())
    if tuple(beliefs) != tuple(model.NAMES):
        raise BadInput(f"{name} has the parameters {model.NAMES}, the prior {tuple(beliefs)}")
    if measured and not data.unit > 0:
        raise BadInput(
            "T is 0 for every customer: no time has passed", hint="wait, or give a prior"
        )
    unit = log(data.unit) if measured else 0.0
    mean = [log(centre) + unit * (letter in measured) for letter, (centre, _) in beliefs.items()]
    widths = [width for _, width in beliefs.values()]
    return Normal(np.array(mean), np.diag(np.square(widths)))
