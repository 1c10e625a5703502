"""What can be asked and still means nothing: that holds of everybody, or of nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any as Anything
from typing import Final

from joren.decide.segments.contracts import (
    All,
    Bought,
    Did,
    Is,
    Member,
    Rule,
    RuleMeaningless,
    Value,
)
from joren.decide.segments.rules.comparing import bounds
from joren.decide.segments.rules.events import HAPPENINGS
from joren.decide.segments.rules.fields import FIELDS, MEASURES, Field

_RANGES: Final = ("at_least", "at_most", "between", "on_or_after", "on_or_before")
_COUNTED: Final = {"orders", "days", "lines", "products", "categories"}
"""Of purchases; pieces and money may be below zero, where something came back."""

At = Sequence[str | int]
Span = tuple[str, Anything, Anything]


def refuse_empty(field: Field, name: str, op: str, values: Sequence[Value], at: At) -> None:
    """Refuse a condition that holds of everybody, or of nobody."""
    if op == "in_last_days" and values[0] == 0:
        raise RuleMeaningless(f"{name}: the last 0 days are no days", hint="1 is today", at=at)
    if op not in _RANGES or not _is_count(field, name):
        return
    low, high = bounds(op, tuple(values))
    if high is not None and float(high) < 0:
        raise RuleMeaningless(f"{name} is never below zero", hint="such as at_most 0", at=at)
    if high is None and low is not None and float(low) <= 0:
        raise RuleMeaningless(
            f"everybody has zero {name} or more", hint="at_least 1, or at_most 0", at=at
        )


def _is_count(field: Field, name: str) -> bool:
    if field.type != "number":
        return False
    own = field is MEASURES.get(name) and name in _COUNTED  # type: ignore[call-overload]  # a name that is none gets None
    happens = field is HAPPENINGS.get(name)  # type: ignore[call-overload]  # a name that is none gets None
    return own or happens or field.zero_of_none or field is FIELDS["orders"]


def refuse_contradictions(rule: All, at: At) -> None:
    """Refuse conditions on one thing that never hold together."""
    spans: dict[tuple[Rule, str], list[tuple[Anything, Anything]]] = {}
    for leaf in _joined(rule):
        if isinstance(leaf, Is | Bought | Did) and (span := _span(leaf)):
            what, low, high = span
            asked: Rule = replace(leaf, op="known", values=())
            spans.setdefault((asked, what), []).append((low, high))
    for (asked, _what), found in spans.items():
        lows = [low for low, _ in found if low is not None]
        highs = [high for _, high in found if high is not None]
        if lows and highs and max(lows) > min(highs):
            name = asked.field if isinstance(asked, Is) else getattr(asked, "measure", "")
            raise RuleMeaningless(
                f"what is asked of {name} never holds together", at=at,
                hint="join the conditions by any, or change one",
            )  # fmt: skip


def _joined(rule: All) -> Iterator[Rule]:
    for one in rule.of:
        if isinstance(one, All):
            yield from _joined(one)
        elif not isinstance(one, Member):
            yield one


def _span(leaf: Is | Bought | Did) -> Span | None:
    """From where to where, of what kind: values, or days before the as-of day."""
    if leaf.op == "in_last_days":
        return "ago", 1 - int(leaf.values[0]), None
    if leaf.op == "not_in_last_days":
        return "ago", None, -int(leaf.values[0])
    if leaf.op not in _RANGES:
        return None
    if leaf.op.startswith("on_") or isinstance(leaf.values[0], str):
        low, high = (_day(one) for one in bounds(leaf.op, leaf.values))
        return "days", low, high
    return "values", *bounds(leaf.op, leaf.values)


def _day(value: Value | None) -> date | None:
    return None if value is None else date.fromisoformat(str(value))
