"""Words about shifts of what customers buy. No Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from joren.collect.quality.contracts import Verdict
from joren.core.errors import NotFound
from joren.core.ids import CustomerId
from joren.core.tables import TableSpec

ROOM: Final = "shifts"
RECENT_DAYS: Final = 180
"""The window that is compared …"""
EARLIER_DAYS: Final = 1095
"""… and the one before it."""
FEWEST_RECENT: Final = 3
FEWEST_EARLIER: Final = 5
"""Days with a purchase that each window has to hold; with fewer it is not yet known."""
LEVEL: Final = 0.10
"""Of those who are found shifted so many are so by chance alone, on average."""
KEPT_DAYS: Final = 730
"""So long a shift that was found is remembered."""
MOST_FLOWS: Final = 200

CUSTOMER_SHIFTS: Final = TableSpec(
    "customer_shifts",  # of whom enough is known, and of whom a shift is remembered
    {
        "customer_id": "int64",
        "shift_from": "string",
        "shift_to": "string",
        "shifted_on": "date",  # the as-of day at which it was first found; null: none was
        "standing": "boolean",  # is it found now? else it is remembered
        "first_on": "date",  # the first purchase of ``shift_to`` in the recent window
        "before": "int64",  # days with ``shift_to`` as main category, of ``of_before``
        "of_before": "int64",
        "recent": "int64",
        "of_recent": "int64",
        "distance": "float64",  # Jensen–Shannon divergence in bits
        "p": "float64",
    },
    snapshot=True,
)


@dataclass(frozen=True)
class ShiftFlow:
    """So many customers whose mix went from one category towards another; ``new`` of them are
    found for the first time at this as-of day."""

    shift_from: str
    shift_to: str
    customers: int
    new: int
    distance: float  # the mean, in bits


@dataclass(frozen=True)
class ShiftReport:
    """What a snapshot says of shifts.

    ``buyers`` bought anything with a category within both windows together; of ``judged`` each
    window says enough, of the rest it is not yet known. ``bound`` is the p up to which somebody is
    found shifted (None: nobody is).
    """

    as_of: date
    buyers: int
    judged: int
    shifted: int
    bound: float | None
    purchases: int
    without_category: int
    flows: tuple[ShiftFlow, ...]
    recent_days: int = RECENT_DAYS
    earlier_days: int = EARLIER_DAYS
    fewest_recent: int = FEWEST_RECENT
    fewest_earlier: int = FEWEST_EARLIER
    level: float = LEVEL
    verdicts: tuple[Verdict, ...] = ()  # what the facts are enough for, as of reading


@dataclass(frozen=True)
class CustomerShift:
    """What is known of one customer's mix; ``shifted_on`` None: no shift was found."""

    customer_id: CustomerId
    shift_from: str | None
    shift_to: str | None
    shifted_on: date | None
    standing: bool
    first_on: date | None
    before: int | None
    of_before: int | None
    recent: int | None
    of_recent: int | None
    distance: float | None
    p: float | None


class NoShiftsYet(NotFound):
    """The snapshot says nothing of shifts."""


DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "category_shift": (
        "カテゴリ構成の変化",
        "Shift of the category mix",
        "直近180日の購入で、あるカテゴリの割合が本人のそれ以前より偶然を超えて増えたこと。"
        "正確検定により、見つかった顧客のうち偶然によるものを平均10%以下に抑える。",
        "A category's share of the purchases of the last 180 days rose above the customer's own "
        "earlier share by more than chance; of those found, 10% at most are so by chance.",
    ),
}
