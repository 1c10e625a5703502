"""From JSON to a rule, and what makes a rule meaningless."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any as Anything
from typing import Final

from pydantic import TypeAdapter, ValidationError

from joren.core.numbers import whole_number
from joren.decide.segments.contracts import (
    All,
    Any,
    AtLeast,
    Bought,
    Did,
    Is,
    Leaf,
    Member,
    Not,
    Rule,
    RuleMeaningless,
    Value,
    Window,
)
from joren.decide.segments.rules.events import EVENT_FIELDS, HAPPENINGS
from joren.decide.segments.rules.fields import (
    FIELDS,
    MEASURES,
    MOVED,
    Field,
    Type,
    of_measure,
    ops_of,
)
from joren.decide.segments.rules.meaning import refuse_contradictions, refuse_empty

MOST_CONDITIONS: Final = 200
DEEPEST: Final = 12
_LONGEST_AGO: Final = 36_500
_MOST_VALUES: Final = 1_000
_LONGEST_EVENT: Final = 200
_LARGEST_NUMBER: Final = 2**63 - 1  # of what a table numbers
_HOW_MANY: Final[Mapping[str, int]] = {
    "between": 2, "yes": 0, "no": 0, "known": 0, "unknown": 0, "this_month": 0,
    "anniversary_this_month": 0,
}  # fmt: skip


def read(document: Anything) -> Rule:
    """The rule that the JSON says; refused where it cannot mean anything."""
    try:
        rule: Rule = _reader().validate_python(document)
    except RecursionError:
        raise _too_deep() from None
    except ValidationError as wrong:
        first = wrong.errors()[0]
        known = {"all", "any", "at_least", "not", "is", "bought", "did", "member"}
        at = [part for part in first["loc"] if part not in known]
        raise RuleMeaningless(first["msg"], hint="see /api/segments/language", at=at) from None
    check(rule)
    return rule


def read_kept(document: Anything) -> Rule:
    """A rule that was refused or not when it was kept: it can be shown and mended as it is."""
    rule: Rule = _reader().validate_python(document)
    return rule


def written(rule: Rule) -> dict[str, Anything]:
    """The rule as JSON."""
    found: dict[str, Anything] = _reader().dump_python(rule, mode="json")
    return found


def schema() -> dict[str, Anything]:
    """The JSON schema of the language."""
    return _reader().json_schema()


@lru_cache(maxsize=1)
def _reader() -> TypeAdapter[Anything]:
    return TypeAdapter(Rule)


def leaves(rule: Rule) -> Iterator[Leaf]:
    """The conditions of a rule, in the order in which they are written."""
    if isinstance(rule, All | Any | AtLeast):
        for one in rule.of:
            yield from leaves(one)
    elif isinstance(rule, Not):
        yield from leaves(rule.of)
    else:
        yield rule


def named(rule: Rule) -> set[int]:
    """The segments that a rule names."""
    return {leaf.segment for leaf in leaves(rule) if isinstance(leaf, Member)}


def properties_of(rule: Rule) -> set[str]:
    """The properties of events that a rule asks for, which a shop has to allow first."""
    asked: set[str] = set()
    for leaf in leaves(rule):
        if isinstance(leaf, Did):
            asked |= {leaf.by, *(one.field for one in leaf.where)}
    return {name.partition(":")[2] for name in asked if ":" in name}


def check(rule: Rule) -> None:
    """Refuse what can never be meant, and name the place."""
    _check(rule, ())
    if sum(1 for _ in leaves(rule)) > MOST_CONDITIONS:
        raise RuleMeaningless(
            f"more than {MOST_CONDITIONS} conditions", hint="make a segment of some of them"
        )


At = tuple[str | int, ...]


def _check(rule: Rule, at: At) -> None:
    if len(at) > 2 * DEEPEST:
        raise _too_deep()
    if isinstance(rule, All | Any | AtLeast):
        if not rule.of and not isinstance(rule, All):
            raise RuleMeaningless("a group of no rules fits nobody", hint="add a rule", at=at)
        if isinstance(rule, AtLeast) and not 1 <= rule.count <= len(rule.of):
            raise RuleMeaningless(
                f"{rule.count} of {len(rule.of)} rules can never hold",
                hint=f"between 1 and {len(rule.of)}", at=at,
            )  # fmt: skip
        for place, one in enumerate(rule.of):
            _check(one, (*at, "of", place))
        if isinstance(rule, All):
            refuse_contradictions(rule, at)
    elif isinstance(rule, Not):
        _check(rule.of, (*at, "of"))
    elif isinstance(rule, Is):
        _check_is(rule, FIELDS, at)
        _check_ago(rule, at)
    elif isinstance(rule, Bought):
        _check_bought(rule, at)
    elif isinstance(rule, Did):
        _check_did(rule, at)


def _too_deep() -> RuleMeaningless:
    return RuleMeaningless(
        f"groups stand in one another more than {DEEPEST} deep",
        hint="make a segment of the innermost, and name it",
    )


def _check_bought(rule: Bought, at: At) -> None:
    _check_values(MEASURES[rule.measure], rule.op, rule.values, rule.measure, at)
    if rule.op in ("known", "unknown"):
        raise RuleMeaningless(
            f"what was bought cannot be {rule.op}", hint="ask for a number of orders", at=at
        )
    for place, one in enumerate(rule.where):
        _check_is(one, of_measure(rule.measure), (*at, "where", place))
        if one.ago:
            raise RuleMeaningless("a purchase is as it is", hint="leave `ago` out", at=at)
    _check_window(rule.window, (*at, "window"))


def _check_did(rule: Did, at: At) -> None:
    for event in (rule.event, rule.but_not or rule.event):
        if not event.strip() or len(event) > _LONGEST_EVENT or "@" in event:
            raise RuleMeaningless(
                f"{event!r} is no name of an event", hint="such as Product Added", at=at
            )
    if rule.but_not.strip().lower() == rule.event.strip().lower():
        raise RuleMeaningless(
            "nothing is left of an event that the same event takes away", at=at,
            hint="name another event in but_not, or order",
        )  # fmt: skip
    if rule.op in ("known", "unknown"):
        raise RuleMeaningless(f"what was done cannot be {rule.op}", hint="at_least 1", at=at)
    _check_values(HAPPENINGS[rule.measure], rule.op, rule.values, rule.measure, at)
    if (rule.measure == "distinct") is not bool(rule.by):
        raise RuleMeaningless(
            "distinct counts what `by` names, and nothing else does", at=at,
            hint=f"by one of {', '.join(EVENT_FIELDS)}",
        )  # fmt: skip
    for place, one in enumerate((*rule.where, *([Is(rule.by, "known")] if rule.by else []))):
        _check_is(one, EVENT_FIELDS, (*at, "where", place))
        if one.ago:
            raise RuleMeaningless(
                "an event is as it is", hint="leave `ago` out", at=(*at, "where", place)
            )
    _check_window(rule.window, (*at, "window"))


def _check_window(window: Window, at: At) -> None:
    if window.last_days is not None and (window.start or window.end):
        raise RuleMeaningless(
            "days are counted back, or stand between two dates, not both", at=at,
            hint="leave last_days out, or start and end",
        )  # fmt: skip
    if window.last_days is None and window.but_days:
        raise RuleMeaningless("but_days without last_days", hint="say how many days back", at=at)
    if window.last_days is not None and not (
        0 <= window.but_days < window.last_days <= _LONGEST_AGO
    ):
        raise RuleMeaningless(
            f"the last {window.last_days} days but {window.but_days} are no days",
            hint=f"last_days up to {_LONGEST_AGO}, and but_days below it", at=at,
        )  # fmt: skip
    days = [_day(text, at) for text in (window.start, window.end) if text is not None]
    if len(days) == 2 and days[0] > days[1]:
        raise RuleMeaningless(f"{days[0]} is after {days[1]}", hint="exchange them", at=at)


def _check_ago(rule: Is, at: At) -> None:
    if not 0 <= rule.ago <= _LONGEST_AGO:
        raise RuleMeaningless(f"{rule.ago} days ago", hint="zero or more days", at=at)
    if rule.ago and FIELDS[rule.field].table not in ("values", "ranks"):
        raise RuleMeaningless(
            f"how {rule.field} was earlier is not kept", at=at,
            hint="only values and ranks are known of earlier days",
        )  # fmt: skip


def _check_is(rule: Is, known: Mapping[str, Field], at: At) -> None:
    if rule.field not in known:
        raise RuleMeaningless(
            f"there is no field {rule.field!r}", hint=f"known: {', '.join(known)}", at=at
        )
    _check_values(known[rule.field], rule.op, rule.values, rule.field, at)


def _check_values(field: Field, op: str, values: Sequence[Value], name: str, at: At) -> None:
    if op not in ops_of(field):
        raise RuleMeaningless(
            f"{name} cannot be asked for {op!r}", hint=f"one of {', '.join(ops_of(field))}", at=at
        )
    if op in ("is", "is_not"):
        if not 1 <= len(values) <= _MOST_VALUES:
            raise RuleMeaningless(
                f"{name} {op} needs one to {_MOST_VALUES} values", hint="name them", at=at
            )
    elif len(values) != _HOW_MANY.get(op, 1):
        raise RuleMeaningless(
            f"{name} {op} has {len(values)} values", at=at,
            hint=f"it takes {_HOW_MANY.get(op, 1)}",
        )  # fmt: skip
    for one in values:
        _TESTS[_kind_of(field.type, op)](field, one, name, at)
    if op == "between" and values[0] > values[1]:  # type: ignore[operator]  # both passed one test
        raise RuleMeaningless(f"{values[0]} is more than {values[1]}", hint="exchange them", at=at)
    if op in MOVED and not 0 < float(values[0]) <= (100 if op == "fell_by_percent" else math.inf):
        raise RuleMeaningless(
            f"nothing moves by {values[0]}", hint="more than zero, and down by 100 % at most", at=at
        )
    refuse_empty(field, name, op, values, at)


def _kind_of(type_: Type, op: str) -> str:
    if op.endswith("_percent"):
        return "number"
    return "count_of_days" if op.endswith("_days") else type_


def _number(_field: Field, value: Value, name: str, at: At) -> None:
    if isinstance(value, bool | str) or abs(value) > 1e15 or not math.isfinite(value):
        raise RuleMeaningless(f"{name}: {value!r} is no number", hint="such as 3", at=at)


def _share(field: Field, value: Value, name: str, at: At) -> None:
    _number(field, value, name, at)
    if not 0 <= float(value) <= 1:
        raise RuleMeaningless(f"{name}: {value} is no share", hint="between 0 and 1", at=at)


def _count_of_days(_field: Field, value: Value, name: str, at: At) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LONGEST_AGO:
        raise RuleMeaningless(f"{name}: {value!r} is no number of days", hint="such as 90", at=at)


def _is_day(_field: Field, value: Value, _name: str, at: At) -> None:
    _day(value, at)


def _day(value: Value, at: At) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise RuleMeaningless(f"{value!r} is no day", hint="such as 2026-11-28", at=at) from None


def _birthday(_field: Field, value: Value, name: str, at: At) -> None:
    try:
        date.fromisoformat(f"2000-{value}")  # a leap year: 02-29 is somebody's birthday
    except ValueError:
        raise RuleMeaningless(
            f"{name}: {value!r} is no birthday", hint="month and day, such as 04-01", at=at
        ) from None


def _text(_field: Field, value: Value, name: str, at: At) -> None:
    if not isinstance(value, str) or not value.strip() or len(value) > 300:
        raise RuleMeaningless(f"{name}: {value!r} is no text", hint="a word to look for", at=at)


def _choice(field: Field, value: Value, name: str, at: At) -> None:
    if field.choices and str(value) not in field.choices:
        raise RuleMeaningless(
            f"{name} is never {value!r}", hint=f"one of {', '.join(field.choices)}", at=at
        )
    if not field.choices and not _numbers_one(str(value)):
        raise RuleMeaningless(
            f"{name}: {str(value)[:60]!r} is no number of one", hint="such as 1", at=at
        )


def _numbers_one(text: str) -> bool:
    number = whole_number(text, digits=19)
    return number is not None and number <= _LARGEST_NUMBER


_TESTS: Final[Mapping[str, Callable[[Field, Value, str, At], None]]] = {
    "number": _number,
    "money": _number,
    "share": _share,
    "day": _is_day,
    "birthday": _birthday,
    "choice": _choice,
    "text": _text,
    "count_of_days": _count_of_days,
}
