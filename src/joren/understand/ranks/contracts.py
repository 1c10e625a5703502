"""Where a customer stands: RFM, decile, CPM, stage, VIP. No Django.

Orders of one shop day are one purchase, here as in the predictions. Money is in minor units of the
snapshot's currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, get_args

from joren.core.errors import BadInput, NotFound
from joren.core.figures import Figure
from joren.core.ids import CustomerId
from joren.core.tables import TableSpec

CUSTOMER_RANKS: Final = TableSpec(
    "customer_ranks",
    {
        "customer_id": "int64",
        "rfm_r": "int64",  # 1 (worst) … 5 (best)
        "rfm_f": "int64",
        "rfm_m": "int64",
        "decile": "int64",  # 1 is the tenth with the highest revenue
        "cpm": "string",  # the Japanese name of the group, as shops know it
        "stage": "string",
        "vip": "boolean",
    },
    snapshot=True,
)

ROOM: Final = "ranks"
"""Under this name the room's documents lie in a snapshot."""

Stage = Literal["new", "f2", "active", "lapsed"]
STAGES: Final[Mapping[Stage, tuple[str, str]]] = {
    "new": ("新規", "New"),
    "f2": ("F2", "F2"),
    "active": ("現役", "Active"),
    "lapsed": ("離脱", "Lapsed"),
}

CPM_GROUPS: Final[Mapping[str, str]] = {
    "初回現役": "First, active",
    "よちよち現役": "Toddling, active",
    "コツコツ現役": "Steady, active",
    "流行現役": "Trending, active",
    "優良現役": "Loyal, active",
    "初回離脱": "First, lapsed",
    "よちよち離脱": "Toddling, lapsed",
    "コツコツ離脱": "Steady, lapsed",
    "流行離脱": "Trending, lapsed",
    "優良離脱": "Loyal, lapsed",
}
"""The ten groups under their Japanese names, with English partners."""

WINDOWS: Final = (30, 60, 90, 180, 365)
"""Days within which a next purchase is looked for."""

STEPS: Final = 10
"""F1 … F10 are followed."""

Four = tuple[int, int, int, int]


@dataclass(frozen=True)
class RankRules:
    """The shop's own bounds, with the defaults that Japanese mail order knows.

    Tuples hold the bounds of ranks 2, 3, 4 and 5. Shares are in basis points.
    """

    rfm: Literal["quantiles", "thresholds"] = "quantiles"
    recency_days: Four = (360, 180, 90, 30)  # at most so many days ago
    purchases: Four = (2, 3, 5, 10)  # at least so many
    spend: Four | None = None  # at least so much; None: see rules.settings.filled
    active_days: int = 240
    settled_days: int = 90
    loyal_days: int = 210
    big_spend: int | None = None
    vip_enter: int = 1000
    vip_keep: int = 1500
    vip_share_alarm: int = 6000  # above it the shop hangs on few
    vip_share_fall: int = 500  # points lost within a month or more


@dataclass(frozen=True)
class RankRulesSince:
    """Rules as they stood from a moment on, and who set them."""

    rules: RankRules
    changed_at: datetime | None
    changed_by: str


@dataclass(frozen=True)
class Edges:
    """What it takes for ranks 2, 3, 4 and 5; None where nobody gets so far."""

    recency_days: tuple[int | None, ...]
    purchases: tuple[int | None, ...]
    revenue: tuple[int | None, ...]


@dataclass(frozen=True)
class VipBounds:
    """Revenue of the last 365 days that makes a VIP, and that keeps one; None: out of reach."""

    enter: int | None
    keep: int | None


@dataclass(frozen=True)
class RfmCell:
    """The customers of one combination of ranks."""

    r: int
    f: int
    m: int
    customers: int
    revenue: int


@dataclass(frozen=True)
class RankGroup:
    """One decile, CPM group or stage."""

    code: str
    customers: int
    revenue: int
    purchases: int
    customer_share: Figure
    revenue_share: Figure
    cumulative_share: Figure | None
    mean_purchases: Figure
    mean_revenue: Figure


@dataclass(frozen=True)
class ParetoPoint:
    """The best ``customers`` customers bring ``share`` of the revenue."""

    customers: int
    customer_share: float
    revenue: int
    share: float | None


@dataclass(frozen=True)
class SurvivalStep:
    """From the k-th purchase to the next, within a window of days.

    ``reached`` is of all first-time buyers (F1 is 1), counted from the first purchase, so it falls
    from step to step; ``onward`` is of those who made the k-th purchase, counted from it.
    """

    k: int
    reached: Figure
    onward: Figure


@dataclass(frozen=True)
class Survival:
    """F1 → F2 → F3 … within one window."""

    window: int
    steps: tuple[SurvivalStep, ...]


@dataclass(frozen=True)
class FirstMonth:
    """F2転換率 of those who first bought in one month, by window."""

    month: date
    customers: int
    rates: Mapping[int, Figure]


Way = Literal["rfm_r", "rfm_f", "rfm_m", "decile", "cpm", "stage"]
WAYS: Final[tuple[Way, ...]] = get_args(Way)
"""The ways in which customers are put into groups."""


@dataclass(frozen=True)
class RankMove:
    """Customers who went from one group to another; None: not there at that date."""

    before: str | None
    after: str | None
    customers: int


@dataclass(frozen=True)
class RankMovement:
    """効果推移: who went where between two dates, by each way of ranking."""

    before: date
    after: date
    moves: Mapping[Way, tuple[RankMove, ...]]


Alarm = Literal["concentrated", "falling"]


@dataclass(frozen=True)
class VipStanding:
    """The regulars that the shop lives on, and what it takes to be one."""

    customers: int
    bounds: VipBounds
    entered: int | None  # since the previous snapshot; None: there is none
    left: int | None
    share_of_sales: Figure
    compared_with: date | None  # the newest snapshot that is four weeks older or more
    share_before: float | None
    alarms: tuple[Alarm, ...]


@dataclass(frozen=True)
class RankReport:
    """Everything that the room says of one snapshot."""

    as_of: date
    currency: str
    customers: int
    rules: RankRules
    edges: Edges
    figures: Mapping[str, Figure]
    rfm: tuple[RfmCell, ...]
    deciles: tuple[RankGroup, ...]
    pareto: tuple[ParetoPoint, ...]
    cpm: tuple[RankGroup, ...]
    stages: tuple[RankGroup, ...]
    survival: tuple[Survival, ...]
    first_months: tuple[FirstMonth, ...]
    vip: VipStanding
    movement: RankMovement | None


@dataclass(frozen=True)
class Standing:
    """Where one customer stands."""

    customer_id: CustomerId
    rfm_r: int
    rfm_f: int
    rfm_m: int
    decile: int
    cpm: str
    stage: Stage
    vip: bool


class NoSuchGroup(BadInput):
    """Customers are not grouped in that way."""


class RulesContradict(BadInput):
    """Bounds that no customer could stand between."""


class NoRanksYet(NotFound):
    """The snapshot holds no ranks."""


DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "rfm_r": (
        "R(最終購買)",
        "R (recency)",
        "最後の購入からの日数による5段階。5が最も最近。同じ日数の人は必ず同じランク。",
        "One to five by days since the last purchase; five is most recent. Equal days, equal rank.",
    ),
    "rfm_f": (
        "F(購買頻度)",
        "F (frequency)",
        "購入回数(同じ日の注文は1回)による5段階。同じ回数の人は必ず同じランク。",
        "One to five by number of purchases (orders of one day are one). Equal number, equal rank.",
    ),
    "rfm_m": (
        "M(購入金額)",
        "M (monetary)",
        "返金後の累計売上(税抜)による5段階。同じ金額の人は必ず同じランク。",
        "One to five by revenue to date after refunds, without tax. Equal amount, equal rank.",
    ),
    "decile": (
        "デシル",
        "Decile",
        "累計売上の多い順に顧客を10等分したもの。デシル1が最上位。",
        "Customers in ten equal groups by revenue to date; decile 1 is the highest.",
    ),
    "decile_revenue_share": (
        "デシルの売上構成比",
        "Decile's share of revenue",
        "そのグループの売上が全体の売上に占める割合。",
        "Revenue of the group over revenue of all customers.",
    ),
    "top_fifth_revenue_share": (
        "上位20%の売上構成比",
        "Revenue share of the top 20%",
        "累計売上の多い順に並べた上位20%の顧客が売上に占める割合(パレート)。",
        "Share of revenue that the fifth of customers with the highest revenue brings (Pareto).",
    ),
    "cpm": (
        "CPM(顧客ポートフォリオ)",
        "CPM (customer portfolio)",
        "最終購入からの日数で現役と離脱に、在籍日数と累計売上で初回・よちよち・コツコツ・流行・優良に分けた10グループ。",
        "Ten groups: active or lapsed by days since the last purchase, and five kinds by days "
        "from first to last purchase and revenue to date.",
    ),
    "stage": (
        "ステージ",
        "Stage",
        "新規(購入1回)、F2(2回)、現役(3回以上)。最終購入から一定日数(既定240日)を過ぎた人は離脱。",
        "New (one purchase), F2 (two), active (three or more); lapsed when the last purchase is "
        "longer ago than the bound (240 days by default).",
    ),
    "f2_rate": (
        "F2転換率",
        "F2 rate",
        "初回購入から指定日数以内に別の日に2回目を購入した人の割合。指定日数がすでに過ぎた人だけを数える。",
        "Share of first-time buyers with a second purchase, on another day, within the window; "
        "only those for whom the window has passed are counted.",
    ),
    "fk_reached": (
        "F継続率",
        "F survival",
        "初回購入から指定日数以内にk回目まで購入した人の割合。",
        "Share of first-time buyers with a k-th purchase within the window after the first.",
    ),
    "fk_onward": (
        "次回転換率",
        "Onward rate",
        "k回目の購入から指定日数以内に次の購入をした人の割合。",
        "Share of those with a k-th purchase who bought again within the window after it.",
    ),
    "vip": (
        "VIP(優良顧客)",
        "VIP",
        "直近365日の売上が購入者の上位(既定10%)に入った人。下の境界(既定15%)を下回るまでVIPのまま。",
        "Customers whose revenue of the last 365 days entered the top share of buyers (10% by "
        "default); they stay until they fall below the lower bound (15%).",
    ),
    "vip_share": (
        "VIPの売上構成比",
        "VIP share of sales",
        "直近365日の売上のうちVIPによる割合。",
        "Share of the revenue of the last 365 days that VIPs brought.",
    ),
    "active_share": (
        "現役率",
        "Active share",
        "最終購入が現役の日数(既定240日)以内の顧客の割合。",
        "Share of customers whose last purchase is within the active days (240 by default).",
    ),
    "group_customer_share": (
        "人数構成比",
        "Share of customers",
        "そのグループの人数が全顧客に占める割合。",
        "Customers of the group over all customers.",
    ),
    "group_mean_purchases": (
        "平均購入回数",
        "Mean purchases",
        "顧客1人あたりの購入回数(同じ日の注文は1回)。",
        "Purchases per customer (orders of one day are one).",
    ),
    "group_mean_revenue": (
        "1人あたり累計売上",
        "Revenue per customer",
        "顧客1人あたりの返金後の累計売上(税抜、実績)。",
        "Past revenue per customer after refunds, without tax.",
    ),
}
