"""Messages that were tried beside each other: which of them brought more, if that is proven."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from joren.core.errors import NotFound, Refused
from joren.core.figures import Figure
from joren.core.words import gettext_noop

VariantEvidence = Literal["not_yet", "too_small", "broken", "unpriced", "not_proven", "proven"]
VariantMetric = Literal["profit", "margin", "revenue"]
"""``margin``: the orders' profit, where what a message costs is not known."""

SPLIT_DAYS: Final = (30, 90)
"""Days since the split over which its arms are compared."""

VARIANT_EVIDENCE: Final[dict[str, str]] = {
    "not_yet": gettext_noop("not yet known"),
    "too_small": gettext_noop("too few buyers to read"),
    "broken": gettext_noop("the arms have not the sizes that the lot gives them"),
    "unpriced": gettext_noop(
        "not to be told before it is said what a message of each channel costs"
    ),
    "not_proven": gettext_noop("no winner is proven"),
    "proven": gettext_noop("proven winner"),
}


@dataclass(frozen=True)
class VariantArm:
    """One message, with all who were to get it by lot; ``each`` is its metric per customer, of
    profit less what those that left cost. ``cost`` is that in all; None where it is not known."""

    variant: int
    template: int
    customers: int
    buyers: int
    revenue: int
    each: Figure
    cost: int | None = None


@dataclass(frozen=True)
class VariantTest:
    """The messages of one campaign beside each other, over the first ``days`` of everybody.

    ``against`` is by how much ``best`` (0: none yet) brought more per customer than each other one,
    with intervals that hold for all pairs together. It is read once, on ``look_on``; until then
    ``against`` is empty, and ``weeks`` are left.
    """

    campaign: int
    name: str
    state: str
    days: int
    look_on: date
    taken_on: date | None
    metric: VariantMetric
    evidence: VariantEvidence
    arms: tuple[VariantArm, ...]
    best: int = 0
    against: tuple[tuple[int, Figure], ...] = ()
    weeks: int | None = None


@dataclass(frozen=True)
class SplitArm:
    """One arm of a split. ``dealt`` fell into it; of ``customers`` the days are over, and the rest
    is of them alone. ``cost`` is what their messages after the split cost; None: not known."""

    arm: int
    name: str
    share: int
    dealt: int
    customers: int
    buyers: int
    revenue: int
    cost: int | None
    each: Figure


@dataclass(frozen=True)
class SplitTest:
    """The arms of one split of a journey beside each other, over the first ``days`` of each
    customer since they fell into theirs.

    ``against`` is by how much ``best`` (0: none yet) brought more per customer than each other one,
    with intervals that hold for all pairs and on every day that one may look. Nobody who is held
    out is among them.
    """

    journey: int
    name: str
    node: str
    days: int
    as_of: date
    metric: VariantMetric
    evidence: VariantEvidence
    arms: tuple[SplitArm, ...]
    best: int = 0
    against: tuple[tuple[int, Figure], ...] = ()


class NoVariants(NotFound):
    """The campaign tried nothing beside each other, or has not begun."""


class NoWinner(Refused):
    """That one message brought more is not proven."""
