"""What every action lifted, flat: one row each for a model of the media mix."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class EffectLift:
    """Money in the major unit, as files that leave the house say it; None is not known, never 0.

    ``effect`` is of all who were treated, from ``start`` to ``end``, in the ``metric`` named:
    profit is after ``spend``, margin and revenue are before it.
    """

    holdout: int
    name: str
    action: str
    action_number: int | None
    start: date | None
    end: date | None
    treated: int
    held_out: int
    metric: str
    evidence: str
    effect: float | None
    low: float | None
    high: float | None
    level: float | None
    spend: float | None
    currency: str
    simulated: bool = False
