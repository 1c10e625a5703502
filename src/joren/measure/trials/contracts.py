"""Practices tried by lot: some orders, weeks or stores get them and others do not. No Django.

A nicer box or an exact delivery day is given to orders, not to segments. So the lot falls on orders
(packaging, inserts), on customers with their household, or on stretches of days of the whole shop
or of each store, which switch between with and without; the first days of a stretch, in which the
one before still works, do not count. Everything follows from the salt: nobody needs a list, and
everybody can draw it again. Customers are drawn on arrival and lie in the log of the holdouts.
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
LONGEST: Final = 731
LONGEST_PERIOD: Final = 56
LONGEST_HORIZON: Final = 365
MOST_ROWS: Final = 200_000
SHOWN: Final = 100
COLUMNS: Final = ("store", "order_number", "email", "customer_number", "given", "on")

TrialUnit = Literal["order", "customer", "week", "store"]
TRIAL_UNITS: Final[tuple[TrialUnit, ...]] = get_args(TrialUnit)
BY_PEOPLE: Final[tuple[TrialUnit, ...]] = ("order", "customer")
TRIAL_UNIT_NAMES: Final[Mapping[TrialUnit, str]] = {
    "order": gettext_noop("order by order"),
    "customer": gettext_noop("customer by customer, a household together"),
    "week": gettext_noop("stretches of days of the whole shop"),
    "store": gettext_noop("stretches of days of each store"),
}

TrialMetric = Literal["money", "orders", "repeat", "profit_per_order", "returns"]
TRIAL_METRICS: Final[tuple[TrialMetric, ...]] = get_args(TrialMetric)
TRIAL_METRIC_NAMES: Final[Mapping[TrialMetric, str]] = {
    "money": gettext_noop("profit, or revenue where the cost is not known"),
    "orders": gettext_noop("orders"),
    "repeat": gettext_noop("share of customers who buy again"),
    "profit_per_order": gettext_noop("profit per order, or revenue where the cost is not known"),
    "returns": gettext_noop("share of orders that come back"),
}
RATIOS: Final = ("profit_per_order", "returns")
"""Of two sums: what is counted per order, while customers or stretches were dealt."""

TrialEvidence = Literal["not_yet", "too_few", "proven_more", "proven_less", "not_proven", "broken"]
TRIAL_EVIDENCE_NAMES: Final[Mapping[TrialEvidence, str]] = {
    "not_yet": gettext_noop("Not yet known"),
    "too_few": gettext_noop("Too few to read"),
    "proven_more": gettext_noop("Proven: it brought more"),
    "proven_less": gettext_noop("Proven: it brought less"),
    "not_proven": gettext_noop("Not proven"),
    "broken": gettext_noop("The sides have not the sizes that the lot gives them: no conclusion"),
}

RUNS: Final = gettext_noop("the trial has not ended in the figures yet")
FEW_PERIODS: Final = gettext_noop("the stretches can be dealt in fewer than {} ways").format(40)
NO_SALES: Final = gettext_noop("one side of some deal sold nothing")
FEW_BUYERS_AGAIN: Final = gettext_noop("too few of one side bought again")
NOBODY_CAME_BACK: Final = gettext_noop("nobody bought again in as many days of the past")
TOO_RESTLESS: Final = gettext_noop("what the stretches bring moves too much by itself")
CUT_OTHERWISE: Final = gettext_noop(
    "the sides have not the sizes that the lot gives them: somebody is missing on one of them"
)
NO_MONEY: Final = gettext_noop("the metric of this trial is no amount of money")
NO_UNIT_COST: Final = gettext_noop("what one costs is not known, or nobody said who got it")
NOT_OF_THIS_KIND: Final = gettext_noop("a trial of this kind has no such figure")
BY_ORDERS: Final = gettext_noop("customers by their first order of the trial")
BY_CUSTOMERS: Final = gettext_noop("households by their first order of the trial")
BY_PERIODS: Final = gettext_noop("every other deal of the stretches")


@dataclass(frozen=True)
class TrialPlan:
    """``horizon_days``: by order, so long after each order what the customer buys counts; by
    customer, so long after the first.
    ``period_days`` and ``washout_days``: by stretches, their length and the days of each that do
    not count. ``metric`` is what decides; it is chosen before anything can be seen."""

    practice: str
    unit: TrialUnit
    first: date
    last: date
    horizon_days: int = 90
    period_days: int = 7
    washout_days: int = 1
    metric: TrialMetric = "money"

    @property
    def by_people(self) -> bool:
        """Not by stretches of days."""
        return self.unit in BY_PEOPLE

    @property
    def read_on(self) -> date:
        """The day of whose figures it is read."""
        wait = self.horizon_days if self.by_people else 0
        return self.last + timedelta(days=wait)


@dataclass(frozen=True)
class Trial:
    """A trial as it was drawn: never changed."""

    id: int
    plan: TrialPlan
    salt: str
    drawn_at: datetime
    drawn_by: str
    exposures: int
    holdout: int | None = None  # by customer: under which they are drawn


@dataclass(frozen=True)
class Period:
    """A stretch of days; those before ``counted_from`` are washed out. ``store`` None: the shop."""

    store: int | None
    first: date
    counted_from: date
    last: date
    block: int
    treated: bool


@dataclass(frozen=True)
class TrialSide:
    """With or without: what was counted, and how much of it is said to have got the practice.

    ``units`` are customers by their first order, households by theirs, or stretches; ``amount``
    what they brought, which is told once, when the days are over: None before.
    """

    treated: bool
    units: int
    orders: int
    amount: int | None
    given: float | None  # share of orders that are said to have got it; None: nobody said


@dataclass(frozen=True)
class TrialResult:
    """What those with the practice brought more, by assignment, whether or not they got it."""

    trial: int
    evidence: TrialEvidence
    metric: Literal["profit", "revenue"]
    sides: tuple[TrialSide, TrialSide]  # without, with
    each: Figure  # per customer (by order), per household (by customer); in the metric chosen
    lift: Figure  # by stretches
    gain: Figure
    cost: int | None
    net: Figure
    wait: int | None = None  # weeks
    p: float | None = None
    q: float | None = None  # its chance of error as one of all that was tried and read
    measured: TrialMetric = "money"

    @property
    def headline(self) -> Figure:
        """The first that is known of: net of cost, gain, each, lift."""
        for one in (self.net, self.gain, self.each):
            if one.value is not None:
                return one
        return self.lift if self.lift.value is not None else self.gain


@dataclass(frozen=True)
class TrialDesign:
    """What such a trial would show four times of five, by as many days of the past in which nothing
    was done. ``units`` are customers by their first order of those days, or stretches; ``needed``
    customers show a ``lift``, in ``weeks`` as they come now, None where it is not known."""

    plan: TrialPlan
    metric: Literal["profit", "revenue"]
    units: int
    smallest: Figure  # per customer; by stretches there is none
    smallest_lift: Figure
    smallest_gain: Figure  # over all with the practice
    lift: float
    needed: int | None = None
    weeks: int | None = None

    @property
    def customers(self) -> int:
        """Who would have been in it; by stretches nobody is counted."""
        return self.units if self.plan.by_people else 0


@dataclass(frozen=True)
class ExposureRow:
    """One line: an order, or a customer, and whether they got it."""

    store: str = ""
    order_number: str = ""
    email: str = ""
    customer_number: str = ""
    given: str = "yes"
    on: str = ""


@dataclass(frozen=True)
class ExposureFault:
    """A line that stayed out, and why."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class ExposuresTaken:
    """What became of a list."""

    rows: int
    recorded: int
    refused: int
    faults: tuple[ExposureFault, ...]


@dataclass(frozen=True)
class TrialArm:
    """What is done with one order."""

    treated: bool
    counts: bool  # is it in the days that count?


UNKNOWN_STORE: Final = gettext_noop("there is no such store")
UNKNOWN_PERSON: Final = gettext_noop("nobody is known by it")
SAYS_NOBODY: Final = gettext_noop("neither an order nor a customer")
NOT_YES_OR_NO: Final = gettext_noop("neither yes nor no")
NO_DAY: Final = gettext_noop("no day, written year-month-day")


class BadTrial(BadInput):
    """What is planned cannot be; the message says what."""


class NoSuchTrial(NotFound):
    """There is no trial of that number."""


class TrialOverlaps(Refused):
    """Another trial of the practice has some of these days."""


class TrialBegan(Refused):
    """What has begun cannot be called off; it can only be read."""


class BadExposures(BadInput):
    """The list cannot be read; the message says why."""


DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "trial_smallest": (
        "見分けられる最小の差(1人あたり)",
        "Smallest difference that can be seen, per customer",
        "過去の同じ長さの期間に最初の注文の後で買った額から求めた、本当に差があるとき5回に4回は確認できる最小の差。",
        "The smallest true difference that such a trial would show four times of five, by what "
        "customers bought after their first order in as many days of the past.",
    ),
    "trial_smallest_lift": (
        "見分けられる最小の増加率",
        "Smallest lift that can be seen",
        "上の差を過去の1人あたりで割った割合。期間ごとの試行では、何もしなかった過去の期間を"
        "くじで分けて求める。",
        "The same as a share of what one brought in the past; of stretches, by dealing stretches "
        "of the past in which nothing was done.",
    ),
    "trial_smallest_gain": (
        "見分けられる最小の増分",
        "Smallest gain that can be seen",
        "「あり」の側全体での金額。取り組みにかかる費用や見込みと比べてください。",
        "The same over all with the practice. Compare it with what you expect and what it costs.",
    ),
    "trial_each": (
        "顧客1人あたりの差",
        "Difference per customer",
        "試行中の最初の注文で「あり」になった人と「なし」になった人の、その注文の後の差。"
        "顧客ごとの試行では、同じ世帯の人は1人として数える。"
        "渡せたかどうかによらず、くじの結果で数える。",
        "What those whose first order of the trial was drawn with the practice brought after that "
        "order, less those drawn without. In a trial by customers a household counts as one. The "
        "lot counts, whether or not they got it.",
    ),
    "trial_orders": (
        "顧客1人あたり注文数の差",
        "Difference in orders per customer",
        "「あり」と「なし」の、最初の注文の後の期間中の注文数の差(1人あたり)。",
        "What those with the practice ordered more often in the days after their first order.",
    ),
    "trial_repeat": (
        "再購入率の差",
        "Difference in the share who buy again",
        "「あり」と「なし」の、最初の注文の後の期間中にもう一度買った人の割合の差。",
        "The share of those with the practice who bought again in the days after their first "
        "order, less that of those without.",
    ),
    "trial_profit_per_order": (
        "注文1件あたりの差",
        "Difference per order",
        "最初の注文の後の注文1件あたりの粗利(原価が分からなければ売上)の差。区間はデルタ法。"
        "くじの単位は顧客のまま数える。",
        "Profit per order (revenue where the cost is not known) after the first one, with the "
        "practice less without; by the delta method, with the customer as the unit.",
    ),
    "trial_returns": (
        "返品率の差",
        "Difference in the share that comes back",
        "試行中の最初の注文とその後の期間中の注文のうち、返品または返金された割合の差。"
        "キャンセルは数えない。区間はデルタ法。",
        "Of the first order of the trial and those in the days after it, the share that was "
        "returned or refunded, with the practice less without; cancelled ones do not count.",
    ),
    "trial_lift": (
        "「あり」の期間の伸び",
        "Lift of the stretches with it",
        "「あり」の期間の1日あたりを「なし」の期間の1日あたりで割り、1を引いたもの。"
        "区間は、期間の割り当てを入れ替えて求める。",
        "What the stretches with the practice brought a day over those without, less one. The "
        "interval comes from all other deals of the stretches.",
    ),
    "trial_gain": (
        "増分(費用を引く前)",
        "Brought more, before its cost",
        "「あり」の側が、「なし」だった場合より多くもたらした額。",
        "What the side with the practice brought more than it would have without.",
    ),
    "trial_net": (
        "増分(費用を引いた後)",
        "Brought more, less its cost",
        "増分から、取り組み1回の費用×渡したと記録された数を引いたもの。",
        "The same less what one costs times how many are said to have got it.",
    ),
}
