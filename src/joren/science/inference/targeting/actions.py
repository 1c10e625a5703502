"""Which of several actions for whom, nothing among them: two stages, with an arm per action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import BadInput
from joren.science.arrays import Floats, Indices, column, refuse_rows, same_length
from joren.science.inference.effects import Effect, students, too_small
from joren.science.inference.targeting.learners import RIDGE
from joren.science.inference.targeting.trial import Mask
from joren.science.inference.targeting.two_stage import foreseen
from joren.science.inference.two_part import FEWEST_BUYERS


@dataclass(frozen=True, eq=False)
class Actions:
    """One row per customer: the number of the action that chance gave them, and what they spent.

    `chances` and `costs` (per customer) belong to action 0, 1, … in turn; nothing is an action too,
    at a cost of 0.
    """

    given: Indices
    spend: Floats
    chances: Floats
    costs: Floats
    margin: float = 1.0

    @classmethod
    def of(
        cls,
        given: ArrayLike,
        spend: ArrayLike,
        *,
        chances: Sequence[float],
        costs: Sequence[float],
        margin: float = 1.0,
    ) -> Actions:
        """Checked columns; chances add up to 1."""
        which, money = column("given", given), column("spend", spend)
        same_length(given=which, spend=money)
        share, cost = column("chances", chances), column("costs", costs)
        same_length(chances=share, costs=cost)
        if not ((share > 0).all() and abs(float(share.sum()) - 1) < 1e-6):
            raise BadInput(f"chances {share.tolist()}: each above 0, 1 together")
        if not (margin > 0 and (cost >= 0).all()):
            raise BadInput(
                f"a margin of {margin} and costs {cost.tolist()}: above 0, and 0 or more"
            )
        known = np.isin(which, np.arange(share.size))
        refuse_rows(~known, f"given is no action from 0 to {share.size - 1}", which)
        return cls(which.astype(np.intp), money, share, cost, margin)

    def arm(self, action: int) -> Mask:
        """Who was given it."""
        return np.equal(self.given, action)

    def worth(self, policy: Indices, expected: Floats | None = None) -> Floats:
        """Per customer, an estimate of the profit of giving what `policy` names, right on average.

        margin · (m + 1(given = named) (y - m) / chance) - cost, m the spend `expected` (actions ×
        customers) under the named action by a fit that did not see them.
        """
        rows = np.arange(self.spend.size)
        told = np.zeros(rows.size) if expected is None else expected[policy, rows]
        weight = (self.given == policy) / self.chances[policy]
        worth: Floats = self.margin * (told + weight * (self.spend - told)) - self.costs[policy]
        return worth


@dataclass(frozen=True, eq=False)
class Choice:
    """Expected profit of each action for each customer (actions × customers), and spend of each."""

    profit: Floats
    expected: Floats

    @property
    def best(self) -> Indices:
        """The action of the highest expected profit; the first of equals."""
        return np.asarray(np.argmax(self.profit, axis=0), dtype=np.intp)


def two_stage_choice(
    actions: Actions, features: ArrayLike, dealt: Sequence[Indices], ridge: float = RIDGE
) -> Choice:
    """Cross-fitted chances to buy under each action times the order value, less the cost."""
    arms = [actions.arm(i) for i in range(actions.chances.size)]
    chances, values = foreseen(actions.spend, arms, features, dealt, ridge)
    expected = chances * values
    return Choice(actions.margin * expected - actions.costs[:, None], expected)


def choice_contrast(
    actions: Actions,
    one: Indices,
    other: Indices,
    *,
    expected: Floats | None = None,
    level: float = 0.95,
) -> Effect:
    """Profit per customer of giving by `one` rather than by `other`, paired over the customers."""
    if not one.size == other.size == actions.spend.size:
        raise BadInput(
            f"policies for {one.size:,} and {other.size:,} of {actions.spend.size:,} customers"
        )
    apart = one != other
    agreed = [float(np.count_nonzero(actions.given == policy)) for policy in (other, one)]
    n, method = (agreed[0], agreed[1]), "paired_profit"
    if not apart.any():
        return Effect(0.0, 0.0, 0.0, level, 1.0, n, method, 0.0)
    each = actions.worth(one, expected) - actions.worth(other, expected)
    bought = apart & (actions.spend != 0)
    least = min(np.count_nonzero(bought & (actions.given == policy)) for policy in (one, other))
    if least < FEWEST_BUYERS:
        return too_small(float(each.mean()), n, method, level)
    error = float(each.std(ddof=1)) / sqrt(each.size)
    return students(float(each.mean()), error, each.size - 1, n, method, level)
