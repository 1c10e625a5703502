"""When an effect is to be read, written down before anything can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from joren.core.errors import BadInput, Refused
from joren.core.figures import Figure

USUAL_HORIZON: Final = 90
USUAL_LIFT: Final = 0.1
"""The lift of revenue that is worth knowing of, where nobody said another."""
LONGEST_HORIZON: Final = 730
MOST_LOOKS: Final = 12
"""From twelve looks on daily looking costs no more."""
BY_ITSELF: Final = "joren"
"""Who made a plan that nobody made."""


@dataclass(frozen=True)
class EffectDesign:
    """What an audience can tell, before it is divided. Money per customer, and over all treated;
    ``needed`` customers to see ``lift``, with four chances of five, None where no number is."""

    customers: int
    share: float
    days: int
    buyers: int
    spend: Figure  # per customer in as many days of the past
    smallest: Figure  # the smallest difference per customer that would most likely be seen
    smallest_together: Figure
    smallest_lift: Figure
    lift: float
    needed: int | None
    held_back: Figure  # what those left out would cost a month, if it brought that lift
    inflation: float = 1.0  # so many times the customers of one look at the end; 1.9: daily looks
    weeks: int | None = None  # until so many have come, where they come one after the other


class PlanTooLate(Refused):
    """A plan is made before anything of the outcome can be seen."""


class BadPlan(BadInput):
    """The plan is none that can be carried out; the message says why."""
