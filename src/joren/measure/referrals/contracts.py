"""Word of mouth, as other rooms and the faces see it: who was brought by whom. No Django.

Somebody counts as referred who used somebody else's code in their first order or as the source of
their registration, or whom a list says so of. Those who were referred are held beside those who
came otherwise in the same time; that is no experiment, for nobody drew them by lot.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from joren.core.errors import BadInput, NotFound
from joren.core.figures import Figure
from joren.core.words import gettext_noop

LEVEL: Final = 0.95
YEAR: Final = 365
LONGEST_CODE: Final = 60
MOST_ROWS: Final = 200_000
SHOWN: Final = 100
"""Rows that stayed out and are told one by one."""

COLUMNS: Final = (
    "code", "referrer_email", "referrer_number", "referred_email", "referred_number", "store", "on",
)  # fmt: skip

NOBODY_REFERRED: Final = gettext_noop("nobody is known to be referred")
NOBODY_SO_LONG: Final = gettext_noop("fewer than {} on one side have been here for {} days")
NOT_PREDICTED: Final = gettext_noop("nothing is predicted yet")
TWO_MEANS: Final = gettext_noop("two means, Student's t each")
TWO_PARTS: Final = gettext_noop("the share who bought and what they spent, read apart")
FEW_BOUGHT: Final = gettext_noop("too few of one side bought to compare")
FEWEST: Final = 30


UNKNOWN_PERSON: Final = gettext_noop("nobody is known by it")
NOBODYS_CODE: Final = gettext_noop("it is nobody's")
WHOSE_CODE: Final = gettext_noop("whose code it is, is not said")
TAKEN_CODE: Final = gettext_noop("somebody else has it")
TOO_LONG: Final = gettext_noop("longer than {} characters").format(LONGEST_CODE)
A_CONTACT: Final = gettext_noop("an address or a phone")
THEMSELVES: Final = gettext_noop("nobody refers themselves")
SAID_OTHERWISE: Final = gettext_noop("another list says that somebody else did")
SAYS_NOTHING: Final = gettext_noop("neither a code nor who was referred")
NO_DAY: Final = gettext_noop("no day, written year-month-day")


@dataclass(frozen=True)
class ReferralRow:
    """One line of a list: whose code it is, or who was referred (by whom may be unknown)."""

    code: str = ""
    referrer_email: str = ""
    referrer_number: str = ""
    referred_email: str = ""
    referred_number: str = ""
    store: str = ""
    on: str = ""


@dataclass(frozen=True)
class ReferralFault:
    """A line that stayed out, and why; the first line of a list is number 1."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class ReferralsTaken:
    """What became of a list."""

    rows: int
    recorded: int
    repeated: int
    refused: int
    faults: tuple[ReferralFault, ...]


@dataclass(frozen=True)
class ReferralGroup:
    """Those who were referred, or those who came otherwise since the first of them.

    ``matured`` have been here for a year; revenue and repeating are of them.
    """

    group: Literal["referred", "others"]
    customers: int
    matured: int
    revenue_first_year: Figure
    repeat_rate: Figure
    revenue_expected: Figure


@dataclass(frozen=True)
class ReferrerDecile:
    """How many each tenth of the customers, by revenue to date, brought."""

    decile: int
    customers: int
    referrers: int
    referred: int
    per_hundred: float
    brought: int  # revenue to date of those they brought


@dataclass(frozen=True)
class Referrer:
    """One who brought somebody."""

    customer: int
    codes: tuple[str, ...]
    referred: int
    own: int  # revenue to date
    brought: int


@dataclass(frozen=True)
class ReferralReport:
    """Word of mouth by one snapshot. Money in minor units of its currency."""

    as_of: date
    currency: str
    codes: int
    referred: int
    not_bought: int  # a list says so of them, and they have not bought yet
    by_unknown: int  # referred, and nobody knows by whom
    share: Figure  # of the new customers of the last 365 days
    referrers: Figure  # share of all customers
    with_brought: Figure  # mean of what referrers and those they brought spent
    groups: tuple[ReferralGroup, ...]
    difference: Figure
    deciles: tuple[ReferrerDecile, ...]


class BadReferrals(BadInput):
    """The list cannot be read; the message says why."""


class NoSuchCode(NotFound):
    """Nobody has that code."""


DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "referred_share": (
        "新規顧客に占める紹介の割合",
        "Share of new customers who were referred",
        "直近365日に初めて購入した人のうち、紹介コードか取り込んだ一覧で紹介と分かる人の割合。",
        "Of those who bought for the first time in the last 365 days, the share known to be "
        "referred, by a code or a list.",
    ),
    "referrer_share": (
        "紹介した顧客の割合",
        "Share of customers who referred somebody",
        "全顧客のうち、購入した人を1人以上連れてきた人の割合。",
        "Of all customers, those who brought at least one who bought.",
    ),
    "referrer_value": (
        "紹介者1人の売上(連れてきた人を含む)",
        "Revenue of a referrer with those they brought",
        "紹介者本人のこれまでの売上に、その人が連れてきた顧客のこれまでの売上を足した平均。",
        "Mean of what referrers spent to date plus what those whom they brought spent to date.",
    ),
    "referred_first_year": (
        "最初の1年の売上",
        "Revenue of the first year",
        "初回購入から365日が過ぎた顧客の、365日間の売上の平均。",
        "Mean revenue of the first 365 days, of customers who have been here so long.",
    ),
    "referred_repeat_rate": (
        "リピート率",
        "Share who came again",
        "同じ顧客のうち、2日目の購入があった人の割合。",
        "Of the same customers, those who bought on a second day.",
    ),
    "referred_expected": (
        "今後1年の売上予測",
        "Expected revenue of the next year",
        "顧客1人の今後365日の売上予測の平均。",
        "Mean of the predicted revenue of the next 365 days per customer.",
    ),
    "referred_difference": (
        "紹介された顧客との差(実験ではない)",
        "Difference of those referred (not an experiment)",
        "最初の1年の売上の差。紹介された人は、もともと違う人かもしれない。",
        "Difference of the first year's revenue. Those referred may have been different people "
        "from the beginning.",
    ),
}
