"""What treating each customer of a world is expected to bring, by all that decides it.

An expectation over the chances of the year (which orders happen, when they leave), given the
customer: their rate of orders, whether they are still there, how soon they tend to leave, what they
spend, and how they take the action. `lived` draws from exactly this.
"""

from __future__ import annotations

import numpy as np

from joren.project.simulation.population import Floats
from joren.project.simulation.worlds.calibration import MARGIN
from joren.project.simulation.worlds.people import People
from joren.project.simulation.worlds.world import EARLY_DAYS, YEAR, World


def expected_gain(people: People, world: World, days: int) -> Floats:
    """Profit of the first so many days if treated, less that if not, less the cost; yen.

    Orders at the middle of each day of the year; consent does not matter to orders.
    """
    gain = np.full(people.size, -world.cost)
    here = people.leaves > 0
    taste = (people.affinity if world.discount else people.ready)[here]
    hazard = people.hazard[here]
    stays = np.zeros(taste.size)  # orders without the action, per unit of the rate
    more = np.zeros(taste.size)
    for day in range(YEAR):
        alive, treated = _still(hazard, day + 0.5, world)
        pace = people.pace[day]
        if day < days:
            stays += pace * alive
        raised = world.early if day < EARLY_DAYS else world.later
        orders = pace * treated * (1 + taste * raised)
        pulled = orders * world.pulled * taste if day >= EARLY_DAYS else 0.0
        if day < days:
            more += orders
        else:
            more += pulled  # they come early instead, within the days that count
    profit = people.rate[here] * people.level[here]
    gain[here] += profit * (more * world.margin - stays * MARGIN)
    return gain


def _still(hazard: Floats, day: float, world: World) -> tuple[Floats, Floats]:
    """The chance to be still there on a day, without and with the action, of who is there now."""
    begin = min(day, float(world.leaving_from))
    natural: Floats = np.exp(-hazard * day)
    treated: Floats = np.exp(-hazard * (begin + world.leaving * (day - begin)))
    return natural, treated
