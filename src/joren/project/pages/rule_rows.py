"""The rows of the form in which a rule is made, from what was typed and back.

A row is one condition, or its opposite; the rows are joined by "all", by "any", or by how many of
them hold at least. A row may also be a group: those that follow it one level deeper are joined
before they count as one. The few rules that rows cannot say are edited as JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext

from joren.decide.segments import selectors
from joren.decide.segments.contracts import (
    All,
    AtLeast,
    Bought,
    Did,
    Is,
    Member,
    Not,
    Rule,
    RuleMeaningless,
    Window,
)
from joren.decide.segments.contracts import Any as Either
from joren.project.pages import event_rows, rule_picks

MEMBER: Final = "member"
GROUP: Final = "group"
DEEPEST: Final = 4
"""Groups may stand in groups so often; deeper ones are read as JSON alone."""
_MOST_ROWS: Final = 50
_MOST_DIGITS: Final = 15
ALONE: Final = ("yes", "no", "known", "unknown", "this_month", "anniversary_this_month")
_PAST: Final = ("values", "ranks")


@dataclass(frozen=True)
class Typed:
    """What a row says, as typed.

    ``key`` is ``is:FIELD``, ``bought:MEASURE``, ``did:MEASURE``, ``member``, or ``group``, of which
    ``op`` says how its rows are joined: all, any, or some, ``first`` of them at least. ``depth``:
    in how many groups it stands, the last of which begins above it. ``when``: "" ever,
    ``last`` so many ``days``, ``span`` of ``days`` to ``but_days`` ago, or ``dates`` from ``start``
    to ``end``. ``opposite``: yes, where it must not hold; ``ago``: as it was so many days ago.
    ``pick`` and ``pick_named`` are what was looked for in the lists of values and is none of them.
    """

    key: str
    op: str = ""
    first: str = ""
    second: str = ""
    chosen: tuple[str, ...] = ()
    days: str = ""
    where: str = ""
    named: str = ""
    event: str = ""
    by: str = ""
    but_not: str = ""
    when: str = ""
    but_days: str = ""
    start: str = ""
    end: str = ""
    ago: str = ""
    opposite: str = ""
    depth: int = 0
    pick: str = ""
    pick_named: str = ""


def read(sent: QueryDict) -> list[Typed]:
    """The rows that were sent, in their order."""
    return list(_sent(sent))


def _sent(sent: QueryDict) -> Iterator[Typed]:
    deepest = 0  # a row may stand as deep as the group above it lets it
    for place in range(_MOST_ROWS):
        key = sent.get(f"r{place}-key", "")
        if not key:
            continue

        def said(name: str, place: int = place) -> str:
            return sent.get(f"r{place}-{name}", "").strip()

        when = said("when") if f"r{place}-when" in sent else "last" if said("days") else ""
        depth = min(deepest, int(said("depth")[:1] or 0) if said("depth").isdecimal() else 0)
        deepest = min(depth + (key == GROUP), DEEPEST)
        named = [one.strip() for one in sent.getlist(f"r{place}-named")]
        yield _picked(Typed(
            key, said("op"), said("first"), said("second"),
            tuple(sent.getlist(f"r{place}-chosen")), said("days"), said("where"),
            ", ".join(one for one in named if one),
            event_rows.named(said("event")), said("by"), said("but_not"),
            when, said("but_days"), said("start"), said("end"), said("ago"), said("opposite"),
            depth, said("pick"), said("pick_named"),
        ))  # fmt: skip


def _picked(row: Typed) -> Typed:
    """With the values that were chosen of a list among those that were typed."""
    if own := rule_picks.chosen(rule_picks.list_of(row.key), row.pick):
        row = replace(row, first=rule_picks.joined(row.first, own), pick="")
    where = rule_picks.list_of_where(row.key, row.where)
    if other := rule_picks.chosen(where, row.pick_named):
        row = replace(row, named=rule_picks.joined(row.named, other), pick_named="")
    return row


def match_of(sent: QueryDict) -> str:
    """How the rows are joined: all, any, or how many hold at least, as a number."""
    match = sent.get("match", "all")
    return sent.get("count", "").strip() or "1" if match == "some" else match


def rule_of(rows: Sequence[Typed], match: str, *, unit: int) -> Rule:
    """The rule that the rows say; ``unit``: minor units of the money that people type."""
    return _grouped(rows, match, lambda row: condition(row, unit=unit))


def complete(rows: Sequence[Typed], *, unit: int) -> list[Typed]:
    """The rows without those in which something is missing, and without groups of nothing."""
    found: list[Typed] = []
    for row in reversed(rows):
        if row.key == GROUP:
            if found and found[0].depth > row.depth:
                found.insert(0, row)
            continue
        with suppress(RuleMeaningless):
            condition(row, unit=unit)
            found.insert(0, row)
    return found


def end_of(rows: Sequence[Typed], place: int) -> int:
    """Where that row ends: behind itself, or behind all that stands in its group."""
    after = range(place + 1, len(rows))
    return next((at for at in after if rows[at].depth <= rows[place].depth), len(rows))


def _grouped(rows: Sequence[Typed], match: str, made: Callable[[Typed], Rule]) -> Rule:
    parts, place = [], 0
    while place < len(rows):
        row, end = rows[place], end_of(rows, place)
        if row.key == GROUP:
            group = _grouped(rows[place + 1 : end], joint_of(row), made)
            if end == place + 1:
                raise RuleMeaningless(
                    gettext("a group has no condition"),
                    hint=gettext("Add one to it, or take it away."),
                )
            parts.append(Not(group) if row.opposite else group)
        else:
            parts.append(made(row))
        place = end
    return _joined(parts, match)


def joint_of(row: Typed) -> str:
    """How the rows of that group are joined, as ``match_of`` says it of all."""
    return (row.first or "1") if row.op == "some" else row.op or "all"


def _joined(parts: Sequence[Rule], match: str) -> Rule:
    if not parts or match == "all":
        return All(tuple(parts))
    return Either(tuple(parts)) if match == "any" else AtLeast(_whole(match), tuple(parts))


def condition(row: Typed, *, unit: int) -> Rule:
    """One row as a condition; refused where something is missing in it."""
    made = _made(row, unit)
    selectors.check(made)
    return made


def _made(row: Typed, unit: int) -> Rule:
    made = _meant(row, unit)
    return Not(made) if row.opposite else made


def _meant(row: Typed, unit: int) -> Rule:
    if row.key == MEMBER:
        return Member(_whole(row.first))
    kind, _, name = row.key.partition(":")
    field = field_of(row.key)
    op: Any = row.op or selectors.ops_of(field)[0]
    values = _values(field, op, row, unit)
    if kind == "is":
        return Is(name, op, values, _whole(row.ago) if row.ago else 0)
    window = _window(row)
    if kind == "did":
        measure: Any = name
        by = row.by if name == "distinct" else ""
        return Did(row.event, measure, op, values, _where(row, unit), window, by, row.but_not)
    return Bought(name, op, values, _where(row, unit), window)  # type: ignore[arg-type]  # a measure


def _window(row: Typed) -> Window:
    if row.when == "dates":
        if not (row.start or row.end):
            raise RuleMeaningless(gettext("a date is missing"), hint=gettext("Choose one."))
        return Window(start=row.start or None, end=row.end or None)
    if row.when == "span":
        return Window(last_days=_whole(row.days), but_days=_whole(row.but_days or "0"))
    return Window(last_days=_whole(row.days)) if row.when == "last" else Window()


def _where(row: Typed, unit: int) -> tuple[Is, ...]:
    if not row.where:
        return ()
    name, _, op = row.where.rpartition(":")
    field = where_field(row.key, row.where)
    values: tuple[Any, ...] = ()
    if op == "is":
        values = rule_picks.words(row.named)
    elif field is not None and op not in ALONE:
        values = (_value(field, row.named, unit),)
    return (Is(name, op, values),)  # type: ignore[arg-type]  # of _WHERE; else refused by name


def where_field(key: str, where: str) -> selectors.Field | None:
    """By what a row's purchases, lines or events are chosen; None where there is no such."""
    name = where.rpartition(":")[0]
    kind, _, measure = key.partition(":")
    if kind == "did":
        return selectors.EVENT_FIELDS.get(name)
    known: Any = measure
    return selectors.of_measure(known).get(name) if known in selectors.MEASURES else None


def _values(field: selectors.Field, op: str, row: Typed, unit: int) -> tuple[Any, ...]:
    if op in ("is", "is_not"):
        return row.chosen if field.type == "choice" else rule_picks.words(row.first)
    if op in ALONE:
        return ()
    typed = (row.first, row.second) if op == "between" else (row.first,)
    if op.endswith("_days"):
        return tuple(_whole(one) for one in typed)
    if op.endswith("_percent"):
        return tuple(float(_number(one)) for one in typed)
    return tuple(_value(field, one, unit) for one in typed)


def _value(field: selectors.Field, text: str, unit: int) -> Any:
    if field.type in ("day", "birthday"):
        return text
    number = _number(text)
    if field.type == "money":
        return int(number * unit)
    if field.type == "share":
        return float(number / 100)
    return int(number) if number == number.to_integral_value() else float(number)


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise RuleMeaningless(gettext("a number is missing"), hint=gettext("Type a number."))
    if number.adjusted() > _MOST_DIGITS:
        raise RuleMeaningless(gettext("the number is too large"), hint=gettext("Type a number."))
    return number


def _whole(text: str) -> int:
    return int(_number(text))


def keeps_past(key: str) -> bool:
    """Can be asked how it was earlier?"""
    return key.startswith("is:") and field_of(key).table in _PAST


def field_of(key: str) -> selectors.Field:
    """What the row asks of; refused where there is no such."""
    kind, _, name = key.partition(":")
    of_kind: Mapping[str, Mapping[str, selectors.Field]] = {
        "is": selectors.FIELDS,
        "bought": {str(m): f for m, f in selectors.MEASURES.items()},
        "did": {str(m): f for m, f in selectors.HAPPENINGS.items()},
    }
    known = of_kind.get(kind, {})
    if name not in known:
        raise RuleMeaningless(f"there is no condition {key!r}", hint="choose one of the list")
    return known[name]


def rows_of(rule: Rule, *, unit: int) -> tuple[list[Typed], str] | None:
    """The rows that say this rule and how they are joined; None where rows cannot say it."""
    match = "any" if isinstance(rule, Either) else "all"
    match = str(rule.count) if isinstance(rule, AtLeast) else match
    parts = rule.of if isinstance(rule, All | Either | AtLeast) else (rule,)
    whole = _rows(parts, 0, unit)
    if whole is None or len(whole) > _MOST_ROWS:
        return None
    said = _grouped(whole, match, lambda row: _made(row, unit))  # unchecked: kept is kept
    return (whole, match) if said in (rule, All((rule,))) else None


def _rows(parts: Sequence[Rule], depth: int, unit: int) -> list[Typed] | None:
    """The rows of all parts, at that depth; None where one of them has none."""
    rows: list[Typed] = []
    for part in parts:
        inner = part.of if isinstance(part, Not) else part
        if isinstance(inner, All | Either | AtLeast):
            within = _rows(inner.of, depth + 1, unit) if depth < DEEPEST else None
            if not within:
                return None
            op = {"all": "all", "any": "any"}.get(inner.kind, "some")
            rows.append(Typed(
                GROUP, op, str(inner.count) if isinstance(inner, AtLeast) else "",
                opposite="yes" if isinstance(part, Not) else "", depth=depth,
            ))  # fmt: skip
            rows += within
        elif (row := _typed(part, unit)) is None:
            return None
        else:
            rows.append(replace(row, depth=depth))
    return rows


def _typed(part: Rule, unit: int) -> Typed | None:
    if isinstance(part, Not):
        row = None if isinstance(part.of, Not) else _typed(part.of, unit)
        return row and replace(row, opposite="yes")
    if isinstance(part, Member):
        return Typed(MEMBER, first=str(part.segment))
    if isinstance(part, Is):
        row = Typed(f"is:{part.field}", part.op, ago=str(part.ago) if part.ago else "")
        return _filled(row, selectors.FIELDS[part.field], part, unit)
    if isinstance(part, Bought | Did) and len(part.where) < 2:
        row = Typed(f"{part.kind}:{part.measure}", part.op)
        if part.where:
            (one,) = part.where
            said, field = f"{one.field}:{one.op}", where_field(row.key, f"{one.field}:{one.op}")
            if field is None or one.op == "between":
                return None
            values = [_shown_value(field, one.op, value, unit) for value in one.values]
            row = replace(row, where=said, named=rule_picks.typed(values))
        row = _dated(row, part.window)
        if isinstance(part, Bought):
            return _filled(row, selectors.MEASURES[part.measure], part, unit)
        row = replace(row, event=part.event, by=part.by, but_not=part.but_not)
        return _filled(row, selectors.HAPPENINGS[part.measure], part, unit)
    return None


def _dated(row: Typed, window: Window) -> Typed:
    if window.last_days is not None:
        when, but = ("span", str(window.but_days)) if window.but_days else ("last", "")
        return replace(row, when=when, days=str(window.last_days), but_days=but)
    if window.start or window.end:
        return replace(row, when="dates", start=window.start or "", end=window.end or "")
    return row


def _filled(row: Typed, field: selectors.Field, part: Is | Bought | Did, unit: int) -> Typed:
    values = [_shown_value(field, part.op, value, unit) for value in part.values]
    if part.op in ("is", "is_not"):
        listed = field.type == "choice"
        row = replace(row, chosen=tuple(values) if listed else (), first="" if listed else
                    rule_picks.typed(values))  # fmt: skip
    else:
        row = replace(row, first=values[0] if values else "",
                    second=values[1] if len(values) > 1 else "")  # fmt: skip
    return row


def _shown_value(field: selectors.Field, op: str, value: Any, unit: int) -> str:
    if op.endswith(("_days", "_percent")) or field.type not in ("money", "share"):
        return str(value)
    number = Decimal(str(value)) / unit if field.type == "money" else Decimal(str(value)) * 100
    return f"{number.normalize():f}"
