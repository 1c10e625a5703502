"""What an action does in each world: to the rate of orders, to staying, and to what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from joren.core.errors import NotFound
from joren.project.simulation.worlds.calibration import MARGIN, WITHIN

EARLY_DAYS: Final = 30
"""As long an action is fresh."""
COST: Final = 20.0
YEAR: Final = 365


@dataclass(frozen=True)
class World:
    """Of each customer treated. ``early`` and ``later`` raise the rate of orders in the first 30
    days and after, times the customer's own readiness, or affinity to discounts where it is one;
    ``pulled`` is the share of later orders that come in those 30 days instead; ``leaving`` is by
    what the hazard of leaving is multiplied from day ``leaving_from`` on; ``gone`` withdraw their
    consent. ``margin`` is what an order of theirs leaves, ``cost`` what treating costs. ``rare``
    divides the rate and ``spread`` is that of an order's logarithm: they are the shop's.
    """

    name: str
    about: str
    early: float = 0.0
    later: float = 0.0
    pulled: float = 0.0
    leaving: float = 1.0
    leaving_from: int = 0
    gone: float = 0.002
    discount: bool = False
    margin: float = MARGIN
    cost: float = COST
    rare: float = 1.0
    spread: float = WITHIN
    held_out: float = 0.2

    @property
    def of_one_shop(self) -> tuple[float, float]:
        """Worlds that agree in this have the same customers, who order by the same chance."""
        return self.rare, self.spread


WORLDS: Final = (
    World("no-effect", "the action changes nothing and costs nothing", cost=0.0),
    World("passing-lift", "half as many orders more in 30 days, then as before", early=0.5),
    World("pulled-forward", "orders of the year come in its first 30 days", pulled=0.08, cost=0.0),
    World("lasting-lift", "a fifth more orders, for good", early=0.2, later=0.2),
    World("lift-then-fatigue", "a lift, then fewer orders, and more who leave and sign off",
          early=0.5, later=-0.15, leaving=2.0, leaving_from=EARLY_DAYS, gone=0.03),
    World("discount", "a fifth more orders, each at a tenth less, also of who would have bought",
          early=0.2, later=0.2, discount=True, margin=MARGIN - 0.1),
    World("better-retention", "a quarter as many leave; nothing more is ordered at first",
          leaving=0.25, gone=0.0),
    World("skewed", "the action changes nothing; orders are rare and of very different size",
          cost=0.0, rare=6.0, spread=1.3, held_out=0.1),
)  # fmt: skip


class NoSuchWorld(NotFound):
    """There is no world of that name."""


def world_of(name: str) -> World:
    """One of them by its name."""
    for one in WORLDS:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in WORLDS)
    raise NoSuchWorld(f"there is no world {name!r}", hint=f"known: {known}")
