"""Text to types, as SQL. The common writing goes a fast way, every other one a slow way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from joren.collect.customers.contracts import contacts
from joren.core import money as currencies
from joren.core.clock import DATES

Type = Literal[
    "text", "code", "money", "price", "count", "rate", "moment", "day", "flag", "status",
    "email", "phone", "name", "kana", "currency", "exchange",
]  # fmt: skip

_WIDE = "０１２３４５６７８９．，－−‐△▲￥（）　"
_NARROW = "0123456789.,-----¥() "
EXPECTED: Mapping[Type, str] = {
    "text": "a text",
    "money": "an amount such as 1980 or ¥1,980, with no more decimals than the currency has",
    "price": "a price such as 1980 or ¥1,980",
    "count": "a whole number below a million",
    "rate": "a rate such as 8, 10% or 0.08",
    "moment": "a date between 1970 and tomorrow, such as 2026-11-22 12:00",
    "day": "a date such as 2026-11-22",
    "flag": "true or false",
    "status": "open, paid, shipped, completed, cancelled or returned",
    "currency": "a currency code such as JPY",
    "exchange": "an exchange rate above zero such as 149.25",
}


SCALE = "_scale"
"""The column with the minor units in one unit of the row's own currency."""

LARGEST = 10**12
"""Minor units. What is larger is no amount of a shop, and products of two would not fit."""

_MOST = 10**6


@dataclass(frozen=True)
class Context:
    """What a row does not say about itself. ``by_row``: each row may name its own currency."""

    zone: str
    currency: str
    by_row: bool
    latest: datetime

    @property
    def scale(self) -> str:
        return SCALE if self.by_row else str(10 ** currencies.decimals(self.currency))


def typed(kind: Type, text: str, context: Context) -> str:
    """The expression of the value; null where the text is not of the type."""
    if kind == "money":
        return _whole(text, context.scale, LARGEST)
    if kind == "price":
        return _rounded(text, context.scale)
    if kind == "moment":
        return _bounded(_moment(text, context), context.latest)
    return _PLAIN[kind](text)


def may_be_wrong(kind: Type) -> bool:
    """Is a row refused when the text is not of the type? A bad e-mail is only left out."""
    return kind in EXPECTED and kind != "text"


def scale_of(code: str, default: str) -> str:
    """The minor units in one unit of the currency that ``code`` says, or of the default."""
    whens = " ".join(
        f"WHEN {code} IN ({', '.join(repr(c) for c in sorted(codes))}) THEN {10**decimals}"
        for decimals, codes in currencies.unlike_most().items()
    )
    ours = 10 ** currencies.decimals(default)
    return f"CASE WHEN coalesce({code}, '') = '' THEN {ours} {whens} ELSE 100 END"


def finer(text: str, context: Context) -> str:
    """The exact price in minor units where it is finer than one of them, else null."""
    exact = _exact(text, context.scale)
    pointed = f"(contains({text}, '.') OR contains({text}, '．'))"
    return f"CASE WHEN {pointed} AND {exact} <> trunc({exact}) THEN {exact} END"


_STATUSES = ("completed", "cancelled", "shipped", "paid", "open", "returned")


def narrow(text: str) -> str:
    """Full-width digits and signs as a half-width keyboard writes them."""
    return f"translate({text}, '{_WIDE}', '{_NARROW}')"


def _clean(text: str) -> str:
    """Digits, sign and point alone."""
    bare = f"regexp_replace({narrow(text)}, '[¥\\\\,円$€£\\s+]|JPY', '', 'g')"
    return f"regexp_replace({bare}, '^\\((.*)\\)$', '-\\1')"


def _exact(text: str, scale: str) -> str:
    return f"TRY_CAST({_clean(text)} AS DECIMAL(38, 8)) * {scale}"


def _whole(text: str, scale: str, largest: int) -> str:
    """The exact number times the scale, where that is whole."""
    exact = _exact(text, scale)
    return _number(text, scale, largest, f"CASE WHEN {exact} = trunc({exact}) THEN {exact} END")


def _rounded(text: str, scale: str) -> str:
    """The same, a finer number going to the nearest, a half to the even one."""
    return _number(text, scale, LARGEST, f"round_even({_exact(text, scale)}, 0)")


def _number(text: str, scale: str, largest: int, slow: str) -> str:
    # TRY_CAST to an integer rounds, so what has a point goes the slow way.
    digits = len(str(largest)) - 4
    plain = f"strlen({text}) <= {digits} AND NOT contains({text}, '.')"
    fast = f"CASE WHEN {plain} THEN TRY_CAST({text} AS BIGINT) * {scale} END"
    bounded = f"CASE WHEN abs({slow}) <= {largest} THEN CAST({slow} AS BIGINT) END"
    return f"coalesce({fast}, CASE WHEN {text} IS NOT NULL THEN {bounded} END)"


def _rate(text: str) -> str:
    exact = f"TRY_CAST(replace({_clean(text)}, '%', '') AS DECIMAL(9, 4))"
    points = f"CAST({exact} * (CASE WHEN {exact} < 1 THEN 10000 ELSE 100 END) AS BIGINT)"
    common = f"CASE {text} WHEN '8' THEN 800 WHEN '10' THEN 1000"
    return f"{common} ELSE CASE WHEN {exact} BETWEEN 0 AND 100 THEN {points} END END"


def _local(text: str) -> str:
    """The clock's reading, of no zone."""
    plain = f"trim({narrow(text)})"
    formats = ", ".join(f"'{form}'" for form in DATES)
    serial = f"TRY_CAST({plain} AS DOUBLE)"  # Excel: days since 1899-12-30
    days = f"CAST(round({serial} * 86400) AS BIGINT)"
    slow = (
        f"coalesce(try_strptime({plain}, [{formats}]), CASE WHEN {serial} BETWEEN 20000 AND 80000 "
        f"THEN TIMESTAMP '1899-12-30' + to_seconds({days}) END)"
    )
    return f"coalesce(TRY_CAST({text} AS TIMESTAMP), CASE WHEN {text} IS NOT NULL THEN {slow} END)"


def _moment(text: str, context: Context) -> str:
    stated = f"regexp_matches({text}, ':[0-9.]+ ?(Z|UTC|[+-][0-9]{{2}}:?([0-9]{{2}})?)$')"
    # Seconds that end the text, as in most files, leave no place for a zone.
    bare = f"length({text}) <= 16 OR (length({text}) = 19 AND substr({text}, 17, 1) = ':')"
    spelled = f"regexp_replace({text}, ' ?([+-][0-9]{{2}}):?([0-9]{{2}})$', '\\1:\\2')"
    return (
        f"CASE WHEN {bare} OR NOT {stated} THEN {_in_zone(_local(text), context)} "
        f"ELSE TRY_CAST({spelled} AS TIMESTAMPTZ) END"
    )


def _in_zone(local: str, context: Context) -> str:
    """The moment of a clock's reading; arithmetic where the zone never moves its clocks."""
    offset = _fixed_offset(context.zone, context.latest.year)
    if offset is None:
        return f"timezone('{context.zone}', {local})"
    return f"make_timestamptz(epoch_us({local}) - {offset // timedelta(microseconds=1)})"


@lru_cache
def _fixed_offset(zone: str, until: int) -> timedelta | None:
    """The zone's distance from UTC, if it was one and the same since 1970."""
    clock = ZoneInfo(zone)
    weeks = ((until - 1970) * 366 + 400) // 7  # no summer time is shorter than a week
    start = datetime(1969, 12, 31, tzinfo=UTC)
    found = {(start + timedelta(weeks=n)).astimezone(clock).utcoffset() for n in range(weeks)}
    return found.pop() if len(found) == 1 else None


def _bounded(moment: str, latest: datetime) -> str:
    end = latest.strftime("%Y-%m-%d %H:%M:%S+00")
    return (
        f"CASE WHEN {moment} BETWEEN TIMESTAMPTZ '1970-01-01 00:00:00+00' "
        f"AND TIMESTAMPTZ '{end}' THEN {moment} END"
    )


def _flag(text: str) -> str:
    low = f"lower(trim({text}))"
    return (
        f"CASE WHEN {low} IN ('true', '1', 'yes', 'はい', '税込', '内税', '税込み', 'subscribed', "
        f"'希望', '希望する', '受信する', '購読する') THEN true "
        f"WHEN {low} IN ('false', '0', 'no', 'いいえ', '税抜', '外税', '税別', 'unsubscribed', "
        f"'not subscribed', '希望しない', '受信しない', '購読しない') THEN false END"
    )


def _text(text: str) -> str:
    return f"nullif({_trimmed(text)}, '')"


def _trimmed(text: str) -> str:
    """To look at both ends is cheaper than to make every text anew."""
    return f"CASE WHEN prefix({text}, ' ') OR suffix({text}, ' ') THEN trim({text}) ELSE {text} END"


def _code(text: str) -> str:
    """A number that names something: 13085.0 is 13085, in digits of any width."""
    tidy = f"regexp_replace({narrow(text)}, '^([0-9]+)\\.0$', '\\1')"
    plain = f"strlen({text}) = length({text}) AND NOT suffix({text}, '.0')"
    return f"nullif(CASE WHEN {plain} THEN {_trimmed(text)} ELSE trim({tidy}) END, '')"


def _count(text: str) -> str:
    return _whole(text, "1", _MOST)


def _day(text: str) -> str:
    return f"CAST({_local(text)} AS DATE)"


def _status(text: str) -> str:
    # One by one: of IN and so many words the engine makes a join of all rows.
    whens = (f"WHEN {text} = '{one}' THEN '{one}'" for one in _STATUSES)
    return f"CASE {' '.join(whens)} END"


def currency(text: str) -> str:
    """The code that the text says."""
    code = f"upper(trim({text}))"
    return f"CASE WHEN regexp_full_match({code}, '[A-Z]{{3}}') THEN {code} END"


def _exchange(text: str) -> str:
    """What one unit is worth, to twelve decimals."""
    exact = f"TRY_CAST({_clean(text)} AS DECIMAL(20, 12))"
    return f"CASE WHEN {exact} > 0 AND {exact} < 10000000 THEN {exact} END"


_PLAIN: Mapping[Type, Callable[[str], str]] = {
    "text": _text,
    "code": _code,
    "count": _count,
    "rate": _rate,
    "day": _day,
    "flag": _flag,
    "status": _status,
    "currency": currency,
    "exchange": _exchange,
    "email": contacts.email,
    "phone": contacts.phone,
    "name": contacts.name,
    "kana": contacts.name,
}
