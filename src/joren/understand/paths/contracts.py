"""Words about the journey map: stages, ways between them, leads, targets. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, get_args

from joren.collect.quality.contracts import Verdict
from joren.core.errors import BadInput, NotFound
from joren.core.figures import Figure
from joren.core.words import gettext_noop

ROOM: Final = "paths"
HORIZONS: Final = (30, 90, 180, 365)
LONGEST: Final = 730
"""Days of a curve that are kept."""
MONTHS: Final = 24
SOURCES: Final = 12
FEWEST: Final = 20
"""Of fewer people a share or a time is not told."""
LEVEL: Final = 0.95

FEW: Final = gettext_noop("fewer than {} people entered").format(FEWEST)
SHORT: Final = gettext_noop("fewer than {} people were followed for so long").format(FEWEST)
HALF: Final = gettext_noop("fewer than half have gone on so far")

Place = Literal["visit", "signup", "f1", "f2", "f3", "subscription", "vip", "dormant", "back"]
PLACES: Final[tuple[Place, ...]] = get_args(Place)
PLACE_NAMES: Final[Mapping[Place, tuple[str, str, str, str]]] = {
    "visit": (
        "訪問", "Visit",
        "サイトやアプリの最初のイベント。会員でない端末も1人と数えます。",
        "The first event of the site or an app; a device that nobody is known on counts as one.",
    ),
    "signup": ("会員登録", "Sign-up", "会員登録日。", "The date of registration."),
    "f1": ("初回購入(F1)", "First purchase (F1)", "最初の購入日。", "The first such day."),
    "f2": ("2回目購入(F2)", "Second purchase (F2)", "2日目の購入日。", "The second such day."),
    "f3": ("3回目購入(F3)", "Third purchase (F3)", "3日目の購入日。", "The third such day."),
    "subscription": (
        "定期購入", "Subscription", "定期の最初の注文日。", "The first order of a subscription.",
    ),
    "vip": (
        "VIP", "VIP",
        "直近365日の購入額が、今のVIPの基準に初めて達した日。",
        "The first day on which a year's purchases reached what makes a VIP now.",
    ),
    "dormant": (
        "休眠", "Dormant",
        "現役の日数(ランクの基準)を過ぎても購入がない最初の日。",
        "The first day after so many days without a purchase as the bounds of the ranks say.",
    ),
    "back": ("復帰", "Back", "休眠後の最初の購入日。", "The first purchase after being dormant."),
}  # fmt: skip

Way = Literal[
    "visit_signup",
    "visit_f1",
    "signup_f1",
    "f1_f2",
    "f2_f3",
    "f1_subscription",
    "f1_vip",
    "dormant_back",
]
WAYS: Final[Mapping[Way, tuple[Place, Place]]] = {
    "visit_signup": ("visit", "signup"),
    "visit_f1": ("visit", "f1"),
    "signup_f1": ("signup", "f1"),
    "f1_f2": ("f1", "f2"),
    "f2_f3": ("f2", "f3"),
    "f1_subscription": ("f1", "subscription"),
    "f1_vip": ("f1", "vip"),
    "dormant_back": ("dormant", "back"),
}

Lead = Literal["signed_up", "opened", "clicked", "viewed", "cart"]
LEADS: Final[Mapping[Lead, tuple[str, str]]] = {
    "signed_up": ("登録のみ", "Signed up only"),
    "opened": ("メールを開いた", "Opened a mail"),
    "clicked": ("メールのリンクを押した", "Clicked a link in a mail"),
    "viewed": ("商品を見た", "Viewed a product"),
    "cart": ("カートに入れた", "Put something into the cart"),
}
"""How far a member without an order has come; the furthest counts."""

Now = Literal["visitor", "lead", "f1", "f2", "f3", "vip", "dormant"]
NOWS: Final[Mapping[Now, tuple[str, str]]] = {
    "visitor": ("訪問のみ", "Visitor"),
    "lead": ("購入のない会員", "Member without an order"),
    "f1": ("F1", "F1"),
    "f2": ("F2", "F2"),
    "f3": ("F3以上", "F3 and more"),
    "vip": ("VIP", "VIP"),
    "dormant": ("休眠", "Dormant"),
}


@dataclass(frozen=True)
class PathPlace:
    """How many ever came to a place, known with a day."""

    place: Place
    people: int


@dataclass(frozen=True)
class PathNow:
    """How many stand somewhere at the as-of day; everybody stands at one."""

    now: Now
    people: int


@dataclass(frozen=True)
class PathStep:
    """Of those who are not on their way any more or still are: by this day so many had gone on."""

    day: int
    gone: int
    left: int


@dataclass(frozen=True)
class PathTold:
    """What became of some who entered a way together. ``shares`` are by HORIZONS."""

    entered: int
    gone: int
    waiting: int
    shares: tuple[Figure, ...]
    median: Figure


@dataclass(frozen=True)
class PathWay:
    """From one place to the next.

    ``before`` had been at the second place before they came to the first, and are not among those
    who entered. ``steps`` are what a curve is made of.
    """

    way: Way
    before: int
    told: PathTold
    steps: tuple[PathStep, ...]


@dataclass(frozen=True)
class PathLead:
    """Members without an order who have come so far and no further."""

    lead: Lead
    people: int


@dataclass(frozen=True)
class PathGroup:
    """Members by the month in which they signed up, or by what brought them ("" not known)."""

    name: str
    told: PathTold


@dataclass(frozen=True)
class JourneyMap:
    """What a snapshot says of the ways of people."""

    as_of: date
    active_days: int
    events: bool  # are there any? else nobody is known to have visited
    places: tuple[PathPlace, ...]
    nows: tuple[PathNow, ...]
    ways: tuple[PathWay, ...]
    leads: tuple[PathLead, ...]
    months: tuple[PathGroup, ...]
    sources: tuple[PathGroup, ...]
    vip_from: int | None = None  # a year's revenue that makes a VIP; None: out of reach
    currency: str = ""
    verdicts: tuple[Verdict, ...] = ()  # what the facts are enough for, as of reading


@dataclass(frozen=True)
class PathTarget:
    """So many of those who enter a way are to have gone on within so many days."""

    way: Way
    share: float
    days: int


@dataclass(frozen=True)
class PathTargets:
    """The targets as they stood from a moment on, and who set them; None: nobody has."""

    targets: tuple[PathTarget, ...]
    changed_at: datetime | None
    changed_by: str


PathVerdict = Literal["met", "missed", "open", "not_yet"]


@dataclass(frozen=True)
class PathAgainst:
    """A target and what is so: met or missed where the whole interval says so, else open."""

    target: PathTarget
    actual: Figure
    verdict: PathVerdict


class NoJourneyMapYet(NotFound):
    """The snapshot says nothing of the ways of people."""


class TargetMeaningless(BadInput):
    """A target that nobody could meet or miss."""


DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "path_people": (
        "そこまで来た人数",
        "People who came there",
        "基準日までに一度でもその場所に来た人の数。1人は場所ごとに1回数える。",
        "Who ever came to the place up to the as-of day; each place counts a person once.",
    ),
    "path_standing": (
        "今いる場所の人数",
        "People standing there",
        "基準日に、最も進んだ場所がそこである人の数。1人は1か所だけに数える。",
        "Whose place on the as-of day it is; everybody stands at one place.",
    ),
    "path_leads": (
        "注文のない会員",
        "Leads",
        "登録したがまだ購入のない人を、最も進んだ段階で数えたもの。",
        "Who signed up and has not bought yet, by the furthest that they have come.",
    ),
    "path_entered": (
        "入った人数",
        "Entered",
        "道筋の最初の場所に来た人の数。割合と日数はこの人数(n)に基づく。",
        "Who came to the way's first place: the n that its shares and days rest on.",
    ),
    "path_gone": (
        "次へ進んだ人数",
        "Gone on",
        "入った人のうち、基準日までに次の場所へ進んだ人の数。",
        "Of those who entered, who had gone on to the second place by the as-of day.",
    ),
    "path_waiting": (
        "まだ進んでいない人数",
        "Waiting still",
        "入った人のうち、基準日までに次へ進んでいない人の数。",
        "Of those who entered, who had not gone on by the as-of day.",
    ),
    "path_stayed": (
        "1年以内に進まない割合",
        "Not gone on in a year",
        "入った人のうち、365日以内に次へ進まない割合。1から進んだ割合を引いたもの。",
        "Of those who entered, the share that does not go on within 365 days: one less the share "
        "that has gone on, whose interval stands beside it.",
    ),
    "path_before": (
        "先に来ていた人数",
        "Had been there before",
        "最初の場所より先に次の場所に来ていたため、その道筋に数えない人の数。",
        "Who had been at the second place before the first, and is left out of the way.",
    ),
    "path_target": (
        "道筋の目標",
        "Target of a way",
        "入った人のうち、決めた日数以内に次へ進ませたい割合。自分たちで決めたもの。",
        "The share of those who enter that is to go on within so many days, as you set it.",
    ),
    "path_share": (
        "進んだ割合",
        "Share that has gone on",
        "入った人のうち、その日数以内に次へ進んだ割合。まだ日数の経っていない人も、経った日数まで数える"
        "(カプラン・マイヤー法)。",
        "Of those who entered, the share that went on within so many days; who entered lately "
        "counts for as long as they were followed (Kaplan–Meier).",
    ),
    "path_median": (
        "半数が進むまでの日数",
        "Days until half have gone on",
        "入った人の半数が次へ進むまでの日数。半数に達していなければ「まだ分からない」。",
        "After how many days half of those who entered have gone on; not yet known as long as "
        "fewer than half have.",
    ),
}
