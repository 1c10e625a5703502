"""Words about forms by which visitors sign up. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, Literal, get_args

from joren.core.errors import BadInput, NotFound, Refused
from joren.core.words import gettext_noop

if TYPE_CHECKING:  # what they stand on loads for long, and a sign-up needs none of it
    from joren.science.inference.effects import Effect
    from joren.science.inference.intervals import Interval

State = Literal["draft", "live", "paused", "archived"]
STATES: Final[tuple[State, ...]] = get_args(State)
STATE_NAMES: Final[Mapping[str, str]] = {
    "draft": gettext_noop("Draft"),
    "live": gettext_noop("Live"),
    "paused": gettext_noop("Paused"),
    "archived": gettext_noop("Put away"),
}

Speech = Literal["auto", "ja", "en"]
SPEECHES: Final[tuple[Speech, ...]] = get_args(Speech)
SPEECH_NAMES: Final[Mapping[str, str]] = {
    "auto": gettext_noop("As the visitor's browser asks"),
    "ja": gettext_noop("Japanese"),
    "en": gettext_noop("English"),
}

Asks = Literal["no", "may", "must"]
ASKS: Final[tuple[Asks, ...]] = get_args(Asks)
FIELDS: Final = ("name", "kana", "birth_month", "choice")
"""What a form may ask for beside the e-mail address, which it always does."""

FIELD_NAMES: Final[Mapping[str, str]] = {
    "name": gettext_noop("Name"),
    "kana": gettext_noop("Kana"),
    "birth_month": gettext_noop("Month of birth"),
    "choice": gettext_noop("A question of your own"),
}

SIGNED_UP: Final = "Signed Up"
CONFIRMED: Final = "Sign-up Confirmed"
"""What the facts are called among the events; journeys may begin with either."""

MOST_VARIANTS: Final = 6
WINDOWS: Final = (30, 90)
"""Days after a visit within which a first order counts."""

FEWEST_VISITORS: Final = 100
"""Of a variant, below which its share says little."""

LEAST_SECONDS: Final = 2
"""Nobody fills in a form faster."""

FORM_HOURS: Final = 24
MOST_VIEWS: Final = 120
"""Of one address in ten minutes that are counted; what is more is shown, and counts for nothing."""


@dataclass(frozen=True)
class Variant:
    """One of the texts that are tried beside each other; ``share`` of all shares see it.

    ``body`` is plain text: paragraphs between empty lines, and lists of lines that begin with a
    dash. ``plain`` says that it is what the others are measured against.
    """

    key: str
    name: str
    share: int
    title: str
    body: str = ""
    button: str = ""
    plain: bool = False


@dataclass(frozen=True)
class Content:
    """What one version of a form says and asks."""

    variants: tuple[Variant, ...]
    asks: Mapping[str, Asks] = field(default_factory=dict)
    question: str = ""
    options: tuple[str, ...] = ()
    consent: str = ""
    thanks: str = ""
    gift: str = ""
    language: Speech = "auto"
    hosts: tuple[str, ...] = ()

    @property
    def control(self) -> Variant:
        """What the others are measured against: the plain one, else the first."""
        return next((one for one in self.variants if one.plain), self.variants[0])

    def variant(self, key: str) -> Variant:
        return next((one for one in self.variants if one.key == key), self.control)


@dataclass(frozen=True)
class Form:
    """A form as it is now. ``live`` is the version that visitors see; ``round`` counts the
    comparisons of its variants, the present one since ``round_at``."""

    id: int
    slug: str
    name: str
    store: str
    state: State
    version: int
    live: int | None
    round: int
    round_at: datetime | None
    made_at: datetime
    changed_at: datetime
    content: Content


@dataclass(frozen=True)
class Version:
    number: int
    content: Content
    changed_at: datetime
    changed_by: str
    why: str


@dataclass(frozen=True)
class Answers:
    """What a visitor wrote."""

    email: str
    name: str = ""
    kana: str = ""
    birth_month: int | None = None
    choice: str = ""
    agrees: bool = False


@dataclass(frozen=True)
class Shown:
    """Which version and variant a visitor saw, in which language; "" is a visitor who is not
    followed. ``wording`` is the number of the consent that they saw: 0 is one that was not kept
    yet, None one that nobody noted."""

    version: int
    variant: str
    language: str
    visitor: str = ""
    wording: int | None = None


@dataclass(frozen=True)
class Ordered:
    """Of the visitors who were followed for so many days, how many ordered for the first time."""

    days: int
    followed: int
    buyers: int
    share: Interval | None
    effect: Effect | None


@dataclass(frozen=True)
class Arm:
    """What one variant brought. ``effect`` is its difference to the control, which has none."""

    variant: Variant
    is_control: bool
    visitors: int
    signed_up: int
    confirmed: int
    signed_share: Interval | None
    confirmed_share: Interval | None
    signed_effect: Effect | None
    confirmed_effect: Effect | None
    ordered: tuple[Ordered, ...]

    @property
    def thin(self) -> bool:
        return self.visitors < FEWEST_VISITORS


@dataclass(frozen=True)
class Results:
    """One round of a form. ``broken``: the arms have not the sizes that were planned (SRM), so
    that no effect may be read; ``p`` is how likely chance does that. ``orders_until`` is the newest
    day of orders. ``unfollowed`` signed up without being followed (no cookie), ``by_program`` where
    a program of the shop asked them."""

    round: int
    since: datetime | None
    arms: tuple[Arm, ...]
    broken: bool
    p: float | None
    level: float
    orders_until: date | None
    unfollowed: int
    by_program: int


@dataclass(frozen=True)
class Counted:
    """A form's numbers of all rounds."""

    visitors: int
    signed_up: int
    confirmed: int


class NoSuchForm(NotFound):
    """There is no form at that address."""


class FormClosed(NotFound):
    """The form takes no sign-ups now."""


class BadForm(BadInput):
    """A form cannot be as it is described."""


class BadSignup(BadInput):
    """What was written into the form is not enough."""


class FormRefused(Refused):
    """The form is in no state for that."""


DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "form_signed_up": (
        "登録率",
        "Sign-up rate",
        "フォームのその案を見た訪問者のうち、登録を申し込んだ人の割合。区間は Wilson 法。"
        "Cookie を望まない訪問者と、名乗った機械は数えない。",
        "Of the visitors who saw that variant of a form, the share that signed up, with Wilson's "
        "interval. Visitors who want no cookie, and machines that say so, are not counted.",
    ),
    "form_confirmed": (
        "確認済みの登録率",
        "Confirmed sign-up rate",
        "フォームのその案を見た訪問者のうち、確認メールの先のページで同意した人の割合。"
        "区間は Wilson 法。"
        "最近の訪問者はまだ確認の途中でありうる。",
        "Of the visitors who saw that variant, the share that agreed behind the confirmation mail, "
        "with Wilson's interval. The latest visitors may still be about to.",
    ),
    "form_first_order": (
        "登録からの初回購入率",
        "First orders by sign-up",
        "フォームのその案を見た訪問者のうち、登録し、見てから30日または90日のうちに"
        "生涯で初めて注文した人の割合。"
        "最新の注文の日までにその日数が過ぎた訪問者だけを数える。区間は Wilson 法。",
        "Of the visitors who saw that variant, the share that signed up and ordered for the first "
        "time of all within 30 or 90 days of the visit. Visitors whose days were not over by the "
        "newest day of orders are not counted. Wilson's interval.",
    ),
}
"""Key → (Japanese, English, what it says in Japanese, in English)."""
