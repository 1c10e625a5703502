"""Holdouts as other rooms and the faces see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from joren.core.errors import BadInput, NotFound, Refused
from joren.core.tables import TableSpec

Arm = Literal["treated", "held_out"]
ARMS: Final[tuple[Arm, ...]] = ("treated", "held_out")

Kind = Literal["segment", "global", "standing", "trial"]
KINDS: Final[tuple[Kind, ...]] = ("segment", "global", "standing", "trial")
"""``segment``: its members of one day, drawn at once. ``global``: everybody, left out of all that
the shop sends for a year. ``standing``: whoever comes, drawn on arrival. ``trial``: the same, for a
practice that is no message and is read by its trial alone."""

ON_ARRIVAL: Final[tuple[Kind, ...]] = ("standing", "trial")
"""Of these nobody is drawn before they come."""

NEW: Final = 0
"""The stratum of customers who have no decile: they have not bought yet."""

_PLACE_BITS: Final = 48


def unit_of(stratum: Any, place: Any) -> Any:
    """The number of a unit of a lot, of columns of either kind: all of a household have one."""
    return (stratum << _PLACE_BITS) | place


def stratum_of(unit: Any) -> Any:
    """The stratum in which that unit was drawn."""
    return unit >> _PLACE_BITS


ASSIGNMENTS: Final = TableSpec(
    "holdout_assignments",  # who fell into which arm: written once, never changed
    {
        "lot": "int64",  # of the holdout's salt: rows of a draw that came to nothing have no owner
        "customer_id": "int64",
        "held_out": "boolean",
        "stratum": "int64",  # the decile of value on the day of the lot; 0: not bought yet
        "place": "int64",  # in the stratum, from 0 on; with the salt it gives the arm again.
        # Customers of one household have one place between them: it is the unit of the lot.
    },
    sorted_by=("customer_id",),
)

ARRIVALS: Final = TableSpec(
    "holdout_arrivals",  # the same of those who are drawn one after the other, with the moment
    {**ASSIGNMENTS.columns, "number": "int64", "drawn_at": "timestamp('UTC')"},
    sorted_by=("customer_id",),
)

ReachStep = Literal["asked", "passed", "got"]
REACH_STEPS: Final[tuple[ReachStep, ...]] = ("asked", "passed", "got")
"""How far what is sent came to somebody: it was asked for, the gate would let it through, it left.
Whoever is left out is asked for and passes as a ghost, and gets nothing."""

EXPOSURES: Final = TableSpec(
    "holdout_exposures",  # the first time of each step, by the numbers of the two logs above
    {"lot": "int64", "customer_id": "int64", "step": "string", "at": "timestamp('UTC')"},
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
    """Customers who were divided by lot, and what it needs to be drawn again.

    ``treated_on`` is the day on which the treated were reached; until somebody says it, nobody was.
    ``until`` is the day after which those left out may be treated again, where it was fixed at the
    draw. Of a standing one ``treated`` and ``held_out`` count those who have come so far, and
    snapshot and day are None: each is drawn by the newest figures of that moment.
    """

    id: int
    name: str
    kind: Kind
    segment_id: int | None
    segment_version: int | None
    design: Design
    salt: str
    snapshot_id: int | None
    as_of: date | None
    drawn_at: datetime
    drawn_by: str
    note: str
    treated: int
    held_out: int
    treated_on: date | None = None
    until: date | None = None
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
class LedgerRead:
    """Up to which row of the ledger of messages the log of a lot knows who was reached, and since
    when it does."""

    until: int = 0
    at: datetime | None = None


@dataclass(frozen=True)
class Assigned:
    """One row of the log. ``propensity`` is the chance of the arm that they fell into.

    ``first_exposed_at``: when the treated got their first message; of those left out, when they
    would have got it. A household is one unit.
    """

    customer_id: int
    unit: int
    stratum: int
    place: int
    arm: Arm
    propensity: float
    assigned_at: datetime
    asked_at: datetime | None
    passed_at: datetime | None
    got_at: datetime | None
    first_exposed_at: datetime | None


@dataclass(frozen=True)
class StratumCount:
    """How many of a stratum fell into each arm."""

    stratum: int
    treated: int
    held_out: int


FEWEST_GLOBAL: Final = 1000
"""Customers below which nobody is left out of everything: nothing could be read from them."""

USUAL_GLOBAL: Final = 0.05
"""The share that is left out of everything, as long as the shop says nothing else."""


@dataclass(frozen=True)
class GlobalRule:
    """Is a share of all customers left out of everything, and why not. ``share`` is 0 where none
    is."""

    share: float
    reason: str = ""
    changed_at: datetime | None = None
    changed_by: str = ""


class NoSuchHoldout(NotFound):
    """There is no holdout of that number."""


class HoldoutNameTaken(Refused):
    """Another holdout has the name already."""


class HoldoutClosed(Refused):
    """What is closed stays as it was."""


class AlreadyReached(Refused):
    """The day on which it began stays, once there are figures of it."""


class HoldoutOfAnother(Refused):
    """It begins and ends with what it was drawn for, and not by hand."""


class ShareNotDrawable(BadInput):
    """The share is no share, or cannot be drawn in blocks of a hundred customers at most."""


class AudienceTooSmall(Refused):
    """So few customers that nobody, or everybody but one, would be left out."""


class ReasonMissing(BadInput):
    """To leave nobody out any more, somebody says why."""
