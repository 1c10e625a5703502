"""Messages that were tried beside each other: which of them brought more, if that is proven."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from joren.core.errors import NotFound, Refused
from joren.core.figures import Figure
from joren.core.words import gettext_noop

VariantEvidence = Literal["not_yet", "too_small", "not_proven", "proven"]
VariantMetric = Literal["profit", "revenue"]

VARIANT_EVIDENCE: Final[dict[str, str]] = {
    "not_yet": gettext_noop("not yet known"),
    "too_small": gettext_noop("too few buyers to read"),
    "not_proven": gettext_noop("no winner is proven"),
    "proven": gettext_noop("proven winner"),
}


@dataclass(frozen=True)
class VariantArm:
    """One message, with all who were to get it by lot; ``each`` is its metric per customer, of
    profit less the message's own cost."""

    variant: int
    template: int
    customers: int
    buyers: int
    revenue: int
    each: Figure


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


class NoVariants(NotFound):
    """The campaign tried nothing beside each other, or has not begun."""


class NoWinner(Refused):
    """That one message brought more is not proven."""
