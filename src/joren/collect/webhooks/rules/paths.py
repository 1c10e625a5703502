"""A body of anybody's, read by paths: ``customer.email``, ``lines[].sku``, ``total``.

A path names a place from the top of the body. Paths with ``[]`` say where the rows are: all of them
go through the same list, and each element of it is a row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from joren.collect.webhooks.contracts import BadPaths, Unreadable
from joren.collect.webhooks.rules.reading import text

_PATH: Final = re.compile(r"[^\s.\[\]]+(\[\]|\[\d{1,4}\])?(\.[^\s.\[\]]+(\[\]|\[\d{1,4}\])?)*")
_PART: Final = re.compile(r"([^\[\]]+)(?:\[(\d*)\])?")
MOST_ROWS: Final = 10_000

Row = dict[str, str | None]


def checked(paths: Mapping[str, str], known: Sequence[str]) -> dict[str, str]:
    """The paths that say something, or why they cannot be."""
    found = {field: path.strip() for field, path in paths.items() if path.strip()}
    if unknown := sorted(set(found) - {*known}):
        raise BadPaths(f"there is no field {unknown[0]!r}", hint=f"known: {', '.join(known)}")
    for field, path in found.items():
        if not _PATH.fullmatch(path) or path.count("[]") > 1:
            raise BadPaths(
                f"{field}: {path!r} is no path", hint="such as customer.email or lines[].sku"
            )
    lists = {path.partition("[]")[0] for path in found.values() if "[]" in path}
    if len(lists) > 1:
        raise BadPaths(
            f"the rows are in {' and in '.join(sorted(lists))}", hint="all [] name the same list"
        )
    return found


def rows(body: Any, paths: Mapping[str, str]) -> tuple[Row, ...]:
    """The rows that the body says, each field as text."""
    lists = {path.partition("[]")[0] for path in paths.values() if "[]" in path}
    if not lists:
        return ({field: text(_at(body, path)) for field, path in paths.items()},)
    (place,) = lists
    elements = _at(body, place)
    if not isinstance(elements, list) or not elements:
        raise Unreadable(f"there is no list at {place}")
    if len(elements) > MOST_ROWS:
        raise Unreadable(f"the list at {place} has more than {MOST_ROWS:,} elements")
    return tuple(
        {field: text(_of(body, element, path)) for field, path in paths.items()}
        for element in elements
    )


def _of(body: Any, element: Any, path: str) -> Any:
    _, listed, rest = path.partition("[]")
    if not listed:
        return _at(body, path)
    return _at(element, rest.removeprefix(".")) if rest else element


def _at(value: Any, path: str) -> Any:
    for part in path.split("."):
        found = _PART.fullmatch(part)
        if found is None or not isinstance(value, dict):
            return None
        value = value.get(found[1])
        if found[2]:
            place = int(found[2])
            value = value[place] if isinstance(value, list) and place < len(value) else None
    return value
