"""What the worlds take from real shops, and what is chosen because no log tells it.

Rates and drop-out: Pareto/NBD on all 23,570 customers of CDNOW (1997-98), per week. Order values:
the spread of their logarithms within and between its customers. Seasons: orders a day of each
month in Online Retail II, December 2009 to November 2011. The page is docs/science/worlds.md, and
`tests/project/simulation/worlds` fits them anew where the logs are at hand.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from joren.science.clv.pareto_nbd import given

WEEK: Final = 7.0
CDNOW: Final = given(r=0.59741, alpha=11.58511, s=0.52217, beta=8.82598)
"""Buying and leaving, in weeks."""
WITHIN, BETWEEN = 0.589, 0.445
"""Spread of the logarithm of an order's value, from order to order and between customers."""
SEASON: Final = (0.65, 0.757, 0.926, 0.833, 0.954, 0.972, 0.882, 0.837, 1.16, 1.32, 1.76, 0.947)
"""January to December; 1 on average."""

ORDER_YEN: Final = 4_000.0
"""An order's mean. Chosen: the logs are in pounds and dollars."""
MARGIN: Final = 0.4
"""What an order leaves. Chosen: the logs know no costs."""
MAILED: Final = 0.62
"""The share that agreed to be written to. Chosen, as in the demo shop."""


def paces(begin: date, days: int) -> NDArray[np.float64]:
    """How fast orders come on each day."""
    every = np.array(SEASON)
    months = [(begin + timedelta(days=day)).month - 1 for day in range(days)]
    found: NDArray[np.float64] = every[months]
    return found
