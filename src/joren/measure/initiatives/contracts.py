"""Initiatives whose effect comes late, as other rooms and the faces see them. No Django.

A better customer experience costs time and money first and pays later, and what customers expect
moves on meanwhile. So an initiative says when its effect is expected, what it has cost to date, how
its metric went against its own baseline, and gets a new baseline every quarter. Without a holdout
that is no experiment, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, get_args

from joren.core.errors import BadInput, NotFound, Refused
from joren.core.figures import Figure
from joren.core.words import gettext_noop

LEVEL: Final = 0.95
QUARTER_WEEKS: Final = 13
"""Weeks of a baseline."""
LONGEST_LAG: Final = 730

LateMetric = Literal[
    "revenue", "orders", "mean_order", "repeat_share", "new_customers", "f2_90"
]  # fmt: skip
LATE_METRICS: Final[tuple[LateMetric, ...]] = get_args(LateMetric)
LATE_METRIC_NAMES: Final[Mapping[LateMetric, tuple[str, str]]] = {
    "revenue": ("週の売上(返金後・税抜)", "Revenue of a week (after refunds, without tax)"),
    "orders": ("週の注文数", "Orders of a week"),
    "mean_order": ("平均注文単価", "Mean order value"),
    "repeat_share": ("注文に占めるリピートの割合", "Share of repeat orders"),
    "new_customers": ("週の新規顧客数", "New customers of a week"),
    "f2_90": (
        "90日以内のF2転換率(初回購入の週ごと)",
        "F2 conversion within 90 days (by week of the first purchase)",
    ),
}
F2_DAYS: Final = 90

Why = Literal["start", "quarter", "by_hand"]
WHYS: Final[tuple[Why, ...]] = get_args(Why)
WHY_NAMES: Final[Mapping[Why, str]] = {
    "start": gettext_noop("Before the beginning"),
    "quarter": gettext_noop("New every quarter"),
    "by_hand": gettext_noop("Set by hand"),
}

ChangeOf = Literal[
    "begun", "name", "metric", "started_on", "stopped_on", "lag_days", "owner", "about", "holdout",
    "practice", "cost", "cost_back", "baseline",
]  # fmt: skip
CHANGES_OF: Final[tuple[ChangeOf, ...]] = get_args(ChangeOf)
CHANGE_NAMES: Final[Mapping[ChangeOf, str]] = {
    "begun": gettext_noop("The initiative was written down"),
    "name": gettext_noop("Its name"),
    "metric": gettext_noop("Its metric"),
    "started_on": gettext_noop("The day it began"),
    "stopped_on": gettext_noop("The day it ended"),
    "lag_days": gettext_noop("Days until its effect is expected"),
    "owner": gettext_noop("Who answers for it"),
    "about": gettext_noop("What is done"),
    "holdout": gettext_noop("The holdout that measures it"),
    "practice": gettext_noop("The practice that measures it"),
    "cost": gettext_noop("Cost to date, with one more"),
    "cost_back": gettext_noop("Cost to date, with one taken back"),
    "baseline": gettext_noop("Its newest baseline"),
}
LONGEST_WHY: Final = 200

LateEvidence = Literal["waiting", "too_few", "higher", "lower", "open"]
LATE_EVIDENCE_NAMES: Final[Mapping[LateEvidence, str]] = {
    "waiting": gettext_noop("Not expected yet"),
    "too_few": gettext_noop("Not yet known: too few weeks"),
    "higher": gettext_noop("Higher than before (not an experiment)"),
    "lower": gettext_noop("Lower than before (not an experiment)"),
    "open": gettext_noop("No clear difference to before (not an experiment)"),
}
"""What a comparison with one's own past may say; it never says "proven"."""

FEW_WEEKS: Final = gettext_noop("fewer than {} full weeks on one side").format(8)
NO_WEEKS: Final = gettext_noop("no full week has passed")
NO_YEAR_BEFORE: Final = gettext_noop("the figures do not reach a year further back")
AUTOCORRELATED: Final = gettext_noop("weeks that lean on each other")


@dataclass(frozen=True)
class InitiativeText:
    """What a shop writes down. ``owner`` is a member's number, ``holdout`` and ``practice`` name
    what measures it by lot; without one it is held against its own past."""

    name: str
    metric: LateMetric
    started_on: date
    lag_days: int
    owner: int | None = None
    about: str = ""
    holdout: int | None = None
    practice: str = ""
    stopped_on: date | None = None

    @property
    def expected_on(self) -> date:
        """The first day on which an effect is expected."""
        return self.started_on + timedelta(days=self.lag_days)


@dataclass(frozen=True)
class CostRow:
    """What was spent on one day, in minor units."""

    id: int
    on: date
    amount: int
    note: str
    said_by: str


@dataclass(frozen=True)
class Baseline:
    """What the metric was in some full weeks; kept as it was said, also when figures change."""

    id: int
    why: Why
    first: date
    last: date
    figure: Figure
    set_on: date
    set_by: str
    reason: str = ""


@dataclass(frozen=True)
class InitiativeChange:
    """What was said of an initiative, from what to what (None: nothing was said), by whom and why.

    Of an owner or a holdout it is the number; of costs what they came to, in minor units, and
    ``on`` is the day of the one; of a baseline the mean of a week, and ``on`` its first day.
    """

    id: int
    what: ChangeOf
    before: str | int | float | None
    after: str | int | float | None
    on: date | None
    why: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Initiative:
    """An initiative with what it has cost and its baselines, oldest first."""

    id: int
    text: InitiativeText
    owner_name: str
    costs: tuple[CostRow, ...]
    baselines: tuple[Baseline, ...]
    changed_at: datetime
    changed_by: str

    @property
    def cost(self) -> int | None:
        """To date; None where nobody wrote any down."""
        return sum(one.amount for one in self.costs) if self.costs else None


@dataclass(frozen=True)
class DayCount:
    """What the shop sold on one day; ``again``: of its ``new`` customers, came within 90 days."""

    day: date
    orders: int
    repeats: int
    revenue: int
    new: int
    again: int


@dataclass(frozen=True)
class LatePoint:
    """The metric of one full week; ``week`` 0 is the first of the initiative."""

    week: int
    first: date
    last: date
    value: float
    n: int  # orders, or of F2 the customers of that week


@dataclass(frozen=True)
class LateHoldout:
    """What a holdout says of it: this is an experiment. ``payback`` is what came back so far for
    each unit of money that it has cost to date, where profit is known."""

    holdout: int
    name: str
    evidence: str
    realised: Figure
    payback: Figure


@dataclass(frozen=True)
class LateEffect:
    """The metric before and since the effect is expected. ``season`` is the change less what the
    same weeks did a year earlier, ``newest`` the change since the newest baseline."""

    initiative: int
    experiment: bool
    evidence: LateEvidence
    before: Figure
    after: Figure
    change: Figure
    season: Figure
    newest: Figure
    points: tuple[LatePoint, ...]
    holdout: LateHoldout | None = None


class NoSuchInitiative(NotFound):
    """There is no initiative of that number, or no cost of it."""


class BadInitiative(BadInput):
    """What is written of it cannot be; the message says what."""


class InitiativeNameTaken(Refused):
    """Another initiative has the name."""


class NoBaselineYet(Refused):
    """There are too few full weeks to set a baseline from."""


NO_COST_YET: Final = gettext_noop("nobody has said what it has cost")
PROFIT_UNKNOWN: Final = gettext_noop("the holdout tells revenue and no profit yet")

DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "late_payback": (
        "費用1あたりの回収",
        "Money back per money spent",
        "ホールドアウトで確かめた増分利益(これまで)を、これまでに記録した費用で割ったもの。1で費用を回収したことになる。",
        "Incremental profit realised so far, by the holdout, over what the initiative has cost to "
        "date. At 1 the cost is back.",
    ),
    "late_before": (
        "開始前の平均(基準)",
        "Mean before (baseline)",
        "開始前13週の週平均。90日以内のF2転換率では、90日が開始前に終わる26〜14週前。"
        "区間は、週どうしが似ること(自己相関)を織り込む。",
        "Mean of the 13 weeks before the beginning; of the F2 conversion within 90 days weeks 26 "
        "to 14 before it, whose 90 days end before it. The interval takes into account that a "
        "week resembles the one before.",
    ),
    "late_after": (
        "効果が見込まれる日からの平均",
        "Mean since the effect is expected",
        "開始日+想定ラグの日より後の、完了した週の平均。",
        "Mean of the full weeks since the beginning plus the expected lag.",
    ),
    "late_change": (
        "基準との差(実験ではない)",
        "Change against the baseline (not an experiment)",
        "効果が見込まれる日からの平均から、開始前の平均を引いたもの。同じ時期のほかの変化も含む。",
        "Mean since the effect is expected less the mean before. Whatever else changed at the same "
        "time is in it.",
    ),
    "late_season": (
        "前年の同じ週の動きを引いた差",
        "Change less that of the same weeks a year earlier",
        "基準との差から、ちょうど52週前の同じ差を引いたもの。季節の動きを除く目安。",
        "The change less the same change exactly 52 weeks earlier: a look at it without the "
        "season.",
    ),
    "late_newest": (
        "最新の基準からの差(実験ではない)",
        "Change since the newest baseline (not an experiment)",
        "最新の四半期の基準より後の週の平均との差。",
        "Mean of the weeks since the newest baseline less that baseline's.",
    ),
    "late_baseline": (
        "基準値",
        "Baseline",
        "その期間の週平均。置き直しても前の基準は残る。",
        "Mean of those weeks. A new one leaves the earlier ones in place.",
    ),
}
