"""What customers do in a world when some of them are treated on day 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from joren.project.simulation.population import Flags, Floats, Ints
from joren.project.simulation.worlds.calibration import MARGIN, SEASON
from joren.project.simulation.worlds.people import FASTEST, People
from joren.project.simulation.worlds.world import EARLY_DAYS, World


@dataclass(frozen=True, eq=False)
class Lives:
    """The orders of the year from the action on; ``profit`` is before what the action cost.

    ``discounted`` is what a treated order went down by, ``gone`` who withdrew their consent.
    """

    customer: Ints
    moment: Floats
    value: Floats
    discounted: Floats
    profit: Floats
    leaves: Floats
    gone: Flags


def lived(people: People, world: World, treated: Flags) -> Lives:
    """The year of everybody; the same people and another policy share all chances."""
    orders, every = people.possible, people.pace
    mine = treated[orders.customer]
    short = orders.moment < EARLY_DAYS
    taste = people.affinity if world.discount else people.ready
    raised = taste[orders.customer] * np.where(short, world.early, world.later)
    rate = every[orders.moment.astype(np.int64)] * (1 + np.where(mine, raised, 0.0))
    leaves = np.where(treated, _leaves(people.leaves, world), people.leaves)
    happens = (orders.luck * max(SEASON) * FASTEST < rate) & (
        orders.moment < leaves[orders.customer]
    )
    moves = mine & ~short & (orders.moves < world.pulled * taste[orders.customer])
    # Whoever orders earlier is still there then, as they would have been later.
    moment = np.where(moves, orders.early, orders.moment)[happens]
    customer, value = orders.customer[happens], orders.value[happens]
    kept = np.where(mine[happens], world.margin, MARGIN)
    return Lives(
        customer, moment, value, value * (MARGIN - kept), value * kept, leaves,
        treated & (people.signs_off < world.gone),
    )  # fmt: skip


def profits(lives: Lives, customers: int, days: Sequence[int]) -> Floats:
    """Each customer's profit within so many days (customers × days), for ascending days."""
    look = np.searchsorted(np.asarray(days, dtype=np.float64), lives.moment, side="right")
    inside = look < len(days)
    place = lives.customer[inside] * len(days) + look[inside]
    sums = np.bincount(place, weights=lives.profit[inside], minlength=customers * len(days))
    found: Floats = np.cumsum(sums.reshape(customers, len(days)), axis=1)
    return found


def _leaves(natural: Floats, world: World) -> Floats:
    """From a day on, time to leaving runs by another clock; who has left before stays away."""
    begin = float(world.leaving_from)
    found: Floats = np.where(natural > begin, begin + (natural - begin) / world.leaving, natural)
    return found
