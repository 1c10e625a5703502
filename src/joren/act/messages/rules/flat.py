"""Liquid texts without a tag, written without the library: most of what most shops send.

Such a text is words and ``{{ a.b }}`` or ``{{ a.b | default: "…" }}``. Whoever has all of it as
text gets the words put together; for everybody and everything else the library is asked, whose
answer would be the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from liquid import escape
from liquid.ast import Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import FilteredExpression, Path, StringLiteral
from liquid.builtin.output import OutputNode

Plan = tuple[str | tuple[str, ...], ...]
"""Words as they stand, and the names by which what stands between them is found."""

_LONGEST: Final = 100_000
"""Characters, far below the limits of the library, so that none is passed by."""


def plan(nodes: Sequence[Node]) -> Plan | None:
    """How the text is put together; None where it takes more than that."""
    parts: list[str | tuple[str, ...]] = []
    for node in nodes:
        part = _part(node)
        if part is None:
            return None
        parts.append(part)
    return tuple(parts)


def filled(parts: Plan, person: Mapping[str, Any], *, escaped: bool) -> str | None:
    """The text of somebody; None where only the library knows."""
    words: list[str] = []
    for part in parts:
        if isinstance(part, str):
            words.append(part)
            continue
        value = _found(part, person)
        if value is None:
            return None
        words.append(str(escape(value)) if escaped else value)
    text = "".join(words)
    return text if len(text) < _LONGEST else None


def _part(node: Node) -> str | tuple[str, ...] | None:
    if type(node) is ContentNode:
        return str(node.text)
    if type(node) is not OutputNode or type(node.expression) is not FilteredExpression:
        return None
    asked = node.expression
    filters = asked.filters or []
    if len(filters) > 1 or (filters and not _is_default(filters[0])):
        return None
    if type(asked.left) is not Path:
        return None
    names = asked.left.path
    if not all(isinstance(name, str) for name in names):
        return None
    return tuple(str(name) for name in names)


def _is_default(asked: Any) -> bool:
    return (
        asked.name == "default"
        and len(asked.args) == 1
        and type(getattr(asked.args[0], "value", None)) is StringLiteral
    )


def _found(names: Sequence[str], person: Mapping[str, Any]) -> str | None:
    """Words that are there; what is missing, empty or no text is the library's."""
    place: Any = person
    for name in names:
        if type(place) is not dict or name not in place:
            return None
        place = place[name]
    return place if isinstance(place, str) and place.strip() else None
