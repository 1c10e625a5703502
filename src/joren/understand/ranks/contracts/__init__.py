"""Where a customer stands: RFM, decile, CPM, stage, VIP. No Django.

Orders of one shop day are one purchase, here as in the predictions. Money is in minor units of the
snapshot's currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, get_args

from joren.collect.quality.contracts import Verdict
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
    f2_days: int = 90  # the window of the F2 rate that pages show first; one of WINDOWS


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
    verdicts: tuple[Verdict, ...] = ()  # what the facts are enough for, as of reading


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
    verdicts: tuple[Verdict, ...] = ()  # what the facts are enough for, as of reading


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
