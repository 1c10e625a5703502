"""What the buttons of the form do to the rows of a rule, and where the reader goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext

from joren.project.pages import rule_showing
from joren.project.pages.rule_rows import DEEPEST, GROUP, Typed, end_of, read
from joren.project.pages.typed import whole

BUTTONS: Final = frozenset({"add", "group", "wrap", "unwrap", "remove", "move"})
WHOLE: Final = "rule"
"""Where a row is moved that shall stand in no group."""
_ALL: Final = -1
"""The place of what holds all rows: the rule."""


@dataclass(frozen=True)
class Changed:
    """The rows now; ``row`` is the one to go on with, or ``field`` the one in which to add."""

    rows: tuple[Typed, ...]
    row: int | None = None
    field: int | None = None
    unmatched: str = ""


def changed(sent: QueryDict) -> Changed:
    """The rows that were sent, after what was asked for."""
    rows = read(sent)
    if moved := _to_move(rows, sent):
        return _moved(rows, *moved)
    if "group" in sent:
        return _with_a_group(rows, _group(rows, sent.get("group", "")))
    if "add" in sent:
        return _with_conditions(rows, sent)
    place = next((whole(sent.get(one, "")) for one in BUTTONS if one in sent), None)
    if place is None or place >= len(rows) or "move" in sent:
        return Changed(tuple(rows))
    if "wrap" in sent:
        return _wrapped(rows, place)
    if "unwrap" in sent and rows[place].key == GROUP:
        end = end_of(rows, place)
        out = [replace(row, depth=row.depth - 1) for row in rows[place + 1 : end]]
        return Changed((*rows[:place], *out, *rows[end:]), field=_holder(rows, place))
    return Changed((*rows[:place], *rows[end_of(rows, place) :]), field=_holder(rows, place))


def movable(shown: Sequence[rule_showing.Shown]) -> list[rule_showing.Shown]:
    """The rows with the groups into which each may be moved, by their words."""
    rows = [row.typed for row in shown]
    return [
        replace(row, targets=tuple(
            (WHOLE, gettext("out of all groups")) if at is None else (str(at), shown[at].label)
            for at in targets(rows, row.place)
        ))
        for row in shown
    ]  # fmt: skip


def targets(rows: Sequence[Typed], place: int) -> list[int | None]:
    """The groups into which that row may be moved, by their places; None is out of all groups."""
    end, holder = end_of(rows, place), _holder(rows, place)
    tall = max(row.depth + (row.key == GROUP) for row in rows[place:end]) - rows[place].depth
    found: list[int | None] = [None] if holder != _ALL else []
    for at, row in enumerate(rows):
        inside = place <= at < end
        if row.key == GROUP and not inside and at != holder and row.depth + 1 + tall <= DEEPEST:
            found.append(at)
    return found


def _to_move(rows: Sequence[Typed], sent: QueryDict) -> tuple[int, int | None] | None:
    """The row that somebody gave another place, and the group; None: nobody did."""
    for place in range(len(rows)):
        said = sent.get(f"into-{place}", "")
        into = None if said == WHOLE else whole(said)
        if said and (said == WHOLE or into is not None) and into in targets(rows, place):
            return place, into
    return None


def _moved(rows: Sequence[Typed], place: int, into: int | None) -> Changed:
    """With what stands in it, to the end of the group."""
    end = end_of(rows, place)
    deeper = (0 if into is None else rows[into].depth + 1) - rows[place].depth
    block = [replace(row, depth=row.depth + deeper) for row in rows[place:end]]
    at = len(rows) if into is None else end_of(rows, into)
    rest = [*rows[:place], *rows[end:]]
    at -= len(block) if at >= end else 0
    now = (*rest[:at], *block, *rest[at:])
    group = block[0].key == GROUP
    return Changed(now, row=None if group else at, field=at if group else None)


def _with_conditions(rows: list[Typed], sent: QueryDict) -> Changed:
    """The last of what was typed first, so that the places of the others stay."""
    fields = [_ALL, *(place for place, row in enumerate(rows) if row.key == GROUP)]
    new, unmatched = None, ""
    for place in reversed(fields):
        if not (wanted := sent.get("more" if place == _ALL else f"more-{place}", "").strip()):
            continue
        if (key := rule_showing.key_of(wanted)) is None:
            unmatched = wanted
            continue
        at = _end(rows, place)
        rows.insert(at, Typed(key, depth=_within(rows, place)))
        new = at if new is None or place != _ALL else new
    return Changed(tuple(rows), row=new, unmatched=unmatched)


def _with_a_group(rows: list[Typed], place: int) -> Changed:
    if (depth := _within(rows, place)) >= DEEPEST:
        return Changed(tuple(rows))
    at = _end(rows, place)
    rows.insert(at, Typed(GROUP, "any", depth=depth))
    return Changed(tuple(rows), field=at)


def _wrapped(rows: Sequence[Typed], place: int) -> Changed:
    end = end_of(rows, place)
    inside = [replace(row, depth=row.depth + 1) for row in rows[place:end]]
    if max(row.depth + (row.key == GROUP) for row in inside) > DEEPEST:
        return Changed(tuple(rows))
    group = Typed(GROUP, "any", depth=rows[place].depth)
    return Changed((*rows[:place], group, *inside, *rows[end:]), field=place)


def _group(rows: Sequence[Typed], said: str) -> int:
    place = whole(said)
    known = place is not None and place < len(rows) and rows[place].key == GROUP
    return place if known and place is not None else _ALL


def _holder(rows: Sequence[Typed], place: int) -> int:
    """The group in which that row stands."""
    above: Iterator[int] = reversed(range(place))
    return next((at for at in above if rows[at].depth < rows[place].depth), _ALL)


def _end(rows: Sequence[Typed], place: int) -> int:
    return len(rows) if place == _ALL else end_of(rows, place)


def _within(rows: Sequence[Typed], place: int) -> int:
    return 0 if place == _ALL else rows[place].depth + 1
