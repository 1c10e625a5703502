"""What treating each customer brings: their chance to buy times their order value, in each arm.

Two stages, because spend itself is too noisy to learn a difference from: who buys is learned apart
in each arm (a T-learner, Künzel et al. 2019, PNAS 116), how much from the buyers of both, with a
level for each arm as far as these differ by more than chance (James & Stein 1961: most actions move
who buys, a discount what an order leaves). Each customer is foreseen by fits that did not see them.
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

NO_ERROR = 1e-9
"""Where all orders are alike, levels differ by rounding alone."""
BUYERS = 10
"""Buyers per feature from which the order value is learned; below, it is the mean of all."""


@dataclass(frozen=True, eq=False)
class Foreseen:
    """Chances to buy without (`before`) and with the action (`after`), and the order values."""

    before: Floats
    after: Floats
    value_before: Floats
    value_after: Floats

    @property
    def expected(self) -> tuple[Floats, Floats]:
        """Spend without and with the action, as `Trial.worth` takes it."""
        return self.before * self.value_before, self.after * self.value_after

    def gain(self, trial: Trial) -> Floats:
        """Profit of treating each: margin · what they spend more - cost. Above 0: send."""
        without, with_it = self.expected
        gain: Floats = trial.margin * (with_it - without) - trial.cost
        return gain

    def response(self, trial: Trial) -> Floats:
        """What a response model would say: margin · value · after - cost, bought anyway or not."""
        response: Floats = trial.margin * self.expected[1] - trial.cost
        return response


def two_stage(
    trial: Trial, features: ArrayLike, dealt: Sequence[Indices], ridge: float = RIDGE
) -> Foreseen:
    """Cross-fitted: the customers of a fold by fits on the others, the mean over `dealings`.

    Spend has to be 0 or more; whoever spent nothing did not buy.
    """
    chances, values = foreseen(trial.spend, (~trial.treated, trial.treated), features, dealt, ridge)
    return Foreseen(chances[0], chances[1], values[0], values[1])


def foreseen(
    spend: Floats,
    arms: Sequence[Mask],
    features: ArrayLike,
    dealt: Sequence[Indices],
    ridge: float = RIDGE,
) -> tuple[Floats, Floats]:
    """Each customer's chance to buy and order value in each arm (arms × customers)."""
    numbers = table(features)
    _refuse(spend, numbers, dealt)
    every = [_in_folds(spend, arms, numbers, fold, ridge) for fold in dealt]
    chances: Floats = np.mean([one for one, _ in every], axis=0)
    values: Floats = np.mean([one for _, one in every], axis=0)
    return chances, values


def _in_folds(
    spend: Floats, arms: Sequence[Mask], numbers: Floats, fold: Indices, ridge: float
) -> tuple[Floats, Floats]:
    bought = (spend > 0).astype(np.float64)
    chances, values = np.empty((2, len(arms), spend.size))
    for one in np.unique(fold):
        mine, rest = fold == one, fold != one
        for i, arm in enumerate(arms):
            rows = rest & arm
            if not rows.any():
                raise BadInput("an arm has nobody outside of one fold", hint="more customers")
            fit = fit_logistic(numbers[rows], bought[rows], ridge)
            chances[i, mine] = fit.predict(numbers[mine])
        values[:, mine] = _values(spend, numbers, [rest & arm for arm in arms], mine, ridge)
    return chances, values


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


def _values(
    spend: Floats, numbers: Floats, arms: Sequence[Mask], mine: Mask, ridge: float
) -> Floats:
    """The mean order value of such customers in each arm: ridge on its logarithm, times Duan's
    smearing, times the arm's level."""
    buyers = np.any(arms, axis=0) & (spend > 0)
    count, spent = int(np.count_nonzero(mine)), spend[buyers]
    if spent.size < max(BUYERS * numbers.shape[1], 2):
        return np.full((len(arms), count), float(spent.mean()) if spent.size else 0.0)
    logs = np.log(spent)
    fit = fit_linear(numbers[buyers], logs, ridge)
    foreseen_of = np.exp(fit.predict(numbers[buyers]))
    smear = float(spent.sum() / foreseen_of.sum())
    bounds = logs.min(), logs.max()
    told: Floats = smear * np.exp(np.clip(fit.predict(numbers[mine]), *bounds))
    levels = _levels(spent, smear * foreseen_of, [arm[buyers] for arm in arms])
    return np.outer(levels, told)


def _levels(spent: Floats, told: Floats, arms: Sequence[Mask]) -> Floats:
    """How much more than told an order of each arm brings, drawn to 1 as far as chance alone would
    let the arms differ as they do; 1 where an arm has too few buyers."""
    if min(np.count_nonzero(arm) for arm in arms) < BUYERS:
        return np.ones(len(arms))
    rates = np.array([spent[arm].sum() / told[arm].sum() for arm in arms])
    errors = np.array(
        [np.sqrt(np.sum((spent[arm] - rate * told[arm]) ** 2)) / told[arm].sum() / rate
         for arm, rate in zip(arms, rates, strict=True)]
    )  # fmt: skip
    logs, weights = np.log(rates), 1 / np.maximum(errors, NO_ERROR) ** 2
    apart = logs - (weights @ logs) / weights.sum()
    chance = (len(arms) - 1) / max(float(weights @ apart**2), 1e-12)
    return np.asarray(np.exp(max(0.0, 1 - chance) * apart), dtype=np.float64)


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
