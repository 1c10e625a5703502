"""What each customer may bring in the time ahead: how often, times how much, with chance in both.

The number of purchases is as the model of frequency says, the sum of n purchases as that of spend
does (`chance_of_next`). The distribution of the sum is the mixture of these over n, with a mass at
zero for nobody coming back.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import BadInput
from joren.science.arrays import Floats, column, numbers
from joren.science.clv.spend_choosing import Fitted
from joren.science.clv.summary import Summary
from joren.science.crossings import crossing

LEFT = 1e-9  # chance of more purchases than are looked at
BLOCK = 64
MOST = 20_000  # purchases
NEVER = 1 - 1e-12  # of revenue to itself and the mean of one purchase


def chances_of_purchases(orders: Any, past: Summary, t: float) -> Floats:
    """The chance of 0, 1, 2 … purchases in the next t, until hardly any is left: a row for each
    customer, so those should be together who buy about as often."""
    parts: list[Floats] = []
    for first in range(0, MOST, BLOCK):
        counts = np.arange(first, first + BLOCK)
        parts.append(orders.conditional_probability_of_purchases(past, counts, t))
        if np.all(sum(part.sum(axis=1) for part in parts) > 1 - LEFT):
            break
    chances: Floats = np.concatenate(parts, axis=1)
    some_left = (np.cumsum(chances, axis=1) <= 1 - LEFT).any(axis=0)
    return chances[:, : int(np.count_nonzero(some_left)) + 1]


def revenue_intervals(
    chances: Floats,
    spend: Fitted,
    *,
    frequency: ArrayLike,
    monetary_value: ArrayLike,
    level: float = 0.9,
) -> tuple[Floats, Floats]:
    """Bounds of each customer's revenue, in the unit of spend, with equal chances on both sides.

    `chances` are of 0, 1, 2 … purchases; `monetary_value` is the mean of `frequency` past ones. The
    lower bound is zero where to stay away is that likely.
    """
    if not 0 < level < 1:
        raise BadInput(f"level = {level}, a share between 0 and 1 is needed")
    x, mean = column("frequency", frequency), numbers("monetary_value", monetary_value)
    unit = spend.conditional_expected_spend(x, mean)
    counts = np.arange(1, chances.shape[1])

    def bounds(asked: float) -> Floats:
        rows = np.flatnonzero(chances[:, 0] < asked)

        def short_of(part: Floats) -> Floats:
            """The chance of the revenue that is to its unit as that part to the rest, less what is
            asked."""
            revenue = unit[rows] * part / (1 - part)
            below = spend.chance_of_next(x[rows], mean[rows], counts, revenue)
            chance: Floats = chances[rows, 0] + (chances[rows, 1:] * below).sum(axis=1) - asked
            return chance

        found = np.zeros(len(chances))
        if rows.size:
            part = crossing(short_of, np.zeros(rows.size), np.full(rows.size, NEVER))
            found[rows] = unit[rows] * part / (1 - part)
        return found

    return bounds((1 - level) / 2), bounds((1 + level) / 2)
