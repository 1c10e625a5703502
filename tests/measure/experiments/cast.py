"""What the tests of effects do to a holdout."""

from __future__ import annotations

from datetime import timedelta

from joren.decide.holdouts import models
from joren.decide.holdouts.contracts import Holdout
from joren.understand.ltv import selectors as values


def reached(one: Holdout, days_ago: int) -> None:
    """As if it had been done then: the invented shop's orders are all of the past."""
    on = values.snapshot().as_of - timedelta(days=days_ago)
    models.Holdout.objects.filter(pk=one.id).update(treated_on=on)
