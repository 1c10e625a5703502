"""What the tests of effects do to a holdout."""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from joren.decide.holdouts import models
from joren.decide.holdouts.contracts import Holdout
from joren.understand.ltv import selectors as values


def reached(one: Holdout, days_ago: int) -> None:
    """As if it had been done then: the invented shop's orders are all of the past."""
    on = values.snapshot().as_of - timedelta(days=days_ago)
    models.Holdout.objects.filter(pk=one.id).update(treated_on=on)


def half_is_profit(bought: ir.Table) -> ir.Table:
    """As if the cost of every order were known."""
    return bought.mutate(costed=ibis.literal(True), profit=(bought.revenue / 2).cast("int64"))
