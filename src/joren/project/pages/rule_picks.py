"""Values of texts that are chosen of a list instead of typed: which list, and what was chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from joren.core.errors import JorenError
from joren.decide.segments import selectors

_AT_ONCE: Final = 200
_BETWEEN: Final = re.compile('[,、"]')
_WORD: Final = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,、]+))')

List = tuple[str, str]
"""Of what (customer, purchase, line, event) and which field, as the language names them."""


def list_of(key: str) -> List | None:
    """The list of values that a row's own condition has."""
    kind, _, name = key.partition(":")
    listed = kind == "is" and name in selectors.FIELDS and selectors.FIELDS[name].type == "text"
    return ("customer", name) if listed else None


def list_of_where(key: str, where: str) -> List | None:
    """The list of values of that by which a row's purchases, lines or events are chosen."""
    name, _, op = where.rpartition(":")
    kind, _, measure = key.partition(":")
    if op != "is" or ":" in name:
        return None
    if kind == "did":
        return ("event", name)
    known = selectors.MEASURES.get(measure) if kind == "bought" else None  # type: ignore[call-overload]  # a measure that is none gets None
    if known is None:
        return None
    of = selectors.of_measure(measure).get(name)  # type: ignore[arg-type]  # it is one of them
    if of is None or of.type != "text":
        return None
    return ("line" if known.table == "lines" else "purchase", name)


def chosen(given: List | None, asked: str) -> str | None:
    """The value of the list that was meant, by itself or by its name; None: it is none of them."""
    wanted = asked.strip().lower()
    if not given or not wanted:
        return None
    try:
        found = selectors.pickable(*given, wanted, limit=_AT_ONCE)
    except JorenError:
        return None
    exact = (one.value for one in found if wanted in (one.value.lower(), one.name.lower()))
    return next(exact, None)


def joined(values: str, more: str | None) -> str:
    """Values as they are typed, and one more."""
    known = words(values)
    return typed([*known, more]) if more and more not in known else values


def typed(values: Iterable[str]) -> str:
    """Values with commas between; one that holds a comma itself stands in quotes."""
    return ", ".join(
        '"' + one.replace('"', '""') + '"' if _BETWEEN.search(one) else one for one in values
    )


def words(text: str) -> tuple[str, ...]:
    """The values of what is typed so."""
    found = (
        quoted.replace('""', '"') if quoted else plain.strip()
        for quoted, plain in _WORD.findall(text)
    )
    return tuple(word for word in found if word)
