"""How a lower room learns what came of it: an upper room that measures enters here whom to ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from joren.core.figures import Figure
from joren.core.registry import Registry


@dataclass(frozen=True)
class Outcome:
    """What one comparison says: ``number`` of its holdout, what may be concluded, from when to when
    it was counted, and how much more the treated brought together.
    """

    number: int
    name: str
    evidence: str
    first: date | None
    last: date
    together: Figure


OUTCOMES: Final[Registry[Callable[[int], Sequence[Outcome]]]] = Registry("measure of segments")
"""Each answers what is known of the segment of that number, newest first."""
