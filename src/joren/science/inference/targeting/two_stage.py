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
    numbers = table(features)
    _refuse(trial, numbers, dealt)
    every = [_foreseen(trial, numbers, fold, ridge) for fold in dealt]
    return Foreseen(
        np.mean([one.before for one in every], axis=0),
        np.mean([one.after for one in every], axis=0),
        np.mean([one.value for one in every], axis=0),
    )


def _foreseen(trial: Trial, numbers: Floats, fold: Indices, ridge: float) -> Foreseen:
    bought = (trial.spend > 0).astype(np.float64)
    found = Foreseen(*(np.empty(trial.size) for _ in range(3)))
    for one in np.unique(fold):
        mine, rest = fold == one, fold != one
        for arm, chances in ((~trial.treated, found.before), (trial.treated, found.after)):
            rows = rest & arm
            if not rows.any():
                raise BadInput("an arm has nobody outside of one fold", hint="more customers")
            fit = fit_logistic(numbers[rows], bought[rows], ridge)
            chances[mine] = fit.predict(numbers[mine])
        found.value[mine] = _value(trial, numbers, rest & (trial.spend > 0), mine, ridge)
    return found


def best_cut(
    trial: Trial, score: Floats, fold: Indices, shares: tuple[float, ...] | None = None
) -> Mask:
    """Who is sent to by a rule of thumb: those of the highest score, down to the best cut.

    Of ten even cuts, nobody and everybody among them, the one that brought most in the other folds:
    so a rule such as "the best by RFM" is raced at its best, and is not judged where it was tuned.
    """
    tried = np.linspace(0, 1, 11) if shares is None else np.asarray(shares, dtype=np.float64)
    sent = np.zeros(trial.size, dtype=np.bool_)
    for one in np.unique(fold):
        mine, rest = fold == one, fold != one
        curve = gain_curve(trial.part(rest), score[rest])
        gains = np.interp(tried, curve.share, curve.per_thousand)
        best = float(tried[int(np.argmax(gains))])
        cut = np.quantile(score[rest], 1 - best) if best > 0 else np.inf
        sent[mine] = score[mine] >= cut
    return sent


def _value(trial: Trial, numbers: Floats, buyers: Mask, mine: Mask, ridge: float) -> Floats:
    """The mean order value of such customers: ridge on its logarithm, times Duan's smearing."""
    count = int(np.count_nonzero(mine))
    spent = trial.spend[buyers]
    if spent.size < max(BUYERS * numbers.shape[1], 2):
        return np.full(count, float(spent.mean()) if spent.size else 0.0)
    logs = np.log(spent)
    fit = fit_linear(numbers[buyers], logs, ridge)
    smear = float(spent.sum() / np.exp(fit.predict(numbers[buyers])).sum())
    bounds = logs.min(), logs.max()
    told: Floats = smear * np.exp(np.clip(fit.predict(numbers[mine]), *bounds))
    return told


def _refuse(trial: Trial, numbers: Floats, dealt: Sequence[Indices]) -> None:
    if not dealt or any(not len(numbers) == fold.size == trial.size for fold in dealt):
        raise BadInput(
            f"{trial.size:,} customers, {len(numbers):,} rows of features, folds of "
            f"{', '.join(f'{fold.size:,}' for fold in dealt) or 'nobody'}",
            hint="one row and one fold for each customer of the trial",
        )
    if (trial.spend < 0).any():
        raise BadInput(
            "some spent less than 0",
            hint="two stages need a purchase and its value: take refunds to 0, and say so",
        )
