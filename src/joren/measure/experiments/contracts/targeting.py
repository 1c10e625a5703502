"""Who should get it: policies raced on those whom a lot divided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from joren.core.errors import BadInput, Refused
from joren.core.figures import Figure

Policy = Literal["everybody", "nobody", "rfm", "response", "uplift"]
POLICIES: Final[tuple[Policy, ...]] = get_args(Policy)
TargetingEvidence = Literal["proven", "not_proven", "too_small"]


@dataclass(frozen=True)
class RacedPolicy:
    """One policy: the ``share`` of customers that it sends to; per 1,000 customers, what it brings
    over sending to nobody, over the plain choice (paired), and the latter as it is to be expected,
    drawn to 0 as far as the policies differ by no more than chance."""

    policy: Policy
    share: float
    over_nobody: Figure
    over_plain: Figure
    expected: Figure


@dataclass(frozen=True)
class Targeting:
    """Which policy to ``use``, by expected profit at ``cost`` per customer treated, and apart from
    it whether it is proven to beat every other one. ``plain`` is the better of everybody and
    nobody; ``gain`` is per 1,000 customers over it. Costs of orders unknown, it is ``revenue``
    less the cost.

    ``rule`` is the chosen policy in the language of segments, and a small slice of all others by
    lot; None where it is nobody.
    """

    holdout_id: int
    name: str
    days: int
    customers: int
    treated: int
    buyers: int
    in_profit: bool
    margin: float
    cost: float
    policies: tuple[RacedPolicy, ...]
    plain: Policy
    use: Policy
    gain: Figure
    evidence: TargetingEvidence
    rule: Mapping[str, Any] | None


class NotYetTargeted(Refused):
    """What the lot divided does not tell yet whom to send to."""


class CostNotSaid(BadInput):
    """Whom it pays to treat hangs on what treating one costs."""
