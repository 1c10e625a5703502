"""Who of both arms was reached, or would have been as a ghost, and when for the first time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from joren.core.figures import Figure
from joren.core.words import gettext_noop

EXPOSURE_DAYS: Final = (1, 3, 7, 14, 30, 90, 180, 365)

ExposureWarningKind = Literal["left_out_reached", "asked_differs", "passed_differs"]
"""``left_out_reached``: somebody of those left out got a message all the same. ``asked_differs``:
what is sent was asked for more of one arm. ``passed_differs``: the gate (consent, address, caps,
quiet hours, budget) would let through more of one arm."""

NOT_SENT_HERE: Final = gettext_noop("joren does not send it: another tool knows who was reached")
NOT_LOGGED: Final = gettext_noop("the log has not read the ledger yet: the next refresh does")


@dataclass(frozen=True)
class ExposedArm:
    """One arm, in units of the lot: a household counts as one.

    ``asked``: something was to be sent to them; ``passed``: the gate let it through, if only as a
    ghost; ``got``: it left. ``exposed`` is the share that got it, of those left out the share that
    would have got it; ``first`` and ``last`` are the days on which the first and the last of them
    were, ``half`` the number of days since their draw after which half of them were.
    """

    arm: str
    customers: int
    asked: int
    passed: int
    got: int
    exposed: Figure
    first: date | None
    last: date | None
    half: int | None


@dataclass(frozen=True)
class ExposurePoint:
    """The share exposed within so many days of their draw, of those drawn at least so long ago."""

    days: int
    treated: Figure
    held_out: Figure


@dataclass(frozen=True)
class ExposureWarning:
    """``customers`` are how many it is about; ``p`` of such a difference between sound arms."""

    kind: ExposureWarningKind
    customers: int | None = None
    p: float | None = None


@dataclass(frozen=True)
class Exposure:
    """What the log of one holdout says of exposure, read from the ledger up to ``as_of``.

    It changes nothing of the effect, which is of everybody who was drawn. Differences are treated
    less left out; of both it is asked alike, so that sound arms differ by chance alone.
    """

    holdout_id: int
    as_of: date | None
    why: str
    arms: tuple[ExposedArm, ...] = ()
    asked_difference: Figure | None = None
    passed_difference: Figure | None = None
    curve: tuple[ExposurePoint, ...] = ()
    warnings: tuple[ExposureWarning, ...] = ()
