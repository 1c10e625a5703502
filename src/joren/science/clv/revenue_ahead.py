"""What one customer may bring in the time ahead: how often, times how much, with chance in both.

The number of purchases is as the model of frequency says; the sum of n purchases, given the past,
is to v + xz as Beta(pn, px + q) to the rest (`gamma_gamma.spend_interval`). The distribution of the
sum is the mixture of these over n, with a mass at zero for nobody coming back.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import betainc

from joren.core.errors import BadInput
from joren.science.arrays import Floats
from joren.science.clv import gamma_gamma
from joren.science.clv.summary import Summary

LEFT = 1e-9  # chance of more purchases than are looked at
BLOCK = 64
MOST = 20_000  # purchases


def chances_of_purchases(orders: Any, past: Summary, t: float) -> Floats:
    """The chance of 0, 1, 2 … purchases of one customer in the next t, until hardly any is left."""
    parts: list[Floats] = []
    for first in range(0, MOST, BLOCK):
        counts = np.arange(first, first + BLOCK)
        parts.append(orders.conditional_probability_of_purchases(past, counts, t)[0])
        if sum(float(part.sum()) for part in parts) > 1 - LEFT:
            break
    return np.concatenate(parts)


def revenue_interval(
    chances: Floats,
    spend: gamma_gamma.Fitted,
    *,
    frequency: float,
    monetary_value: float,
    level: float = 0.9,
) -> tuple[float, float]:
    """Bounds of the revenue, in the unit of `v`, with equal chances on both sides.

    `chances` are of 0, 1, 2 … purchases; `monetary_value` is the mean of `frequency` past ones. The
    lower bound is zero where to stay away is that likely.
    """
    from scipy.optimize import brentq  # late: it loads for long

    if not 0 < level < 1:
        raise BadInput(f"level = {level}, a share between 0 and 1 is needed")
    shape, sums = spend.p * frequency + spend.q, spend.v + frequency * monetary_value
    more = spend.p * np.arange(1, chances.size)

    def up_to(revenue: float) -> float:
        """The chance of that revenue or less."""
        share = revenue / (revenue + sums)
        return float(chances[0] + chances[1:] @ betainc(more, shape, share))

    def bound(share: float) -> float:
        if chances[0] >= share:
            return 0.0
        end = sums
        while up_to(end) < share and end < sums * 1e12:
            end *= 2
        return float(brentq(lambda revenue: up_to(revenue) - share, 0.0, end, rtol=1e-10))

    return bound((1 - level) / 2), bound((1 + level) / 2)
