"""How good the facts are, and what they are good enough for. No Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

OF_ORDERS: Final = (
    "identity", "status", "currency", "channel", "source", "medium", "tax", "shipping_borne",
    "payment_fee",
)  # fmt: skip
OF_LINES: Final = ("sku", "category", "unit_price", "unit_cost")
FIELDS: Final = (*OF_ORDERS, *OF_LINES)
OF_FEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "orders": ("order_number", "revenue", *OF_ORDERS),
    "order_lines": OF_LINES,
    "customers": (
        "email", "phone", "name", "address", "prefecture", "birthday", "gender",
        "acquisition_source", "language", "registered_at",
    ),
    "products": ("name", "category", "price", "cost", "tax_rate"),
    "ad_spend": ("source", "medium", "campaign", "purpose", "amount", "clicks"),
    "refunds": ("order", "identity", "reason", "amount"),
    "events": ("identity", "source"),
}  # fmt: skip
"""The fields that are looked at, by what is taken in."""
USES: Final = ("rfm", "predictions", "cohorts", "profit", "economics")


@dataclass(frozen=True)
class Part:
    """So many of all. The share of nothing is not known."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        return self.count / self.of if self.of else None

    def __add__(self, other: Part) -> Part:
        return Part(self.count + other.count, self.of + other.of)


RESTS: Final = ("orders", "revenue", "sku", "category", "source", "events")
"""What single questions rest on, beside the uses: how much of it is there, and how sound."""


@dataclass(frozen=True)
class Gap:
    """Days without an order (or what else is looked at) between two days with one."""

    after: date
    before: date
    days: int


@dataclass(frozen=True)
class Difference:
    """An order whose parts do not add up to its stated total, by how much in minor units."""

    store_id: int
    order_number: str | None
    currency: str | None
    by: int


@dataclass(frozen=True)
class StoreQuality:
    """The facts of one store. ``missing`` counts orders, or lines for what lines carry."""

    store_id: int
    orders: int
    missing: Mapping[str, Part]  # by FIELDS
    unreconciled: Part
    duplicates: Part  # orders beyond the first of a customer at one moment with one total
    stale: Part  # orders that are open or paid long after they were placed
    outliers: Part  # revenue beyond ten times the 99th percentile of its currency
    currencies: Mapping[str, int]  # orders by currency, "" where none is stated
    first_on: date
    last_on: date
    days_since: int
    days_with_orders: int
    gaps: tuple[Gap, ...]
    by_month: Mapping[str, int]  # orders by month, 2026-11; months without one are left out
    sources: Mapping[str, int] = field(default_factory=dict)  # orders by source, "" where none
    amounts: Mapping[str, int] = field(default_factory=dict)  # by currency and class, see amounts


@dataclass(frozen=True)
class Feed:
    """A source of live events, and the days on which something came of it."""

    source_id: int
    store_id: int
    events: int
    first_on: date
    last_on: date
    days_with_events: int
    longest: int  # days from one of them to the next


@dataclass(frozen=True)
class FieldQuality:
    """A field of what one store, or one source of live events, brought; neither: of all.

    Shares are of all its rows; one that makes no sense for the field is None. ``stale`` are rows
    that came after ``filled_on``, the last day that brought the field; None where none did, or no
    day is known. Of a status it is orders that are open or paid long after they were placed.
    """

    feed: str  # of OF_FEEDS
    field: str
    missing: Part
    duplicate: Part | None = None
    stale: Part | None = None
    outlier: Part | None = None
    filled_on: date | None = None
    store_id: int | None = None
    source_id: int | None = None


@dataclass(frozen=True)
class Coverage:
    """How much of what came from where, and on which days; of a catalogue no day is known."""

    feed: str  # of OF_FEEDS
    rows: int
    days: int = 0  # with something
    first_on: date | None = None
    last_on: date | None = None
    gaps: tuple[Gap, ...] = ()
    store_id: int | None = None
    source_id: int | None = None


@dataclass(frozen=True)
class Verdict:
    """May a use rest on these facts? ``why`` says what is short, "" when nothing is."""

    use: str
    enough: bool
    weeks_short: int = 0
    why: str = ""


def enough_for(verdicts: Sequence[Verdict]) -> str:
    """The verdicts in a line, as a terminal says them; "" where there are none."""
    said = (f"{one.use} {'yes' if one.enough else f'no ({one.why})'}" for one in verdicts)
    return f"Enough for: {', '.join(said)}" if verdicts else ""


@dataclass(frozen=True)
class QualityReport:
    """The facts up to the end of that day."""

    as_of: date
    orders: int
    stores: tuple[StoreQuality, ...]
    missing: Mapping[str, Part]  # over all stores
    differences: tuple[Difference, ...]  # the largest first
    verdicts: tuple[Verdict, ...]  # in the order of USES
    feeds: tuple[Feed, ...] = ()
    fields: tuple[FieldQuality, ...] = ()  # in the order of OF_FEEDS; none in older reports
    coverage: tuple[Coverage, ...] = ()
    customers_as_of: date | None = None  # their fields and coverage; None: they are not counted yet


Fault = Literal["stopped", "silent", "missing", "mix", "amount"]


@dataclass(frozen=True)
class Alarm:
    """A feed or a field that is not as its own past was.

    ``stopped``: no orders of the store for ``days``. ``silent``: nothing of the source of live
    events named ``of``. ``missing``: of the ``n`` orders (or lines)
    that came since the day ``since``, the share ``now`` lacks the field ``of``; it was ``before``.
    ``mix``: they have other currencies or sources (``of``) than before; ``psi`` says how far.
    ``amount``: orders in the currency ``of`` are of other sizes; ``before`` and ``now`` are their
    medians in its minor unit. ``p`` is corrected for all that was asked.
    """

    fault: Fault
    store_id: int
    of: str
    p: float
    since: date
    n: int
    days: int | None = None
    before: float | None = None
    now: float | None = None
    psi: float | None = None
