"""A rule as a sentence, in Japanese and in English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from joren.core.money import Money
from joren.decide.segments.contracts import (
    AN_ORDER,
    All,
    Any,
    AtLeast,
    Bought,
    Did,
    Is,
    Member,
    Rule,
    Value,
    Window,
)
from joren.decide.segments.rules.events import EVENT_FIELDS, HAPPENINGS, event_words
from joren.decide.segments.rules.fields import FIELDS, MEASURES, MOVED, Field, of_measure

Language = Literal["ja", "en"]


@dataclass(frozen=True)
class Words:
    """What a sentence has to know from outside: the language, the money, and names by number."""

    language: Language
    currency: str = "JPY"
    segments: Mapping[int, str] = field(default_factory=dict)
    stores: Mapping[int, str] = field(default_factory=dict)
    life_stages: Mapping[int, str] = field(default_factory=dict)

    def pick(self, ja: str, en: str) -> str:
        return ja if self.language == "ja" else en


_OPS: Final[Mapping[str, tuple[str, str]]] = {
    "at_least": ("{field}が{0}以上", "{field} is at least {0}"),
    "at_most": ("{field}が{0}以下", "{field} is at most {0}"),
    "exactly": ("{field}がちょうど{0}", "{field} is exactly {0}"),
    "between": ("{field}が{0}から{1}まで", "{field} is from {0} to {1}"),
    "on_or_after": ("{field}が{0}以降", "{field} is on {0} or later"),
    "on_or_before": ("{field}が{0}以前", "{field} is on {0} or earlier"),
    "in_last_days": ("{field}が直近{0}日以内", "{field} is within the last {0} days"),
    "not_in_last_days": ("{field}が{0}日以上前", "{field} is {0} days ago or longer"),
    "in_next_days": ("{field}が今後{0}日以内", "{field} is within the next {0} days"),
    "this_month": ("{field}が今月", "{field} is this month"),
    "anniversary_in_next_days": (
        "{field}の記念日(毎年)が今後{0}日以内",
        "the anniversary of {field} is within the next {0} days",
    ),
    "anniversary_this_month": (
        "{field}の記念日(毎年)が今月",
        "the anniversary of {field} is this month",
    ),
    "is": ("{field}が{0}", "{field} is {0}"),
    "is_not": ("{field}が{0}以外", "{field} is not {0}"),
    "known": ("{field}が分かっている", "{field} is known"),
    "unknown": ("{field}が不明", "{field} is not known"),
    "rose_by": ("{field}が{0}以上上がった", "{field} rose by {0} or more"),
    "fell_by": ("{field}が{0}以上下がった", "{field} fell by {0} or more"),
    "rose_by_percent": ("{field}が{0}%以上上がった", "{field} rose by {0} % or more"),
    "fell_by_percent": ("{field}が{0}%以上下がった", "{field} fell by {0} % or more"),
    "yes": ("{field}", "{field}"),
    "no": ("「{field}」に当てはまらない", "not: {field}"),
}


_BEFORE: Final = ("前回の集計", "the figures before")


def sentence(rule: Rule, words: Words) -> str:
    """The whole rule; of no rules it is everybody."""
    if isinstance(rule, All | Any):
        if not rule.of:
            return words.pick("すべての顧客", "all customers")
        ja, en = ("、かつ", " and ") if isinstance(rule, All) else ("、または", " or ")
        return words.pick(ja, en).join(_part(one, words) for one in rule.of)
    if isinstance(rule, AtLeast):
        listed = words.pick("、", "; ").join(_part(one, words) for one in rule.of)
        return words.pick(
            f"次のうち{rule.count}つ以上({listed})", f"at least {rule.count} of ({listed})"
        )
    if isinstance(rule, Is):
        return _is(rule, FIELDS[rule.field], words)
    if isinstance(rule, Bought):
        return _bought(rule, words)
    if isinstance(rule, Did):
        return _did(rule, words)
    if isinstance(rule, Member):
        name = words.segments.get(rule.segment, str(rule.segment))
        return words.pick(f"セグメント「{name}」に含まれる", f"is in the segment “{name}”")
    inner = sentence(rule.of, words)
    return words.pick(f"「{inner}」ではない", f"not ({inner})")


def _part(rule: Rule, words: Words) -> str:
    """A group inside a group stands in brackets."""
    told = sentence(rule, words)
    if isinstance(rule, All | Any) and len(rule.of) > 1:
        return f"({told})"
    return told


def _is(rule: Is, known: Field, words: Words) -> str:
    told = _said(known, rule.op, rule.values, words)
    if rule.op in MOVED:
        since = (f"{rule.ago}日前", f"{rule.ago} days ago") if rule.ago else _BEFORE
        return words.pick(f"{since[0]}から{told}", f"{told} since {since[1]}")
    if not rule.ago:
        return told
    return words.pick(f"{rule.ago}日前に{told}", f"{told} as of {rule.ago} days ago")


def _bought(rule: Bought, words: Words) -> str:
    told = _said(MEASURES[rule.measure], rule.op, rule.values, words)
    return _counted(rule, told, of_measure(rule.measure), words)


def _did(rule: Did, words: Words) -> str:
    """「カートに入れた」の回数が1回以上; what was done by then does not count, where it says so."""
    ja, en = event_words(rule.event)
    measure = HAPPENINGS[rule.measure]
    by_ja, by_en = "", ""
    if rule.by:
        by_ja, by_en = f"{EVENT_FIELDS[rule.by].ja}の", f" {EVENT_FIELDS[rule.by].en}"
    measure = replace(measure, ja=f"「{ja}」の{by_ja}{measure.ja}",
                      en=f"“{en}”: {measure.en}{by_en}")  # fmt: skip
    told = _counted(rule, _said(measure, rule.op, rule.values, words), EVENT_FIELDS, words)
    if not rule.but_not:
        return told
    if rule.but_not == AN_ORDER:
        return words.pick(f"{told}(その後に購入していない)", f"{told} (and no order since)")
    ja, en = event_words(rule.but_not)
    return words.pick(f"{told}(その後に「{ja}」がない)", f"{told} (and no “{en}” since)")


def _counted(rule: Bought | Did, told: str, known: Mapping[str, Field], words: Words) -> str:
    """With the days, and with which of it counts."""
    when = _window(rule.window, words)
    which = words.pick("、かつ", " and ").join(
        _is(one, known[one.field], words) for one in rule.where
    )
    if words.language == "ja":
        return f"{when}{'の' if when else ''}{told}" + (f"(対象: {which})" if which else "")
    return told + (f" {when}" if when else "") + (f" (where {which})" if which else "")


def _window(window: Window, words: Words) -> str:
    if window.last_days is not None:
        if window.but_days:
            return words.pick(
                f"{window.last_days}日前から{window.but_days}日前まで",
                f"from {window.last_days} to {window.but_days} days ago",
            )
        return words.pick(f"直近{window.last_days}日", f"in the last {window.last_days} days")
    start, end = window.start, window.end
    if start and end:
        return words.pick(f"{start}から{end}まで", f"from {start} to {end}")
    if start:
        return words.pick(f"{start}以降", f"since {start}")
    return words.pick(f"{end}まで", f"until {end}") if end else ""


def _said(known: Field, op: str, values: Sequence[Value], words: Words) -> str:
    name = words.pick(known.ja, known.en)
    if op == "between" and values[0] == values[1]:
        op, values = "exactly", values[:1]
    elif op == "at_most" and values == (0,):
        op = "exactly"
    form = words.pick(*_OPS[op])
    if op in ("is", "is_not"):
        named = [_value(known, one, words) for one in values]
        joined = words.pick("または", " or ").join(
            words.pick(f"「{one}」", f"“{one}”") for one in named
        )
        return form.format(joined, field=name)
    days = op.endswith("_days")
    if op.endswith("_percent"):
        shown = [f"{float(one):g}" for one in values]
    elif op in MOVED and known.type == "share":
        shown = [words.pick(*_points(float(one))) for one in values]
    else:
        shown = [str(one) if days else _value(known, one, words) for one in values]
    return form.format(*shown, field=name)


def _points(share: float) -> tuple[str, str]:
    """A share that moves does so by points; per cent of it would be something else."""
    points = f"{100 * share:g}"
    return f"{points}ポイント", f"{points} points"


def _value(known: Field, value: Value, words: Words) -> str:
    if known.type == "money":
        return str(Money(round(float(value)), words.currency))
    if known.type == "share":
        return f"{float(value):.0%}"
    if known.type == "choice":
        if not known.choices:
            names = words.stores if known.listed == "stores" else words.life_stages
            return names.get(int(value), str(value))
        ja, en = known.choices[str(value)]
        return words.pick(ja, en)
    if known.type == "number":
        unit = words.pick(*known.unit)
        return f"{value:,}{unit.removesuffix('s') if value == 1 else unit}"
    return str(value)
