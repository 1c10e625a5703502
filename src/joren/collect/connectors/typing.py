"""Text to types, as SQL. The common writing goes a fast way, every other one a slow way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from joren.core import money as currencies

Type = Literal[
    "text", "money", "count", "rate", "moment", "day", "flag", "status", "email", "phone",
    "name", "kana", "currency",
]  # fmt: skip

_WIDE = "０１２３４５６７８９．，－−‐△▲￥（）　"
_NARROW = "0123456789.,-----¥() "
_SINGLE = "ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"
_FULL = (
    "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテト"
    "ナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
)
_VOICED = dict(
    zip("ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎｳ", "ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ", strict=True)
)
_HALF_VOICED = dict(zip("ﾊﾋﾌﾍﾎ", "パピプペポ", strict=True))
_DATES = (
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H%M%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y-%m-%d %H:%M",
    "%Y年%m月%d日",
    "%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H時%M分", "%Y%m%d", "%Y%m%d%H%M%S", "%Y%m%d %H%M%S",
    "%Y.%m.%d", "%m/%d/%Y %H:%M", "%m/%d/%Y",
)  # fmt: skip

EXPECTED: Mapping[Type, str] = {
    "text": "a text",
    "money": "an amount such as 1980 or ¥1,980, with no more decimals than the currency has",
    "count": "a whole number",
    "rate": "a rate such as 8, 10% or 0.08",
    "moment": "a date between 1970 and tomorrow, such as 2026-11-22 12:00",
    "day": "a date such as 2026-11-22",
    "flag": "true or false",
    "status": "open, paid, shipped, completed, cancelled or returned",
    "currency": "a currency code such as JPY",
}


@dataclass(frozen=True)
class Context:
    """What a row does not say about itself. ``scales`` are decimals by currency of the file."""

    zone: str
    currency: str
    scales: Mapping[str, int]
    latest: datetime


def typed(kind: Type, text: str, context: Context) -> str:
    """The expression of the value; null where the text is not of the type."""
    if kind == "money":
        return _money(text, context)
    if kind == "moment":
        return _bounded(_moment(text, context.zone), context.latest)
    return _PLAIN[kind](text)


def may_be_wrong(kind: Type) -> bool:
    """Is a row refused when the text is not of the type? A bad e-mail is only left out."""
    return kind in EXPECTED and kind != "text"


_STATUSES = "('open', 'paid', 'shipped', 'completed', 'cancelled', 'returned')"


def narrow(text: str) -> str:
    """Full-width digits and signs as a half-width keyboard writes them."""
    return f"translate({text}, '{_WIDE}', '{_NARROW}')"


def _clean(text: str) -> str:
    """Digits, sign and point alone."""
    bare = f"regexp_replace({narrow(text)}, '[¥\\\\,円$€£\\s+]|JPY', '', 'g')"
    return f"regexp_replace({bare}, '^\\((.*)\\)$', '-\\1')"


def _whole(text: str, scale: str) -> str:
    """The exact number times the scale, where that is whole."""
    # TRY_CAST to an integer rounds, so what has a point goes the slow way.
    fast = f"CASE WHEN NOT contains({text}, '.') THEN TRY_CAST({text} AS BIGINT) * {scale} END"
    exact = f"TRY_CAST({_clean(text)} AS DECIMAL(28, 5)) * {scale}"
    slow = f"CASE WHEN {exact} = trunc({exact}) THEN CAST({exact} AS BIGINT) END"
    return f"coalesce({fast}, CASE WHEN {text} IS NOT NULL THEN {slow} END)"


def _money(text: str, context: Context) -> str:
    scales = {10**decimals for decimals in context.scales.values()}
    if len(scales) == 1:
        return _whole(text, str(scales.pop()))
    cases = " ".join(f"WHEN '{c}' THEN {10**d}" for c, d in context.scales.items())
    return _whole(text, f"(CASE coalesce(y_currency, '{context.currency}') {cases} ELSE 100 END)")


def _rate(text: str) -> str:
    exact = f"TRY_CAST(replace({_clean(text)}, '%', '') AS DECIMAL(9, 4))"
    points = f"CAST({exact} * (CASE WHEN {exact} < 1 THEN 10000 ELSE 100 END) AS BIGINT)"
    common = f"CASE {text} WHEN '8' THEN 800 WHEN '10' THEN 1000"
    return f"{common} ELSE CASE WHEN {exact} BETWEEN 0 AND 100 THEN {points} END END"


def _local(text: str) -> str:
    """The clock's reading, of no zone."""
    plain = f"trim({narrow(text)})"
    formats = ", ".join(f"'{form}'" for form in _DATES)
    serial = f"TRY_CAST({plain} AS DOUBLE)"  # Excel: days since 1899-12-30
    days = f"CAST(round({serial} * 86400) AS BIGINT)"
    slow = (
        f"coalesce(try_strptime({plain}, [{formats}]), CASE WHEN {serial} BETWEEN 20000 AND 80000 "
        f"THEN TIMESTAMP '1899-12-30' + to_seconds({days}) END)"
    )
    return f"coalesce(TRY_CAST({text} AS TIMESTAMP), CASE WHEN {text} IS NOT NULL THEN {slow} END)"


def _moment(text: str, zone: str) -> str:
    stated = f"regexp_matches({text}, ':[0-9.]+ ?(Z|UTC|[+-][0-9]{{2}}:?([0-9]{{2}})?)$')"
    spelled = f"regexp_replace({text}, ' ?([+-][0-9]{{2}}):?([0-9]{{2}})$', '\\1:\\2')"
    naive = f"timezone('{zone}', {_local(text)})"
    return (
        f"CASE WHEN length({text}) > 16 AND {stated} THEN TRY_CAST({spelled} AS TIMESTAMPTZ) "
        f"ELSE {naive} END"
    )


def _bounded(moment: str, latest: datetime) -> str:
    end = latest.strftime("%Y-%m-%d %H:%M:%S+00")
    return (
        f"CASE WHEN {moment} BETWEEN TIMESTAMPTZ '1970-01-01 00:00:00+00' "
        f"AND TIMESTAMPTZ '{end}' THEN {moment} END"
    )


def _flag(text: str) -> str:
    low = f"lower(trim({text}))"
    return (
        f"CASE WHEN {low} IN ('true', '1', 'yes', 'はい', '税込', '内税', '税込み') THEN true "
        f"WHEN {low} IN ('false', '0', 'no', 'いいえ', '税抜', '外税', '税別') THEN false END"
    )


def _email(text: str) -> str:
    low = f"lower(trim({text}))"
    masked = f"contains({low}, 'fw.rakuten.ne.jp') OR contains({low}, '@marketplace.amazon.')"
    good = f"{low} LIKE '_%@_%._%' AND NOT contains({low}, ' ')"
    return f"CASE WHEN {good} AND NOT ({masked}) THEN {low} END"


def _phone(text: str) -> str:
    """E.164; without a country it is a Japanese number."""
    digits = f"translate({text}, '０１２３４５６７８９＋-－−‐ー() （）　.''', '0123456789+')"
    return (
        f"CASE WHEN TRY_CAST(ltrim({digits}, '+') AS BIGINT) IS NULL THEN NULL "
        f"WHEN starts_with({digits}, '+') AND length({digits}) BETWEEN 9 AND 16 THEN {digits} "
        f"WHEN starts_with({digits}, '0') AND length({digits}) IN (10, 11) "
        f"THEN '+81' || substr({digits}, 2) "
        f"WHEN starts_with({digits}, '81') AND length({digits}) IN (11, 12) THEN '+' || {digits} "
        "END"
    )


def _name(text: str) -> str:
    """One blank between the parts, full-width kana, nobody's honorific."""
    wide = f"translate({text}, '　', ' ')"
    tidy = f"regexp_replace(regexp_replace(trim({wide}), ' +', ' ', 'g'), ' *(様|さま|殿)$', '')"
    kana = tidy
    for mark, pairs in (("ﾞ", _VOICED), ("ﾟ", _HALF_VOICED)):
        for half, full in pairs.items():
            kana = f"replace({kana}, '{half}{mark}', '{full}')"
    kana = f"translate({kana}, '{_SINGLE}', '{_FULL}')"
    odd = f"regexp_matches({text}, '[ｦ-ﾟ　様殿]|さま|  |^ | $')"
    return f"nullif(CASE WHEN {odd} THEN {kana} ELSE {text} END, '')"


def _text(text: str) -> str:
    return f"nullif(trim({text}), '')"


def _count(text: str) -> str:
    return _whole(text, "1")


def _day(text: str) -> str:
    return f"CAST({_local(text)} AS DATE)"


def _status(text: str) -> str:
    return f"CASE WHEN {text} IN {_STATUSES} THEN {text} END"


def _currency(text: str) -> str:
    code = f"upper(trim({text}))"
    return f"CASE WHEN regexp_full_match({code}, '[A-Z]{{3}}') THEN {code} END"


_PLAIN: Mapping[Type, Callable[[str], str]] = {
    "text": _text,
    "count": _count,
    "rate": _rate,
    "day": _day,
    "flag": _flag,
    "status": _status,
    "currency": _currency,
    "email": _email,
    "phone": _phone,
    "name": _name,
    "kana": _name,
}


def scales_of(codes: set[str]) -> dict[str, int]:
    """Decimals by currency."""
    return {code: currencies.decimals(code) for code in sorted(codes)}
