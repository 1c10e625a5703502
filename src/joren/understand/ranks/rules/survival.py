"""F1 → F2 → F3 …: who came back, counted only among those for whom the time has passed."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from joren.understand.ranks.contracts import STEPS, WINDOWS
from joren.warehouse.sums import number_of


def first_visits(visits: ir.Table) -> ir.Table:
    """The first days on which each customer bought, one more than there are steps.

    Orders of one day are one visit; ``next_on`` is null on the last one.
    """
    kept = visits.filter(visits.nth <= STEPS)
    return kept.select("customer_id", "next_on", "first_on", ordered_on=kept.day, visit=kept.nth)


def steps(visits: ir.Table, as_of: date) -> ir.Table:
    """Per visit number and window: reached of all, and onward of those who came so far."""
    since_first = visits.ordered_on.delta(visits.first_on, unit="day")
    until_next = visits.next_on.delta(visits.ordered_on, unit="day")
    counts = {}
    for window in WINDOWS:
        begun = as_of - timedelta(days=window)
        here_long_enough = visits.ordered_on <= begun
        counts[f"reached_{window}"] = number_of(
            (visits.first_on <= begun) & (since_first <= window)
        )
        counts[f"waited_{window}"] = number_of(here_long_enough)
        counts[f"onward_{window}"] = number_of(here_long_enough & (until_next <= window))
    return visits.group_by("visit").agg(**counts).order_by("visit")


def by_first_month(visits: ir.Table, as_of: date) -> ir.Table:
    """F2転換率 of each month of first purchases."""
    first = visits.filter(visits.visit == 1)
    until_next = first.next_on.delta(first.ordered_on, unit="day")
    counts = {"customers": ibis._.count()}
    for window in WINDOWS:
        mature = first.ordered_on <= as_of - timedelta(days=window)
        counts[f"waited_{window}"] = number_of(mature)
        counts[f"onward_{window}"] = number_of(mature & (until_next <= window))
    month = ibis.date(first.ordered_on.year(), first.ordered_on.month(), 1)
    return first.group_by(month=month).agg(**counts).order_by("month")
