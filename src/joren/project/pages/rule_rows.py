"""The rows of the form in which a rule is made, from what was typed and back.

A row is one condition; the rows are joined by "all" or "any". A rule with groups in groups has no
rows and is edited as JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext, gettext_noop

from joren.collect.life_stages.selectors import stage_names
from joren.decide.segments import selectors
from joren.decide.segments.contracts import (
    All,
    Bought,
    Did,
    Is,
    Member,
    Rule,
    RuleMeaningless,
    Window,
)
from joren.decide.segments.contracts import Any as Either
from joren.project.pages import event_rows
from joren.project.pages.codes import partner

MEMBER: Final = "member"
_MOST_ROWS: Final = 50
_MOST_DIGITS: Final = 15
_OPS: Final[Mapping[str, str]] = {
    "is": gettext_noop("is one of"),
    "is_not": gettext_noop("is none of"),
    "at_least": gettext_noop("is at least"),
    "at_most": gettext_noop("is at most"),
    "between": gettext_noop("is between"),
    "yes": gettext_noop("holds"),
    "no": gettext_noop("does not hold"),
    "known": gettext_noop("is known"),
    "unknown": gettext_noop("is not known"),
    "on_or_after": gettext_noop("is on this day or later"),
    "on_or_before": gettext_noop("is on this day or earlier"),
    "in_last_days": gettext_noop("is within the last days"),
    "not_in_last_days": gettext_noop("is at least so many days ago"),
    "in_next_days": gettext_noop("is within the next days"),
    "this_month": gettext_noop("is this month"),
    "anniversary_in_next_days": gettext_noop("has its anniversary within the next days"),
    "anniversary_this_month": gettext_noop("has its anniversary this month"),
}
_ALONE: Final = ("yes", "no", "known", "unknown", "this_month", "anniversary_this_month")
_WHERE: Final = (
    "sku:is", "category:is", "source:is", "coupon:is", "coupon:known", "coupon:unknown",
    "subscription:yes", "subscription:no",
)  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """What a row says, as typed.

    ``key`` is ``is:FIELD``, ``bought:MEASURE``, ``did:MEASURE`` or ``member``.
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


@dataclass(frozen=True)
class Shown:
    """A row as the page draws it: ``kind`` says with which inputs; ``wrong`` what it lacks."""

    place: int
    typed: Typed
    label: str
    ops: Sequence[tuple[str, str]]
    kind: str
    options: Sequence[tuple[str, str]]
    bought: bool
    wheres: Sequence[tuple[str, str]]
    wrong: str = ""
    did: bool = False
    bys: Sequence[tuple[str, str]] = ()
    but_nots: Sequence[tuple[str, str]] = ()

    @property
    def event(self) -> str:
        """The event in the reader's words."""
        return partner(*selectors.event_words(self.typed.event)) if self.typed.event else ""


def read(sent: QueryDict) -> list[Typed]:
    """The rows that were sent, in their order."""
    return list(_sent(sent))


def _sent(sent: QueryDict) -> Iterator[Typed]:
    for place in range(_MOST_ROWS):
        key = sent.get(f"r{place}-key", "")
        if not key:
            continue

        def said(name: str, place: int = place) -> str:
            return sent.get(f"r{place}-{name}", "").strip()

        yield Typed(
            key, said("op"), said("first"), said("second"),
            tuple(sent.getlist(f"r{place}-chosen")), said("days"), said("where"), said("named"),
            event_rows.named(said("event")), said("by"), said("but_not"),
        )  # fmt: skip


def rule_of(rows: Sequence[Typed], match: str, *, unit: int) -> Rule:
    """The rule that the rows say; ``unit``: minor units of the money that people type."""
    return _joined([condition(row, unit=unit) for row in rows], match)


def _joined(parts: Sequence[Rule], match: str) -> Rule:
    return Either(tuple(parts)) if match == "any" and parts else All(tuple(parts))


def condition(row: Typed, *, unit: int) -> Rule:
    """One row as a condition; refused where something is missing in it."""
    made = _made(row, unit)
    selectors.check(made)
    return made


def _made(row: Typed, unit: int) -> Rule:
    if row.key == MEMBER:
        return Member(_whole(row.first))
    kind, _, name = row.key.partition(":")
    field = _field(row.key)
    op: Any = row.op or selectors.OPS[field.type][0]
    values = _values(field, op, row, unit)
    if kind == "is":
        return Is(name, op, values)
    window = Window(last_days=_whole(row.days)) if row.days else Window()
    if kind == "did":
        measure: Any = name
        by = row.by if name == "distinct" else ""
        return Did(row.event, measure, op, values, _where(row), window, by, row.but_not)
    return Bought(name, op, values, _where(row), window)  # type: ignore[arg-type]  # a measure


def _where(row: Typed) -> tuple[Is, ...]:
    if not row.where:
        return ()
    name, _, op = row.where.rpartition(":")
    named = _words(row.named) if op == "is" else ()
    return (Is(name, op, named),)  # type: ignore[arg-type]  # of _WHERE; else refused by name


def _values(field: selectors.Field, op: str, row: Typed, unit: int) -> tuple[Any, ...]:
    if op in ("is", "is_not"):
        return row.chosen if field.type == "choice" else _words(row.first)
    if op in _ALONE:
        return ()
    typed = (row.first, row.second) if op == "between" else (row.first,)
    if op.endswith("_days"):
        return tuple(_whole(one) for one in typed)
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


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("、", ",").split(",") if word.strip())


def _field(key: str) -> selectors.Field:
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
    parts = rule.of if isinstance(rule, All | Either) else (rule,)
    rows = [_typed(part, unit) for part in parts]
    whole = [row for row in rows if row is not None]
    if len(whole) < len(rows) or len(rows) > _MOST_ROWS:
        return None
    said = _joined([_made(row, unit) for row in whole], match)  # unchecked: kept is kept
    return (whole, match) if said in (rule, All((rule,))) else None


def _typed(part: Rule, unit: int) -> Typed | None:
    if isinstance(part, Member):
        return Typed(MEMBER, first=str(part.segment))
    if isinstance(part, Is) and not part.ago:
        return _filled(Typed(f"is:{part.field}", part.op), selectors.FIELDS[part.field], part, unit)
    if isinstance(part, Bought | Did) and len(part.where) < 2 and _simple(part.window):
        where = part.where[0] if part.where else None
        row = Typed(
            f"{part.kind}:{part.measure}", part.op,
            days="" if part.window.last_days is None else str(part.window.last_days),
            where=f"{where.field}:{where.op}" if where else "",
            named=", ".join(map(str, where.values)) if where else "",
        )  # fmt: skip
        if isinstance(part, Bought):
            return _filled(row, selectors.MEASURES[part.measure], part, unit)
        row = _with(row, event=part.event, by=part.by, but_not=part.but_not)
        return _filled(row, selectors.HAPPENINGS[part.measure], part, unit)
    return None


def _simple(window: Window) -> bool:
    return not (window.but_days or window.start or window.end)


def _filled(row: Typed, field: selectors.Field, part: Is | Bought | Did, unit: int) -> Typed:
    values = [_shown_value(field, part.op, value, unit) for value in part.values]
    if part.op in ("is", "is_not"):
        listed = field.type == "choice"
        row = _with(row, chosen=tuple(values) if listed else (), first="" if listed else
                    ", ".join(values))  # fmt: skip
    else:
        row = _with(row, first=values[0] if values else "",
                    second=values[1] if len(values) > 1 else "")  # fmt: skip
    return row


def _with(row: Typed, **more: Any) -> Typed:
    return Typed(**{**row.__dict__, **more})


def _shown_value(field: selectors.Field, op: str, value: Any, unit: int) -> str:
    if op.endswith("_days") or field.type not in ("money", "share"):
        return str(value)
    number = Decimal(str(value)) / unit if field.type == "money" else Decimal(str(value)) * 100
    return f"{number.normalize():f}"


def shown(
    rows: Sequence[Typed], *, unit: int, stores: Mapping[int, str], segments: Mapping[int, str]
) -> list[Shown]:
    """The rows as the page draws them, each with what is wrong in it."""
    return [_shown(place, row, unit, stores, segments) for place, row in enumerate(rows)]


def _shown(
    place: int, row: Typed, unit: int, stores: Mapping[int, str], segments: Mapping[int, str]
) -> Shown:
    wrong = ""
    try:
        condition(row, unit=unit)
    except RuleMeaningless as refused:
        wrong = refused.message
    if row.key == MEMBER:
        options = [(str(number), name) for number, name in segments.items()]
        label = gettext("Belongs to the segment")
        return Shown(place, row, label, (), "member", options, False, (), wrong)
    field = _field(row.key)
    op = row.op if row.op in selectors.OPS[field.type] else selectors.OPS[field.type][0]
    row = _with(row, op=op)
    bought, did = row.key.startswith("bought:"), row.key.startswith("did:")
    return Shown(
        place=place,
        typed=row,
        label=f"{gettext('Event')}: {word(field)}" if did else word(field),
        ops=[(one, gettext(_OPS[one])) for one in selectors.OPS[field.type]
             if not ((bought or did) and one in ("known", "unknown"))],
        kind=_kind(field, op),
        options=_options(field, stores),
        bought=bought or did,
        wheres=event_rows.wheres(row.where) if did else _wheres(row.key) if bought else (),
        wrong=wrong,
        did=did,
        bys=event_rows.kinds(row.by) if row.key == "did:distinct" else (),
        but_nots=event_rows.stoppers(row.but_not) if did else (),
    )  # fmt: skip


def _kind(field: selectors.Field, op: str) -> str:
    if op in _ALONE:
        return "nothing"
    if op in ("is", "is_not"):
        return "choices" if field.type == "choice" else "words"
    if op.endswith("_days"):
        return "days"
    day = "day" if field.type == "day" else field.type
    return f"two-{day}" if op == "between" else day


def _options(field: selectors.Field, stores: Mapping[int, str]) -> list[tuple[str, str]]:
    if field.type != "choice":
        return []
    if not field.choices and field.listed == "life_stages":
        return [(str(number), partner(*words)) for number, words in stage_names().items()]
    if not field.choices:
        return [(str(number), name) for number, name in stores.items()]
    return [(code, partner(*words)) for code, words in field.choices.items()]


def _wheres(key: str) -> list[tuple[str, str]]:
    measure: Any = key.partition(":")[2]
    known = selectors.of_measure(measure)
    found = []
    for one in _WHERE:
        name, _, op = one.partition(":")
        if name in known:
            found.append((one, f"{word(known[name])} {gettext(_OPS[op])}"))
    return found


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every condition that a row can be, in groups, by its words."""
    return [
        (gettext("The customer"), [(f"is:{n}", word(f)) for n, f in selectors.FIELDS.items()]),
        (gettext("What they bought"),
         [(f"bought:{n}", word(f)) for n, f in selectors.MEASURES.items()]),
        (gettext("What they did"),
         [(f"did:{n}", f"{gettext('Event')}: {word(f)}") for n, f in selectors.HAPPENINGS.items()]),
        (gettext("Other segments"), [(MEMBER, gettext("Belongs to the segment"))]),
    ]  # fmt: skip


def listed() -> dict[str, str]:
    """The same as one list in which a browser can search, each with its key."""
    return {f"{group}: {label}": key for group, options in choices() for key, label in options}


def key_of(wanted: str) -> str | None:
    """What was chosen of the list, by its key or by words of it; None where nothing has them."""
    known = listed()
    keys = set(known.values())
    if wanted in keys:
        return wanted
    if wanted in known:
        return known[wanted]
    alike = [key for label, key in known.items() if wanted.strip().lower() in label.lower()]
    return alike[0] if alike else None


def word(field: selectors.Field) -> str:
    """The field in the reader's language."""
    return partner(field.ja, field.en)
