"""What stores, channels or first categories of one shop have in common.

Empirical Bayes: the log parameters of the groups are normal around a common mean. Each group enters
by what its likelihood says of them (a normal with the information matrix at its peak, which may be
flat in some directions), mean and spread are found by the EM algorithm (Dempster, Laird & Rubin
1977, Journal of the Royal Statistical Society B 39(1), 1-38). The result is a prior for each group:
the large ones keep their own estimate, the small ones are drawn to what groups of this shop are.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

from joren.core.errors import BadInput
from joren.science.arrays import Floats
from joren.science.clv.posterior import peak_of
from joren.science.clv.priors import Normal, weak

ROUNDS = 500
SETTLED = 1e-8
ALIKE = 0.3  # standard deviation between groups that is believed before they are seen
BELIEF = 2.0  # as strongly as so many groups would say it


def shared_prior(model: ModuleType, groups: Mapping[str, Any]) -> Normal:
    """The prior that the groups have in common; a unit of time has to be common, too."""
    if len(groups) < 2:
        raise BadInput(f"{len(groups)} group, at least 2 are needed to share anything")
    told = [_told(model, data.compressed()) for data in groups.values()]
    size, n = len(model.NAMES), len(told)
    spread = np.eye(size)
    mean = np.linalg.solve(sum(p for p, _ in told) + 1e-9 * np.eye(size), sum(b for _, b in told))
    for _ in range(ROUNDS):
        precision = np.linalg.inv(spread)
        covariances = [np.linalg.inv(precision + p) for p, _ in told]
        centres = np.array(
            [c @ (precision @ mean + b) for c, (_, b) in zip(covariances, told, strict=True)]
        )
        before, mean = mean, centres.mean(axis=0)
        away = centres - mean
        within = sum(covariances, BELIEF * ALIKE**2 * np.eye(size))
        spread = (within + away.T @ away) / (n + BELIEF)
        if np.abs(mean - before).max() < SETTLED:
            break
    # The mean is known from n groups only.
    return Normal(np.asarray(mean, dtype=np.float64), spread * (1 + 1 / n))


def _told(model: ModuleType, data: Any) -> tuple[Floats, Floats]:
    """What the likelihood alone says: its information, and that times its peak.

    Found under the weak prior, whose share is taken off again: so a group whose likelihood has no
    peak of its own still says what it can.
    """
    prior = weak(model, data)
    peak, belief = peak_of(model, data, prior), np.linalg.inv(prior.covariance)
    whole = np.linalg.inv(peak.covariance)
    values, vectors = np.linalg.eigh(whole - belief)
    information = (vectors * np.maximum(values, 0.0)) @ vectors.T
    pull = whole @ peak.point - belief @ prior.mean
    return information, vectors @ (np.where(values > 0, vectors.T @ pull, 0.0))
