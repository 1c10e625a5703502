"""What a yen brought by each channel, as other rooms and the faces see it. No Django.

Only what was left out by lot tells what a channel brought: customers for messages, whole areas for
what reaches everybody there (a commercial, a flyer, an ad). What was spent without either is shown
as spend, and its effect as not known.
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
YEAR: Final = timedelta(days=365)
SHORTEST_BEFORE: Final = 28
"""Days that an area is held against at least."""
LONGEST: Final = 366
LONGEST_LAG: Final = 180
FALSE_AMONG_PROVEN: Final = 0.1
"""Of the channels that are called proven at most so many are so by chance."""

AD_CHANNELS: Final[Mapping[str, str]] = {
    "tv": gettext_noop("TV"),
    "radio": gettext_noop("Radio"),
    "newspaper": gettext_noop("Newspaper"),
    "magazine": gettext_noop("Magazine"),
    "flyer": gettext_noop("Flyers and inserts"),
    "direct_mail": gettext_noop("Paper mail"),
    "outdoor": gettext_noop("Outdoor and transport"),
    "event": gettext_noop("Events"),
    "search_ads": gettext_noop("Search ads"),
    "social_ads": gettext_noop("Social ads"),
    "video_ads": gettext_noop("Video ads"),
}
"""Words that are offered; a shop may use others, such as a source of its imported spend."""

AreaUnit = Literal["prefecture", "broadcast"]
AREA_UNITS: Final[tuple[AreaUnit, ...]] = get_args(AreaUnit)
AREA_UNIT_NAMES: Final[Mapping[AreaUnit, str]] = {
    "prefecture": gettext_noop("by prefecture"),
    "broadcast": gettext_noop("by broadcasting area"),
}

AreaEvidence = Literal[
    "not_yet", "too_few", "proven_more", "proven_less", "not_proven", "higher", "lower", "open",
]  # fmt: skip
AREA_EVIDENCE_NAMES: Final[Mapping[AreaEvidence, str]] = {
    "not_yet": gettext_noop("Not yet known"),
    "too_few": gettext_noop("Too few areas to read"),
    "proven_more": gettext_noop("Proven: it brought more"),
    "proven_less": gettext_noop("Proven: it brought less"),
    "not_proven": gettext_noop("Not proven"),
    "higher": gettext_noop("More than elsewhere (not an experiment)"),
    "lower": gettext_noop("Less than elsewhere (not an experiment)"),
    "open": gettext_noop("No clear difference to elsewhere (not an experiment)"),
}
"""Areas that somebody chose are never called proven: what they were chosen for may be the cause."""

ChannelEvidence = Literal["untested", "not_yet", "pays", "loses", "not_proven"]
CHANNEL_EVIDENCE_NAMES: Final[Mapping[ChannelEvidence, str]] = {
    "untested": gettext_noop("Not known: nobody was left out by lot"),
    "not_yet": gettext_noop("Not yet known"),
    "pays": gettext_noop("Proven: it brought more than it cost"),
    "loses": gettext_noop("Proven: it brought less than it cost"),
    "not_proven": gettext_noop("Not proven"),
}

ChannelMetric = Literal["profit", "revenue"]

FEW_AREAS: Final = gettext_noop("the areas can be dealt in fewer than {} ways").format(40)
NOTHING_SOLD: Final = gettext_noop("an arm sold nothing")
TOO_RESTLESS: Final = gettext_noop("what the areas bring moves too much by itself")
TEST_RUNS: Final = gettext_noop("the test has not ended in the figures yet")
NOTHING_MEASURED: Final = gettext_noop("nothing of it was measured by lot yet")
NO_TEST_COST: Final = gettext_noop("nobody wrote down what it cost")
COST_NOTHING_HERE: Final = gettext_noop("it cost nothing")
BY_DEALS: Final = gettext_noop("every other deal of the areas")


@dataclass(frozen=True)
class SaidSpend:
    """What the shop says a channel cost from one day to another, in minor units."""

    id: int
    channel: str
    first: date
    last: date
    amount: int
    note: str
    test: int | None
    said_by: str


@dataclass(frozen=True)
class AreaTestText:
    """``treated`` names the areas where something was done already; without it joren draws."""

    name: str
    channel: str
    unit: AreaUnit
    started_on: date
    stopped_on: date
    lag_days: int = 28
    treated: tuple[str, ...] = ()

    @property
    def last(self) -> date:
        """The last day that counts."""
        return self.stopped_on + timedelta(days=self.lag_days)

    @property
    def before(self) -> tuple[date, date]:
        """The days that each area is held against: as many, and at least four weeks."""
        length = max((self.last - self.started_on).days + 1, SHORTEST_BEFORE)
        return self.started_on - timedelta(days=length), self.started_on - timedelta(days=1)


@dataclass(frozen=True)
class Area:
    """An area as it was dealt; areas of one block are alike in what they brought before."""

    name: str
    treated: bool
    block: int


@dataclass(frozen=True)
class AreaTest:
    """A test as it was drawn: never changed, but that it may be called off before it began."""

    id: int
    text: AreaTestText
    by_lot: bool
    salt: str
    areas: tuple[Area, ...]
    cost: int | None
    drawn_at: datetime
    drawn_by: str


@dataclass(frozen=True)
class AreaSum:
    """What one area brought before and since, in minor units."""

    name: str
    treated: bool
    before: int
    after: int | None  # None as long as the test is not read


@dataclass(frozen=True)
class AreaWeek:
    """Both arms in one week from the beginning on, each against its own mean before (1)."""

    week: int
    first: date
    treated: float
    others: float


@dataclass(frozen=True)
class AreaResult:
    """What the treated areas brought more. ``metric`` revenue: the cost of no order is known."""

    test: int
    evidence: AreaEvidence
    metric: ChannelMetric
    before: tuple[date, date]
    after: tuple[date, date]
    deals: int
    lift: Figure
    gain: Figure
    per_yen: Figure
    cost: int | None
    without_area: Figure  # share of revenue of customers whose area is not known, in no arm
    areas: tuple[AreaSum, ...]
    weeks: tuple[AreaWeek, ...]
    wait: int | None = None  # weeks until it can be read
    p: float | None = None  # by lot only
    q: float | None = None  # its chance of error as one of all that was tried and read


@dataclass(frozen=True)
class AreaDesign:
    """What a test by lot could see. ``lift`` is what would be proven four times in five."""

    unit: AreaUnit
    areas: int
    deals: int
    days: int
    lift: Figure
    gain: Figure  # that lift on half of the areas


@dataclass(frozen=True)
class ChannelRow:
    """One channel. ``spend`` is of the last 365 days (None: nobody knows), ``measured_cost`` what
    the measured actions and tests cost, ``gain`` what these brought before that cost."""

    channel: str
    kind: Literal["message", "ad"]
    spend: int | None
    measured: int
    unmeasured: int
    measured_cost: int
    metric: ChannelMetric
    gain: Figure
    per_yen: Figure
    evidence: ChannelEvidence
    q: float | None


class BadSpend(BadInput):
    """What is said of a spend cannot be; the message says what."""


class NoSuchSpend(NotFound):
    """There is no spend of that number, or it came with an import."""


class BadAreaTest(BadInput):
    """What is written of a test cannot be; the message says what."""


class NoSuchAreaTest(NotFound):
    """There is no area test of that number."""


class AreaTestNameTaken(Refused):
    """Another area test has the name."""


class AreaTestOverlaps(Refused):
    """Another test of the channel has some of these days."""


class TooFewAreas(Refused):
    """So few areas sell something that no result could be told from chance."""


class AreaTestBegan(Refused):
    """What has begun cannot be called off; it can only be read."""


DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "channel_gain": (
        "増分LTV(費用を引く前)",
        "Incremental LTV, before its cost",
        "測定できた施策と地域テストが、くじで外した人・地域より多くもたらした粗利の合計。"
        "原価が分からなければ売上。",
        "What the measured actions and area tests brought more than those left out by lot, in "
        "profit before their cost; in revenue where the cost of goods is not known.",
    ),
    "channel_per_yen": (
        "1円あたりの増分LTV",
        "Incremental LTV per yen",
        "増分LTVを、同じ施策とテストにかかった費用で割ったもの。1を超えれば費用より多くもたらした。",
        "Incremental LTV over what the same actions and tests cost. Above 1 they brought more than "
        "they cost.",
    ),
    "area_lift": (
        "実施地域の伸び",
        "Lift of the treated areas",
        "実施した地域の(期間中÷以前)を、ほかの地域の同じ比で割り、1を引いたもの。"
        "区間は、地域の割り当て方をすべて(多ければ4,999通り)入れ替えて求める。",
        "(Since / before) of the treated areas over that of the others, less one. The interval "
        "comes from all other deals of the areas, or 4,999 of them.",
    ),
    "area_gain": (
        "実施地域の増分",
        "What the treated areas brought more",
        "実施した地域の合計から、伸びがなかった場合の額を引いたもの。費用は引いていない。",
        "The sum of the treated areas less what they would have brought without the lift; the cost "
        "is not taken off.",
    ),
    "area_per_yen": (
        "1円あたりの増分",
        "Brought per yen",
        "実施地域の増分を、このテストの費用として記入された額で割ったもの。",
        "What the treated areas brought more over what somebody wrote down as cost of this test.",
    ),
    "area_without": (
        "地域が分からない顧客の売上の割合",
        "Share of revenue without a known area",
        "期間中の売上のうち、都道府県が分からない顧客の分。どちらの側にも入らない。",
        "Of the revenue since the beginning, that of customers whose prefecture is not known. It "
        "is on neither side.",
    ),
    "area_detectable": (
        "見分けられる最小の伸び",
        "Smallest lift that can be seen",
        "何もしなかった直近の2つの期間から求めた、5回に4回は「確認」となる伸び。",
        "By the last two stretches in which nothing was done: a lift that would be proven four "
        "times in five.",
    ),
    "area_detectable_gain": (
        "その額",
        "The same in money",
        "最小の伸びを、地域の半分がその期間にもたらす額に掛けたもの。",
        "That lift on what half of the areas bring in that time.",
    ),
}
