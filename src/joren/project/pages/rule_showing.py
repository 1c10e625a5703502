"""The rows of the form in which a rule is made, as the page draws them, and what may be added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext, gettext_noop

from joren.act.journeys.selectors import attribute_names
from joren.collect.life_stages.selectors import stage_names
from joren.decide.segments import selectors
from joren.decide.segments.contracts import RuleMeaningless
from joren.project.pages import event_rows, rule_picks
from joren.project.pages.codes import partner
from joren.project.pages.rule_rows import (
    ALONE,
    DEEPEST,
    GROUP,
    MEMBER,
    Typed,
    condition,
    end_of,
    field_of,
    keeps_past,
    where_field,
)

_OPS: Final[Mapping[str, str]] = {
    "is": gettext_noop("is one of"),
    "is_not": gettext_noop("is none of"),
    "at_least": gettext_noop("is at least"),
    "at_most": gettext_noop("is at most"),
    "between": gettext_noop("is between"),
    "rose_by": gettext_noop("rose by at least"),
    "fell_by": gettext_noop("fell by at least"),
    "rose_by_percent": gettext_noop("rose by per cent, at least"),
    "fell_by_percent": gettext_noop("fell by per cent, at least"),
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
_WHERE: Final = (
    "sku:is", "category:is", "store:is", "channel:is", "source:is", "medium:is", "campaign:is",
    "coupon:is", "coupon:known", "coupon:unknown", "with_coupon:yes", "with_coupon:no",
    "with_points:yes", "with_points:no", "discounted:yes", "discounted:no", "status:is",
    "nth:at_least", "nth:at_most", "revenue:at_least", "revenue:at_most", "unit_price:at_least",
    "unit_price:at_most", "subscription:yes", "subscription:no", "subscription_number:at_least",
    "subscription_number:at_most",
)  # fmt: skip


_WHENS: Final = (
    ("", gettext_noop("ever")),
    ("last", gettext_noop("in the last days")),
    ("span", gettext_noop("from so many to so many days ago")),
    ("dates", gettext_noop("between two dates")),
)


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
    whens: Sequence[tuple[str, str]] = ()
    where_kind: str = ""
    where_options: Sequence[tuple[str, str]] = ()
    where_chosen: Sequence[str] = ()
    picks: bool = False  # its values can be chosen of a list
    picks_where: bool = False
    past: bool = False
    moved: bool = False
    inside: Sequence[Shown] = ()
    deepest: bool = False  # no group may stand in this
    targets: Sequence[tuple[str, str]] = ()  # groups into which it may be moved

    @property
    def some(self) -> bool:
        """Does it ask for how many of its rows hold?"""
        return self.typed.op == "some"

    @property
    def event(self) -> str:
        """The event in the reader's words."""
        return partner(*selectors.event_words(self.typed.event)) if self.typed.event else ""


def shown(
    rows: Sequence[Typed], *, unit: int, stores: Mapping[int, str], segments: Mapping[int, str]
) -> list[Shown]:
    """The rows as the page draws them, each with what is wrong in it."""
    listed = [_shown(place, row, unit, stores, segments) for place, row in enumerate(rows)]
    groups = [row for row in listed if row.kind == GROUP]
    if len(groups) < 2:
        return listed
    numbers = {row.place: n for n, row in enumerate(groups, 1)}
    return [
        replace(row, label=f"{row.label} {numbers[row.place]}") if row.place in numbers else row
        for row in listed
    ]


def nested(rows: Sequence[Shown]) -> list[Shown]:
    """The same with what stands in a group inside it."""
    found, place = [], 0
    typed = [row.typed for row in rows]
    while place < len(rows):
        end = end_of(typed, place)
        found.append(replace(rows[place], inside=nested(rows[place + 1 : end])))
        place = end
    return found


def _shown(
    place: int, row: Typed, unit: int, stores: Mapping[int, str], segments: Mapping[int, str]
) -> Shown:
    if row.key == GROUP:
        label, deepest = gettext("Group"), row.depth + 1 >= DEEPEST
        return Shown(place, row, label, (), GROUP, (), False, (), deepest=deepest)
    wrong = ""
    try:
        condition(row, unit=unit)
    except RuleMeaningless as refused:
        wrong = refused.message
    if row.key == MEMBER:
        options = [(str(number), name) for number, name in segments.items()]
        label = gettext("Belongs to the segment")
        return Shown(place, row, label, (), "member", options, False, (), wrong)
    field = field_of(row.key)
    ops = selectors.ops_of(field)
    op = row.op if row.op in ops else ops[0]
    row = replace(row, op=op)
    bought, did = row.key.startswith("bought:"), row.key.startswith("did:")
    chosen_by = where_field(row.key, row.where) if row.where else None
    listed = _options(chosen_by, stores) if chosen_by else []
    return Shown(
        place=place,
        typed=row,
        label=f"{gettext('Event')}: {word(field)}" if did else word(field),
        ops=[(one, gettext(_OPS[one])) for one in ops
             if not ((bought or did) and one in ("known", "unknown"))],
        kind=_kind(field, op),
        options=_options(field, stores),
        bought=bought or did,
        wheres=event_rows.wheres(row.where) if did else _wheres(row.key) if bought else (),
        wrong=wrong,
        did=did,
        bys=event_rows.kinds(row.by) if row.key == "did:distinct" else (),
        but_nots=event_rows.stoppers(row.but_not) if did else (),
        whens=[(code, gettext(words)) for code, words in _WHENS] if bought or did else (),
        past=keeps_past(row.key),
        moved=op in selectors.MOVED,
        where_kind=_kind(chosen_by, row.where.rpartition(":")[2]) if chosen_by else "",
        where_options=listed,
        where_chosen=[one.strip() for one in row.named.split(",")],
        picks=op in ("is", "is_not") and rule_picks.list_of(row.key) is not None,
        picks_where=rule_picks.list_of_where(row.key, row.where) is not None,
    )  # fmt: skip


def _kind(field: selectors.Field, op: str) -> str:
    if op in ALONE:
        return "nothing"
    if op in ("is", "is_not"):
        return "choices" if field.type == "choice" else "words"
    if op.endswith("_days"):
        return "days"
    if op.endswith("_percent"):
        return "number"
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
        (gettext("Words that journeys keep"),
         [(f"is:{selectors.ATTRIBUTE}{one}", one) for one in attribute_names()]),
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
