"""The models among which a shop's own past may choose, on a steady clock or on the calendar's.

The calendar is a matter of the shop more than of the model, so one is estimated, with MBG/NBD, and
all models are fitted on its clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from joren.science.arrays import Floats
from joren.science.clv import bg_nbd, calendar, mbg_nbd, nbd, pareto_nbd
from joren.science.clv.calendar import Calendar, Customers
from joren.science.clv.summary import Summary

Fitted: TypeAlias = nbd.Fitted | bg_nbd.Fitted | mbg_nbd.Fitted | pareto_nbd.Fitted
Letters: TypeAlias = Mapping[str, float]


class Fit(Protocol):
    """A model's ``fit``."""

    def __call__(self, summary: Summary, *, near: Letters | None = None) -> Fitted:
        """The model on these customers; ``near`` are parameters to search from."""
        ...


FITS: Mapping[str, Fit] = {
    "BG/NBD": bg_nbd.fit,
    "MBG/NBD": mbg_nbd.fit,
    "Pareto/NBD": pareto_nbd.fit,
    "NBD": nbd.fit,
}
"""In the order in which they are preferred within noise: what costs less first, NBD last.

It has the fewest parameters and the boldest assumption, that nobody ever leaves: over a year that
promises too much, so it has to win.
"""
MODULES: Mapping[str, ModuleType] = {
    "BG/NBD": bg_nbd,
    "MBG/NBD": mbg_nbd,
    "Pareto/NBD": pareto_nbd,
    "NBD": nbd,
}
GIVEN: Mapping[str, Callable[..., Fitted]] = {
    "BG/NBD": bg_nbd.given,
    "MBG/NBD": mbg_nbd.given,
    "Pareto/NBD": pareto_nbd.given,
    "NBD": nbd.given,
}
DEFAULT = "BG/NBD"
CLOCK = "MBG/NBD"
"""With which the calendar is estimated."""
STILL = 1e-4  # of a log speed: less changes no forecast that is shown
SPREADS = (0.1, 0.3)
"""How far a period's log speed may leave the mean: the settings of a calendar that are tried."""


@dataclass(frozen=True)
class Candidate:
    """A model, and the spread of its calendar; None on a steady clock."""

    model: str
    spread: float | None = None

    @property
    def simplicity(self) -> tuple[bool, int, float]:
        """Less is simpler."""
        return self.spread is not None, list(FITS).index(self.model), self.spread or 0.0


@dataclass(frozen=True, eq=False)
class Clocked:
    """A fitted model and the clock that it counts on."""

    candidate: Candidate
    fitted: Fitted
    calendar: Calendar | None

    def summary(self, customers: Customers) -> Summary:
        """The customers' past on the model's clock."""
        return on_clock(self.calendar, customers)

    def ahead(self, end: float, days: ArrayLike) -> Floats:
        """The time on the model's clock in the days after ``end``."""
        if self.calendar is None:
            return np.asarray(days, dtype=np.float64)
        now, then = self.calendar.clock(end), self.calendar.clock(end + np.asarray(days))
        return np.asarray(then - now, dtype=np.float64)

    def expected(self, customers: Customers, days: float) -> Floats:
        """Purchases of each row in the days after the customers' end."""
        horizon = float(self.ahead(customers.end, days))
        return self.fitted.conditional_expected_purchases(self.summary(customers), horizon)


@dataclass(frozen=True, eq=False)
class Learned:
    """What a model learns from: customers, and their repeat orders by day."""

    customers: Customers
    order_days: Floats
    orders: Floats

    def clock(self, spread: float, near: Letters | None = None) -> tuple[Calendar, mbg_nbd.Fitted]:
        """The shop's calendar, and MBG/NBD on it; days are its unit."""
        return calendar.fit(
            mbg_nbd.fit,
            self.customers,
            self.order_days,
            self.orders,
            unit=1.0,
            spread=spread,
            near=near,
            still=STILL,
        )


def on_clock(clock: Calendar | None, customers: Customers) -> Summary:
    """The customers' past in days, or on the calendar's clock."""
    if clock is not None:
        return clock.summary(customers)
    return Summary(
        customers.frequency,
        customers.last - customers.first,
        customers.end - customers.first,
        customers.weights,
    )


def fitted(
    candidate: Candidate,
    customers: Customers,
    clock: Calendar | None,
    near: Letters | None = None,
) -> Clocked:
    """The candidate on these customers."""
    found = FITS[candidate.model](on_clock(clock, customers), near=near)
    return Clocked(candidate, found, clock)
