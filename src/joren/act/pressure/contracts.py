"""Words about pressure and its guard. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

from joren.core.errors import BadInput, NotFound
from joren.core.tables import TableSpec
from joren.core.words import gettext_noop

WINDOWS: Final = (7, 30, 90)
"""Days over which messages are weighed."""

USUAL_WEIGHTS: Final[Mapping[str, float]] = {
    "incentive": 1.0,
    "brand": 0.5,
    "goal_support": 0.5,
    "thanks": 0.25,
}
"""What a message counts by its content. What is transactional presses nobody."""

WATCHED_DAYS: Final = 28
BLAMED_DAYS: Final = 7
"""A refusal counts against the last message that came before it within so many days."""

CUSTOMER_PRESSURE: Final = TableSpec(
    "customer_pressure",  # who got any message in 90 days, transactional ones left out
    {
        "customer_id": "int64",
        "pressure_7d": "float64",  # percent of what is allowed; null: any number is
        "pressure_30d": "float64",
        "pressure_90d": "float64",
        "messages_30d": "int64",
    },
    snapshot=True,
)

Measure = Literal["unsubscribes", "complaints", "raise"]
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
MEASURE_NAMES: Final[Mapping[str, str]] = {
    "unsubscribes": gettext_noop("Refusals per delivered message"),
    "complaints": gettext_noop("Reports of spam per delivered message"),
    "raise": gettext_noop("More refusals and reports than among those left out"),
}
Verdict = Literal["few", "within", "unsure", "beyond"]
VERDICT_NAMES: Final[Mapping[str, str]] = {
    "few": gettext_noop("too few to tell"),
    "within": gettext_noop("within the limit"),
    "unsure": gettext_noop("not yet known"),
    "beyond": gettext_noop("beyond the limit"),
}


@dataclass(frozen=True)
class Pressure:
    """What somebody got in a window: messages, their weight, and what the shop allows (None: any
    number). ``share`` of it: 1 is all that is allowed, if all were offers."""

    days: int
    messages: int
    weighed: float
    allowed: float | None

    @property
    def share(self) -> float | None:
        return self.weighed / self.allowed if self.allowed else None


@dataclass(frozen=True)
class Band:
    """So many customers whose pressure is above ``low`` and at most ``high`` (None: no end)."""

    low: float | None
    high: float | None
    customers: int


@dataclass(frozen=True)
class Spread:
    """How pressure is spread over everybody whom the newest figures know."""

    days: int
    allowed: float | None
    everybody: int
    reached: int
    over: int
    median: float | None  # of those who got any
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Limits:
    """Shares of delivered messages that may be refused or reported as spam, told of nothing below
    ``least`` delivered messages. ``stops``: what passes them is held back by itself."""

    unsubscribes: float = 0.005
    complaints: float = 0.001
    least: int = 200
    stops: bool = False


@dataclass(frozen=True)
class Judged:
    """One share against its limit, with its interval (95 %). Of a raise ``of`` are customers, and
    the share is the difference to those left out."""

    measure: Measure
    bad: int
    of: int
    share: float | None
    low: float | None
    high: float | None
    limit: float
    verdict: Verdict


@dataclass(frozen=True)
class Watched:
    """The shop ("" as source), a campaign or journey, or one step of it."""

    source: str
    source_id: int
    step: str
    name: str
    delivered: int
    judged: tuple[Judged, ...]
    limits: Limits
    own_limits: bool = False
    held_at: datetime | None = None
    errands: tuple[int, ...] = field(default=())
    since: datetime | None = None

    @property
    def beyond(self) -> tuple[Judged, ...]:
        return tuple(one for one in self.judged if one.verdict == "beyond")


@dataclass(frozen=True)
class Alarm:
    """Something went beyond its limit; ``stopped``: it was held back for it. Open until somebody
    settles it, or until it is no longer so where nothing was stopped."""

    id: int
    source: str
    source_id: int
    step: str
    name: str
    measure: Measure
    bad: int
    of: int
    low: float
    limit: float
    raised_at: datetime
    stopped: bool
    ended_at: datetime | None = None
    ended_by: str = ""
    why: str = ""


class BadLimits(BadInput):
    """Such limits or weights cannot be kept."""


class NoSuchAlarm(NotFound):
    """There is no open alarm of that number."""


DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "promo_pressure": (
        "送信圧",
        "Promotion pressure",
        "期間内に届いた販促メッセージを内容別の重みで数え、配信頻度の上限で許される件数で割った割合。"
        "100%は、上限いっぱいまで特典の案内を送った状態。取引メールは数えない。",
        "The promotional messages of a window, weighed by their content, over as many as the caps "
        "allow. 100% is as many offers as the caps let through. Transactional mails do not count.",
    ),
    "over_pressed": (
        "許容を超える顧客",
        "Customers beyond what is allowed",
        "送信圧が100%を超える顧客の人数。上限を後から下げた場合や、上限に数えない種類のメッセージがある場合に生じる。",
        "Customers whose pressure is above 100%: the caps were lowered since, or messages that no "
        "cap counts were sent.",
    ),
    "median_pressure": (
        "送信圧の中央値",
        "Median pressure",
        "期間内に1通以上届いた顧客の送信圧の中央値。",
        "The median pressure of those who got any message in the window.",
    ),
    "pressed": (
        "メッセージが届いた顧客",
        "Customers reached",
        "期間内に販促メッセージが1通以上届いた顧客の人数。",
        "Customers who got one promotional message or more in the window.",
    ),
}
