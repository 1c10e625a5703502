"""Between what the year ahead of one customer may lie."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class YearAhead:
    """Bounds of their predicted revenue and profit; None where ``interval_why`` says why.

    Of profit they are None too where no margin is known.
    """

    revenue_365d_low: float | None = None
    revenue_365d_high: float | None = None
    profit_365d_low: float | None = None
    profit_365d_high: float | None = None
    level: float | None = None
    interval_why: str = ""
