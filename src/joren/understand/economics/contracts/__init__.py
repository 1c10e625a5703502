"""Whether winning a customer pays: cost, value, payback, and what kind of business this is.

Money is in minor units of the snapshot's currency. A source whose spend nobody recorded has an
unknown cost, never a cost of zero. No Django.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from joren.collect.quality.contracts import Verdict
from joren.core.errors import BadInput, NotFound
from joren.core.figures import Figure
from joren.understand.ltv.contracts import Conversion

ROOM: Final = "economics"
"""Under this name the room's documents lie in a snapshot."""

Touch = Literal["paid", "unpaid", "unknown"]
"""How somebody came: by something paid for, by something free, or nobody knows."""

TOUCHES: Final[tuple[Touch, ...]] = ("paid", "unpaid", "unknown")

Kind = Literal["one_off", "repeat", "subscription", "mixed"]

HORIZON: Final = 24
"""Months over which payback is looked for."""

YEAR_MONTHS: Final = 12

PAID_MEDIUMS: Final = (
    "cpc",
    "ppc",
    "cpm",
    "cpv",
    "paid",
    "paidsearch",
    "paid_search",
    "paid_social",
    "social_paid",
    "paid_shopping",
    "paid_video",
    "display",
    "banner",
    "retargeting",
    "affiliate",
    "listing",
    "tv",
    "radio",
    "print",
    "flyer",
)


@dataclass(frozen=True)
class EconomicsRules:
    """What the shop counts as paid for, and what it wants from a customer."""

    paid_mediums: tuple[str, ...] = PAID_MEDIUMS
    payback_months: int = 12
    ltv_to_cac: float = 3.0


@dataclass(frozen=True)
class EconomicsRulesSince:
    """Rules as they stood from a moment on, and who set them."""

    rules: EconomicsRules
    changed_at: datetime | None
    changed_by: str


@dataclass(frozen=True)
class CurvePoint:
    """What a customer has brought so many months after the first purchase, on average.

    ``n`` are those for whom the months have passed; profit is None where it is not known.
    """

    month: int
    n: int
    revenue: float
    profit: float | None


@dataclass(frozen=True)
class MonthCost:
    """One month of one source. ``spend`` None: not recorded."""

    month: date
    complete: bool
    new_customers: int
    spend: int | None
    cac: Figure


@dataclass(frozen=True)
class ChannelEconomics:
    """One source's customers of one touch, or all of them (source and touch None).

    The two values are of the first 365 days of customers who have been here so long; what is
    expected is of customers of the last year: past so far plus the next 365 days.
    """

    source: str | None
    touch: Touch | None
    new_customers: int  # of the last twelve full months
    spend: int | None  # of the same months
    cac: Figure
    revenue_first_year: Figure
    profit_first_year: Figure
    revenue_expected: Figure
    ltv_cac_revenue: Figure
    ltv_cac: Figure
    ltv_cac_expected: Figure
    payback_months: Figure
    allowed_cac_payback: Figure
    allowed_cac_ratio: Figure
    profit_coverage: Figure
    curve: tuple[CurvePoint, ...]
    months: tuple[MonthCost, ...]


@dataclass(frozen=True)
class MonthEconomics:
    """New against repeat, as the shop measured it in one month."""

    month: date
    complete: bool
    new_customers: int
    repeat_orders: int
    spend_new: int | None
    spend_repeat: int | None
    spend_unsplit: int | None
    cac: Figure
    repeat_cost: Figure
    repeat_cost_ratio: Figure


@dataclass(frozen=True)
class TouchValue:
    """Paid against unpaid: how many came so, and what they were worth."""

    touch: Touch
    new_customers: int
    customer_share: Figure
    revenue_share: Figure
    revenue_first_year: Figure
    profit_first_year: Figure
    repeat_rate: Figure


@dataclass(frozen=True)
class Dependence:
    """How much hangs on ads, over the last 365 days."""

    new_customers: Figure
    revenue: Figure
    unknown: Figure  # share of new customers whose source nobody knows
    difference: Figure  # unpaid less paid, revenue of the first year


@dataclass(frozen=True)
class ProfileOf:
    """What kind of business one category is, or the whole (category None)."""

    category: str | None
    kind: Kind | None  # None: too few to tell
    why: str
    customers: int
    repeat_rate: Figure
    subscription_share: Figure
    interval_days: Figure
    mean_order: Figure


@dataclass(frozen=True)
class Profile:
    """What kind of business this is, and by which figures to steer it."""

    kind: Kind | None
    from_data: Kind | None
    chosen_by_hand: bool
    kpis: tuple[str, ...]
    whole: ProfileOf
    categories: tuple[ProfileOf, ...]


@dataclass(frozen=True)
class SpendLeftOut:
    """Spend in a currency without a rate: it is in no figure."""

    currency: str
    rows: int
    amount: int


@dataclass(frozen=True)
class EconomicsReport:
    """Everything that the room says of one snapshot."""

    as_of: date
    currency: str
    rules: EconomicsRules
    spend_from: date | None
    spend_to: date | None
    spend_left_out: tuple[SpendLeftOut, ...]
    whole: ChannelEconomics
    channels: tuple[ChannelEconomics, ...]
    months: tuple[MonthEconomics, ...]
    touches: tuple[TouchValue, ...]
    dependence: Dependence
    profile: Profile
    spend_converted: tuple[Conversion, ...] = ()
    verdicts: tuple[Verdict, ...] = ()  # what the facts are enough for, as of reading


@dataclass(frozen=True)
class AllowedCac:
    """What a new customer of that source may cost for a target."""

    source: str | None
    touch: Touch | None
    figure: Figure


class NoEconomicsYet(NotFound):
    """The snapshot holds no economics."""


class RulesContradict(BadInput):
    """Targets that nothing could meet."""


KPIS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "one_off": ("mean_order", "new_customers", "cac", "ltv_cac", "ad_dependence"),
    "repeat": ("f2_rate", "retention", "revenue_365d", "ltv_cac", "payback_months"),
    "subscription": (
        "contracts_running",
        "renewal_rate",
        "contracts_at_risk",
        "retention",
        "profit_365d",
        "payback_months",
    ),
    "mixed": ("f2_rate", "retention", "active_share", "ltv_cac", "payback_months"),
}
"""Which figures a business of each kind looks at first (A7)."""
