"""When customers decide, what they touched before, and last-touch attribution. No Django.

Whoever reads, clicks or looks would buy more often anyway. So a share of those who touched
something and bought is what was observed and no effect, and is called so; beside it stands what the
holdout of the same action says, where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, get_args

from joren.core.errors import BadInput, NotFound
from joren.core.figures import Figure
from joren.core.words import gettext_noop

LEVEL: Final = 0.95
HORIZONS: Final = (7, 30, 90, 365)
AFTER_DAYS: Final = 30
"""Days after the first touch of a content in which an order counts."""
YEAR_DAYS: Final = 365
FEWEST: Final = 20
PAGES: Final = 20
LONGEST_WINDOW: Final = 90

FEW_WAITED: Final = gettext_noop("fewer than {} people began").format(FEWEST)
NOT_SO_LONG: Final = gettext_noop("too few people were followed for so long")
NOT_HALF_YET: Final = gettext_noop("fewer than half have decided so far")
WILSON: Final = "Wilson"

DecisionWay = Literal["contact_f1", "page_f1", "message_f1", "f1_f2", "message_f2"]
DECISION_WAYS: Final[tuple[DecisionWay, ...]] = get_args(DecisionWay)
DECISION_NAMES: Final[Mapping[DecisionWay, tuple[str, str]]] = {
    "contact_f1": ("最初の接点 → 初回注文", "First contact → first order"),
    "page_f1": ("最初のページ閲覧 → 初回注文", "First page seen → first order"),
    "message_f1": ("最初のメッセージ → 初回注文", "First message → first order"),
    "f1_f2": ("初回注文 → 2回目の注文", "First order → second order"),
    "message_f2": (
        "初回注文後の最初のメッセージ → 2回目の注文",
        "First message after the first order → second order",
    ),
}

ContentKind = Literal["message", "type", "page"]
CONTENT_KIND_NAMES: Final[Mapping[ContentKind, str]] = {
    "message": gettext_noop("Message (link clicked)"),
    "type": gettext_noop("Type of content (link clicked)"),
    "page": gettext_noop("Page seen"),
}


@dataclass(frozen=True)
class DecisionTime:
    """How soon people decide; ``before`` had decided before they began. ``points`` are the curve:
    (days, share decided)."""

    way: DecisionWay
    entered: int
    decided: int
    waiting: int
    before: int
    shares: tuple[Figure, ...]
    median: Figure
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class ContentTouch:
    """Who touched a content for the first time in the year, and how many ordered within 30 days
    after. Observed, no effect. ``source`` and ``number`` name the action of a message."""

    kind: ContentKind
    name: str
    source: str
    number: int | None
    people: int
    bought: int
    share: Figure


@dataclass(frozen=True)
class LastTouched:
    """Orders of a year whose last touch before them was a message of that action; ``credited`` is
    the revenue of those from ``since`` to ``until``, the days of its experiment."""

    source: str
    number: int
    orders: int
    revenue: int
    since: date | None = None
    until: date | None = None
    credited: int | None = None


@dataclass(frozen=True)
class LastTouchRule:
    """Does the shop want last touch beside effects, how far back, and do opens count?"""

    shown: bool = False
    days: int = 7
    opens: bool = False
    changed_at: datetime | None = None
    changed_by: str = ""


@dataclass(frozen=True)
class TouchReport:
    """What a refresh counted. ``orders`` of the year that could have a last touch."""

    as_of: date
    currency: str
    events: bool
    decisions: tuple[DecisionTime, ...]
    contents: tuple[ContentTouch, ...]
    last_touch: tuple[LastTouched, ...]
    last_touch_days: int
    last_touch_opens: bool
    orders: int
    revenue: int


@dataclass(frozen=True)
class Experimental:
    """What the holdout of the same action says."""

    holdout: int
    name: str
    evidence: str
    conversion: Figure
    revenue: Figure
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class ContentBeside:
    """A content as it was observed, beside its experiment where there is one."""

    content: ContentTouch
    called: str
    experiment: Experimental | None


@dataclass(frozen=True)
class LastTouchBeside:
    """What last touch would credit, beside what the holdout says; ``difference`` is last touch less
    the experiment, both in the experiment's days, with the experiment's interval."""

    touched: LastTouched
    called: str
    experiment: Experimental | None
    difference: Figure


class NoTouchesYet(NotFound):
    """No refresh has counted touches yet."""


class BadLastTouch(BadInput):
    """The window is none."""


NOT_THE_SAME_TIME: Final = gettext_noop("last touch was not counted over the experiment's days")
NO_HOLDOUT: Final = gettext_noop("nobody was left out of it: no experiment to hold it against")

DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "decision_share": (
        "決めた人の割合",
        "Share that has decided",
        "その日数までに注文した人の割合(Kaplan–Meier)。まだ待っている人は、追えた日数だけ数える。",
        "The share that had ordered by that many days (Kaplan–Meier). Whoever still waits counts "
        "for as long as they were followed.",
    ),
    "decision_median": (
        "半数が決めるまでの日数",
        "Days until half have decided",
        "半数が注文するまでの日数。半数に達していなければ分からない。",
        "After so many days half have ordered; not known as long as fewer have.",
    ),
    "touch_share": (
        "接触後30日以内に注文した人の割合(観察値・効果ではない)",
        "Ordered within 30 days of the touch (observed, no effect)",
        "最初の接触から30日以内に注文した人の割合。もともと買う人ほど接触しやすいので、効果ではない。",
        "The share that ordered within 30 days of the first touch. Whoever is about to buy touches "
        "more, so that this is no effect.",
    ),
    "last_touch_revenue": (
        "ラストタッチの売上(効果ではない)",
        "Last-touch revenue (no effect)",
        "注文の直前に触れたメッセージに、その注文の売上をすべて割り当てたもの。なくても買った分を含む。",
        "All revenue of an order is credited to the message touched last before it. What would "
        "have been bought without is in it.",
    ),
    "last_touch_difference": (
        "ラストタッチと実験の差",
        "Last touch less experiment",
        "実験の期間に限ったラストタッチの売上から、ホールドアウトによる増分売上を引いたもの。"
        "区間は実験の区間による。",
        "Last-touch revenue of the experiment's days less the incremental revenue by the holdout; "
        "the interval is the experiment's.",
    ),
}
