"""An hour of their own against the usual one: what it brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from joren.core.errors import NotFound
from joren.core.figures import Figure
from joren.measure.experiments.contracts.results import Evidence


@dataclass(frozen=True)
class HourArm:
    """All whom the lot gave one of both, whether or not the message reached them."""

    hour: Literal["usual", "own"]
    customers: int
    buyers: int
    revenue: int
    each: Figure


@dataclass(frozen=True)
class HourTest:
    """A campaign at the hour of each against the usual one, over the first ``days`` of everybody.

    ``gain`` is own less usual per customer; it is told on ``look_on`` and not before. The message
    costs the same in both.
    """

    campaign: int
    name: str
    days: int
    look_on: date
    taken: bool
    metric: Literal["profit", "revenue"]
    evidence: Evidence
    usual: HourArm
    own: HourArm
    gain: Figure


class NoOwnHour(NotFound):
    """Everybody got the campaign at the same hour, or it has not begun."""
