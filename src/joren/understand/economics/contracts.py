"""Whether winning a customer pays: cost, value, payback, and what kind of business this is.

Money is in minor units of the snapshot's currency. A source whose spend nobody recorded has an
unknown cost, never a cost of zero. No Django.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from joren.core.errors import BadInput, NotFound
from joren.core.figures import Figure

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
    "subscription": ("retention", "active_share", "profit_365d", "payback_months", "cac"),
    "mixed": ("f2_rate", "retention", "active_share", "ltv_cac", "payback_months"),
}
"""Which figures a business of each kind looks at first (A7)."""


DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "cac": (
        "CAC(顧客獲得単価)",
        "CAC",
        "広告費(新規向け、または目的の分かれていないもの)を、その流入元の新規顧客数で割ったもの。広告費の記録がない流入元は不明。",
        "Ad spend (for new customers, or not split) per new customer of that source. Unknown "
        "where no spend is recorded.",
    ),
    "revenue_first_year": (
        "初年度の1人あたり売上(実績)",
        "First-year revenue per customer (past)",
        "初回購入から365日間の返金後売上(税抜)。365日がすでに過ぎた顧客だけを数える。",
        "Revenue after refunds, without tax, of the 365 days from the first purchase; only "
        "customers for whom they have passed.",
    ),
    "profit_first_year": (
        "初年度の1人あたり利益(実績)",
        "First-year profit per customer (past)",
        "初回購入から365日間の利益。原価の分かる購入の利益率を売上に掛ける。広告費は引かない。",
        "Profit of the 365 days from the first purchase: revenue times the margin of the "
        "purchases whose cost is known. Ad spend is not subtracted.",
    ),
    "revenue_expected": (
        "新規顧客の1人あたり売上(実績+今後365日の予測)",
        "Revenue per new customer (past plus next 365 days predicted)",
        "直近365日の新規顧客の、これまでの売上と今後365日の予測売上の合計。",
        "Of customers of the last 365 days: revenue so far plus what the next 365 days are "
        "predicted to bring.",
    ),
    "ltv_cac_revenue": (
        "LTV:CAC(売上・初年度実績)",
        "LTV:CAC (revenue, first year, past)",
        "初年度の1人あたり売上をCACで割ったもの。",
        "First-year revenue per customer over CAC.",
    ),
    "ltv_cac": (
        "LTV:CAC(利益・初年度実績)",
        "LTV:CAC (profit, first year, past)",
        "初年度の1人あたり利益をCACで割ったもの。",
        "First-year profit per customer over CAC.",
    ),
    "ltv_cac_expected": (
        "LTV:CAC(利益・予測込み)",
        "LTV:CAC (profit, with prediction)",
        "直近365日の新規顧客の実績と今後365日の予測売上に利益率を掛け、CACで割ったもの。",
        "Revenue per new customer, past plus next 365 days predicted, times the margin, over CAC.",
    ),
    "payback_months": (
        "回収期間",
        "Payback",
        "1人あたりの累計利益がCACに達するまでの月数。",
        "Months after which cumulative profit per customer reaches the CAC.",
    ),
    "allowed_cac_payback": (
        "許容CAC(回収期間から)",
        "Allowed CAC (by payback)",
        "目標の月数で回収できるCACの上限=その月数までの1人あたり累計利益。",
        "The highest CAC that is paid back in the target months: profit per customer by then.",
    ),
    "allowed_cac_ratio": (
        "許容CAC(LTV:CACから)",
        "Allowed CAC (by LTV:CAC)",
        "初年度の1人あたり利益を目標のLTV:CACで割ったもの。",
        "First-year profit per customer over the target for LTV:CAC.",
    ),
    "profit_coverage": (
        "原価の分かる売上の割合",
        "Revenue with known cost",
        "利益の計算に使えた購入の売上の割合。8割を下回ると利益は不明とする。",
        "Share of revenue from purchases whose cost is known; below 80% profit stays unknown.",
    ),
    "repeat_cost": (
        "リピート1注文の費用",
        "Cost of a repeat order",
        "リピート向けの広告費をリピート注文数で割ったもの。",
        "Spend for repeat purchases per repeat order.",
    ),
    "repeat_cost_ratio": (
        "リピート費用と新規費用の比",
        "Repeat cost to new cost",
        "リピート1注文の費用を新規顧客1人の費用で割った、自店の実測値。",
        "Cost of a repeat order over cost of a new customer, as this shop measured it.",
    ),
    "ad_dependence": (
        "広告依存度(新規)",
        "Dependence on ads (new customers)",
        "直近365日の新規顧客のうち広告経由の割合(流入元の分かる人だけ)。",
        "Share of the new customers of the last 365 days who came by something paid for, among "
        "those of whom it is known.",
    ),
    "ad_dependence_revenue": (
        "広告依存度(売上)",
        "Dependence on ads (revenue)",
        "直近365日の売上のうち、広告経由の注文の割合(流入元の分かる注文だけ)。",
        "Share of the revenue of the last 365 days from orders that came by something paid for, "
        "among those of which it is known.",
    ),
    "unknown_source_share": (
        "流入元の不明率",
        "Unknown source",
        "直近365日の新規顧客のうち、流入元が分からない割合。",
        "Share of the new customers of the last 365 days whose source is not known.",
    ),
    "touch_customer_share": (
        "新規顧客の構成比",
        "Share of new customers",
        "直近365日の新規顧客に占める割合。",
        "Share of the new customers of the last 365 days.",
    ),
    "touch_revenue_share": (
        "売上の構成比",
        "Share of revenue",
        "直近365日の売上に占める割合(注文ごとの流入元による)。",
        "Share of the revenue of the last 365 days, by the source of each order.",
    ),
    "organic_difference": (
        "自然流入と広告の差",
        "Unpaid less paid",
        "初年度の1人あたり売上の差(自然流入-広告)。",
        "Difference of first-year revenue per customer, unpaid less paid.",
    ),
    "repeat_rate": (
        "リピート率(365日)",
        "Repeat rate (365 days)",
        "初回購入から365日以内に別の日に再び購入した人の割合。365日が過ぎた顧客だけを数える。",
        "Share of customers who bought again, on another day, within 365 days of the first "
        "purchase; only those for whom they have passed.",
    ),
    "subscription_share": (
        "定期購入の割合",
        "Subscription share",
        "直近365日の注文のうち定期購入の割合。",
        "Share of the orders of the last 365 days that belong to a subscription.",
    ),
    "interval_days": (
        "購入間隔(中央値)",
        "Interval between purchases (median)",
        "2回以上購入した顧客の平均購入間隔の中央値。",
        "Median, over customers with two purchases or more, of their mean interval.",
    ),
    "mean_order": (
        "平均注文単価",
        "Mean order value",
        "直近365日の注文1件あたりの返金後売上(税抜)。",
        "Revenue after refunds, without tax, per order of the last 365 days.",
    ),
}
