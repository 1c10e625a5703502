"""What one order is like in both arms: its value, its margin, whether a coupon was used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from joren.core.figures import Figure
from joren.core.words import gettext_noop

RatioMetric = Literal["order_value", "margin_rate", "coupon_share", "orders_each"]
"""Revenue per order; profit per revenue; the share of orders with a coupon; orders per buyer."""

RatioEvidence = Literal["higher", "lower", "unclear", "too_small"]
RATIO_EVIDENCE_NAMES: Final[dict[RatioEvidence, str]] = {
    "higher": gettext_noop("Proven: higher"),
    "lower": gettext_noop("Proven: lower"),
    "unclear": gettext_noop("Not proven"),
    "too_small": gettext_noop("Too few buyers to read"),
}


@dataclass(frozen=True)
class RatioEffect:
    """A ratio of two sums in both arms, treated less left out (``difference``) and treated over
    left out less one (``lift``), which never disagree about zero.

    Each arm's interval is of one look; those of difference and lift hold on all days and for all
    ratios together. ``p`` is at one look.
    """

    metric: RatioMetric
    evidence: RatioEvidence
    treated: Figure
    held_out: Figure
    difference: Figure
    lift: Figure
