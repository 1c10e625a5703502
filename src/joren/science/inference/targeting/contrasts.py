"""What sending by one policy brings over sending by another, on people none of them was made on.

Money per customer (or per 1,000) at stated cost: areas under uplift curves differ between libraries
for the same scores, and cannot be paid in.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from joren.core.errors import BadInput
from joren.science.arrays import Floats
from joren.science.inference.effects import Effect, students, too_small
from joren.science.inference.targeting.trial import Mask, Trial
from joren.science.inference.two_part import FEWEST_BUYERS


@dataclass(frozen=True, eq=False)
class Curve:
    """Profit per 1,000 customers when those of the highest scores are sent to, share by share.

    Customers with one score come together: a point per distinct score, beginning with nobody.
    """

    share: Floats
    per_thousand: Floats
    error: Floats
    cut: Floats


def contrast(
    trial: Trial,
    one: Mask,
    other: Mask,
    *,
    expected: tuple[Floats, Floats] | None = None,
    level: float = 0.95,
) -> Effect:
    """Profit per customer of sending by `one` rather than by `other`, paired over the customers.

    The mean of (one - other) · worth (`Trial.worth`): only those count whom the two treat
    differently. Too small to read where fewer than `FEWEST_BUYERS` of those bought, in either arm.
    """
    if not one.size == other.size == trial.size:
        raise BadInput(f"policies for {one.size:,} and {other.size:,} of {trial.size:,} customers")
    apart = one.astype(np.float64) - other
    n, method = _arms(trial), "paired_profit"
    each = apart * trial.worth(expected)
    estimate = float(each.mean())
    if not apart.any():
        return Effect(0.0, 0.0, 0.0, level, 1.0, n, method, 0.0)
    buyers = (apart != 0) & (trial.spend != 0)
    least = min(np.count_nonzero(buyers & arm) for arm in (trial.treated, ~trial.treated))
    if least < FEWEST_BUYERS:
        return too_small(estimate, n, method, level)
    error = float(each.std(ddof=1)) / sqrt(trial.size)
    return students(estimate, error, trial.size - 1, n, method, level)


def gain_curve(trial: Trial, score: Floats, expected: tuple[Floats, Floats] | None = None) -> Curve:
    """The curve of a score, the highest first. Give scores that did not see these customers."""
    _refuse(trial, score)
    order = np.argsort(-score, kind="stable")
    worth, ranked = trial.worth(expected)[order], score[order]
    ends = np.append(np.flatnonzero(np.diff(ranked)), trial.size - 1)
    sums = np.concatenate([[0.0], np.cumsum(worth)[ends]])
    squares = np.concatenate([[0.0], np.cumsum(worth * worth)[ends]])
    mean = sums / trial.size
    spread = np.sqrt(np.maximum(squares / trial.size - mean * mean, 0.0) / trial.size)
    share = np.concatenate([[0.0], (ends + 1) / trial.size])
    cut = np.concatenate([[np.inf], ranked[ends]])
    return Curve(share, 1000 * mean, 1000 * spread, cut)


def share_kept(trial: Trial, score: Floats, share: float = 0.5) -> float:
    """How much of the whole effect is kept when only the best by score are sent to; cost aside.

    share · (mean of treated - mean of the others, among the best) over the same among all. Of
    customers with the score at the cut, each counts by the share of them that is sent to.
    """
    _refuse(trial, score)
    if not 0 < share <= 1:
        raise BadInput(f"a share of {share} is not between 0 and 1")
    wanted = share * trial.size
    cut = float(np.partition(score, -int(np.ceil(wanted)))[-int(np.ceil(wanted))])
    above, tied = score > cut, score == cut
    weight = above + tied * ((wanted - np.count_nonzero(above)) / np.count_nonzero(tied))
    whole = _apart(trial, np.ones(trial.size))
    return share * _apart(trial, weight) / whole if whole else nan


def _apart(trial: Trial, weight: Floats) -> float:
    means = []
    for arm in (trial.treated, ~trial.treated):
        total = float(weight[arm].sum())
        means.append(float(weight[arm] @ trial.spend[arm]) / total if total > 0 else nan)
    return means[0] - means[1]


def _arms(trial: Trial) -> tuple[float, float]:
    treated = float(np.count_nonzero(trial.treated))
    return trial.size - treated, treated


def _refuse(trial: Trial, score: Floats) -> None:
    if score.size != trial.size or not trial.size:
        raise BadInput(f"{score.size:,} scores for {trial.size:,} customers")
