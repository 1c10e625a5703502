"""What treating each customer brings: the change of their chance to buy, times their order value.

Two stages, because spend itself is too noisy to learn a difference from: who buys is learned apart
in each arm (a T-learner, Künzel et al. 2019, PNAS 116), how much from the buyers of both. Each
customer is foreseen by fits that did not see them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import BadInput
from joren.science.arrays import Floats, Indices
from joren.science.inference.targeting.contrasts import gain_curve
from joren.science.inference.targeting.learners import RIDGE, fit_linear, fit_logistic, table
from joren.science.inference.targeting.trial import Mask, Trial

BUYERS = 10
"""Buyers per feature from which the order value is learned; below, it is the mean of all."""


@dataclass(frozen=True, eq=False)
class Foreseen:
    """Chances to buy without (`before`) and with the action (`after`), and the order value."""

    before: Floats
    after: Floats
    value: Floats

    @property
    def expected(self) -> tuple[Floats, Floats]:
        """Spend without and with the action, as `Trial.worth` takes it."""
        return self.before * self.value, self.after * self.value

    def gain(self, trial: Trial) -> Floats:
        """Profit of treating each: margin · value · (after - before) - cost. Above 0: send."""
        gain: Floats = trial.margin * self.value * (self.after - self.before) - trial.cost
        return gain

    def response(self, trial: Trial) -> Floats:
        """What a response model would say: margin · value · after - cost, bought anyway or not."""
        response: Floats = trial.margin * self.value * self.after - trial.cost
        return response


def two_stage(
    trial: Trial, features: ArrayLike, dealt: Sequence[Indices], ridge: float = RIDGE
) -> Foreseen:
    """Cross-fitted: the customers of a fold by fits on the others, the mean over `dealings`.

    Spend has to be 0 or more; whoever spent nothing did not buy.
    """
    chances, value = foreseen(trial.spend, (~trial.treated, trial.treated), features, dealt, ridge)
    return Foreseen(chances[0], chances[1], value)


def foreseen(
    spend: Floats,
    arms: Sequence[Mask],
    features: ArrayLike,
    dealt: Sequence[Indices],
    ridge: float = RIDGE,
) -> tuple[Floats, Floats]:
    """Each customer's chance to buy in each arm (arms × customers), and their order value."""
    numbers = table(features)
    _refuse(spend, numbers, dealt)
    every = [_in_folds(spend, arms, numbers, fold, ridge) for fold in dealt]
    chances: Floats = np.mean([one for one, _ in every], axis=0)
    value: Floats = np.mean([one for _, one in every], axis=0)
    return chances, value


def _in_folds(
    spend: Floats, arms: Sequence[Mask], numbers: Floats, fold: Indices, ridge: float
) -> tuple[Floats, Floats]:
    bought = (spend > 0).astype(np.float64)
    chances, value = np.empty((len(arms), spend.size)), np.empty(spend.size)
    for one in np.unique(fold):
        mine, rest = fold == one, fold != one
        for i, arm in enumerate(arms):
            rows = rest & arm
            if not rows.any():
                raise BadInput("an arm has nobody outside of one fold", hint="more customers")
            fit = fit_logistic(numbers[rows], bought[rows], ridge)
            chances[i, mine] = fit.predict(numbers[mine])
        value[mine] = _value(spend, numbers, rest & (spend > 0), mine, ridge)
    return chances, value


def best_cut(
    trial: Trial, score: Floats, fold: Indices, shares: tuple[float, ...] | None = None
) -> Mask:
    """Who is sent to by a rule of thumb: those of the highest score, down to the best cut.

    Of ten even cuts, nobody and everybody among them, the one that brought most in the other folds:
    so a rule such as "the best by RFM" is raced at its best, and is not judged where it was tuned.
    """
    sent = np.zeros(trial.size, dtype=np.bool_)
    for one in np.unique(fold):
        mine, rest = fold == one, fold != one
        sent[mine] = score[mine] >= cut_of(trial.part(rest), score[rest], shares)
    return sent


def cut_of(trial: Trial, score: Floats, shares: tuple[float, ...] | None = None) -> float:
    """From which score on the best of the cuts sends: -inf to everybody, inf to nobody."""
    tried = np.linspace(0, 1, 11) if shares is None else np.asarray(shares, dtype=np.float64)
    curve = gain_curve(trial, score)
    # Equal scores are sent to together, so a cut is one of the curve's own points.
    points = np.minimum(np.searchsorted(curve.share, tried - 1e-9), curve.share.size - 1)
    best = points[int(np.argmax(curve.per_thousand[points]))]
    return -np.inf if best == curve.share.size - 1 else float(curve.cut[best])


def _value(spend: Floats, numbers: Floats, buyers: Mask, mine: Mask, ridge: float) -> Floats:
    """The mean order value of such customers: ridge on its logarithm, times Duan's smearing."""
    count = int(np.count_nonzero(mine))
    spent = spend[buyers]
    if spent.size < max(BUYERS * numbers.shape[1], 2):
        return np.full(count, float(spent.mean()) if spent.size else 0.0)
    logs = np.log(spent)
    fit = fit_linear(numbers[buyers], logs, ridge)
    smear = float(spent.sum() / np.exp(fit.predict(numbers[buyers])).sum())
    bounds = logs.min(), logs.max()
    told: Floats = smear * np.exp(np.clip(fit.predict(numbers[mine]), *bounds))
    return told


def _refuse(spend: Floats, numbers: Floats, dealt: Sequence[Indices]) -> None:
    if not dealt or any(not len(numbers) == fold.size == spend.size for fold in dealt):
        raise BadInput(
            f"{spend.size:,} customers, {len(numbers):,} rows of features, folds of "
            f"{', '.join(f'{fold.size:,}' for fold in dealt) or 'nobody'}",
            hint="one row and one fold for each customer of the trial",
        )
    if (spend < 0).any():
        raise BadInput(
            "some spent less than 0",
            hint="two stages need a purchase and its value: take refunds to 0, and say so",
        )
