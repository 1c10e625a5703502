"""A past test by which to learn whom to treat: who got it by chance, and what they then spent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joren.core.errors import BadInput
from joren.science.arrays import Floats, Indices, column, refuse_rows, same_length

Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Trial:
    """One row per customer: treated by chance or not, and the money that came of it.

    `chance` is the planned share of treated, `margin` the profit per unit of spend, `cost` what
    treating one customer costs; money in one currency over one horizon, which is the one that the
    action is judged on. Whoever bought spent something else than 0.
    """

    treated: Mask
    spend: Floats
    chance: float
    margin: float = 1.0
    cost: float = 0.0

    @classmethod
    def of(
        cls,
        treated: ArrayLike,
        spend: ArrayLike,
        *,
        chance: float,
        margin: float = 1.0,
        cost: float = 0.0,
    ) -> Trial:
        """Checked columns; `treated` holds 1 and 0."""
        arm, money = column("treated", treated), column("spend", spend)
        same_length(treated=arm, spend=money)
        refuse_rows((arm != 0) & (arm != 1), "treated is neither 0 nor 1", arm)
        if not 0 < chance < 1:
            raise BadInput(
                f"a chance of {chance} of being treated",
                hint="only from customers treated by chance is learned what treating does",
            )
        if not arm.size:
            raise BadInput("nobody was in the trial", hint="a policy needs one to be judged on")
        if not (margin > 0 and cost >= 0):
            raise BadInput(f"a margin of {margin} and a cost of {cost}: above 0, and 0 or more")
        return cls(arm == 1, money, chance, margin, cost)

    @property
    def size(self) -> int:
        return self.spend.size

    def part(self, rows: Mask) -> Trial:
        """Some of the customers."""
        return Trial(self.treated[rows], self.spend[rows], self.chance, self.margin, self.cost)

    def worth(self, expected: tuple[Floats, Floats] | None = None) -> Floats:
        """Per customer, an estimate of the profit of treating them that is right on average.

        margin · (m₁ - m₀ + T (y - m₁) / e - (1-T) (y - m₀) / (1-e)) - cost, with e the chance and
        m₀, m₁ the spend `expected` of each without and with the action, by a fit that did not see
        them; right whatever these are (Robins, Rotnitzky & Zhao 1994), and the steadier the better.
        """
        if expected is None:
            zero = np.zeros(self.size)
            expected = (zero, zero)
        before, after = expected
        left = self.spend - np.where(self.treated, after, before)
        weight = np.where(self.treated, 1 / self.chance, -1 / (1 - self.chance))
        worth: Floats = self.margin * (after - before + weight * left) - self.cost
        return worth


def dealings(
    size: int, rng: np.random.Generator, *, folds: int = 10, times: int = 3
) -> tuple[Indices, ...]:
    """Customers dealt evenly into folds by chance, several times over.

    The mean over several dealings hangs less on how they happened to fall.
    """
    if not (2 <= folds <= size and times >= 1):
        raise BadInput(
            f"{folds} folds of {size} customers, {times} times",
            hint="two folds or more, with people in each",
        )
    return tuple(rng.permutation(np.arange(size) % folds) for _ in range(times))
