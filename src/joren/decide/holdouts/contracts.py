"""Holdouts as other rooms and the faces see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from joren.core.errors import BadInput, NotFound, Refused
from joren.core.tables import TableSpec

Arm = Literal["treated", "held_out"]
ARMS: Final[tuple[Arm, ...]] = ("treated", "held_out")

NEW: Final = 0
"""The stratum of customers who have no decile: they have not bought yet."""

ASSIGNMENTS: Final = TableSpec(
    "holdout_assignments",  # who fell into which arm: written once, never changed
    {
        "lot": "int64",  # of the holdout's salt: rows of a draw that came to nothing have no owner
        "customer_id": "int64",
        "held_out": "boolean",
        "stratum": "int64",  # the decile of value on the day of the lot; 0: not bought yet
        "place": "int64",  # in the stratum, from 0 on; with the salt it gives the arm again
    },
    sorted_by=("customer_id",),
)


@dataclass(frozen=True)
class Design:
    """Of every ``block`` customers of a stratum, ``held`` are left out."""

    block: int
    held: int

    @property
    def share(self) -> float:
        """The chance of each customer to be left out: the propensity of the other arm."""
        return self.held / self.block


@dataclass(frozen=True)
class Holdout:
    """An audience that was divided by lot, and what it needs to be drawn again.

    ``treated_on`` is the day on which the treated were reached; until somebody says it, nobody was.
    """

    id: int
    name: str
    segment_id: int
    segment_version: int
    design: Design
    salt: str
    snapshot_id: int
    as_of: date
    drawn_at: datetime
    drawn_by: str
    note: str
    treated: int
    held_out: int
    treated_on: date | None = None
    closed_at: datetime | None = None

    @property
    def lot(self) -> int:
        """Under which its customers lie in the log."""
        return int(self.salt[:15], 16)

    @property
    def customers(self) -> int:
        """Everybody who was eligible: the whole audience."""
        return self.treated + self.held_out


@dataclass(frozen=True)
class StratumCount:
    """How many of a stratum fell into each arm."""

    stratum: int
    treated: int
    held_out: int


class NoSuchHoldout(NotFound):
    """There is no holdout of that number."""


class HoldoutNameTaken(Refused):
    """Another holdout has the name already."""


class HoldoutClosed(Refused):
    """What is closed stays as it was."""


class ShareNotDrawable(BadInput):
    """The share is no share, or cannot be drawn in blocks of a hundred customers at most."""


class AudienceTooSmall(Refused):
    """So few customers that nobody, or everybody but one, would be left out."""
