"""Actions of one kind, read together: what repeats tell that one of them alone cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from joren.core.figures import Figure
from joren.measure.experiments.contracts.results import Evidence, Metric

PoolKind = Literal["journey", "message", "everything", "audience", "content"]
"""What they share: the journey, the message of a campaign, that nothing at all was sent, the
audience that was treated by hand, or the kind of what a campaign says."""
POOL_KINDS: Final[tuple[PoolKind, ...]] = get_args(PoolKind)


@dataclass(frozen=True)
class Likeness:
    """What an action may share with others. ``number`` is the journey's, the message's or the
    segment's, 0 where there is none; ``name`` is its name, or the kind of content."""

    kind: PoolKind
    number: int
    name: str


@dataclass(frozen=True)
class PooledAction:
    """One of them, per customer treated: ``alone`` by its own arms, ``drawn`` towards all of its
    kind as far as little is known of it."""

    holdout_id: int
    name: str
    customers: int
    alone: Figure
    drawn: Figure


@dataclass(frozen=True)
class Pool:
    """Actions of one kind over the first ``days`` of their customers, each of whom has had them.

    ``per_customer`` and ``together`` are of all who were treated, what they cost taken off where it
    is known; the interval holds however often one looks and repeats. ``next_one`` is where another
    action of the kind will lie. ``waiting`` more have nobody who has had the days; ``more`` is
    about how many further ones it takes until it can be read.
    """

    likeness: Likeness
    days: int
    evidence: Evidence
    metric: Metric
    customers: int
    treated: int
    per_customer: Figure
    together: Figure
    next_one: Figure
    actions: tuple[PooledAction, ...]
    waiting: int
    p: float | None
    q: float | None
    more: int | None
