"""HTML made once for all, in which only what is said of each is filled in for each.

MJML, the cleaning and the text part take some hundred times as long as to fill in a name. So where
a body only names what is known of people, it is made once with marks in their place. That the
result is the same is certain where a mark stands in words or is a whole address of ours, and where
the value has no sign that HTML knows and no space that is folded; else the long way is gone.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from typing import Any, Final

from joren.act.messages.contracts import Link
from joren.act.messages.rules import bodies

Names = tuple[str, ...]
Made = tuple[str, str, tuple[Link, ...]]
"""HTML, the same as text, and its links."""

_CHANCE: Final = secrets.token_hex(8)
_MARK: Final = re.compile(f"/{_CHANCE}([0-9]+)x")
_ADDRESS: Final = re.compile(r"[A-Za-z0-9/_.:~-]+")
_OWN: Final = frozenset(("size", "first", "last"))
"""What the library knows of everything."""

_HTML: Final = re.compile(r"[&<>\"'\u00a0]")


@dataclass(frozen=True)
class Stencil:
    """Words and, between them, the numbers of names; the last number is the title's."""

    html: tuple[str | int, ...]
    text: tuple[str | int, ...]
    links: tuple[tuple[tuple[str | int, ...], tuple[str | int, ...]], ...]
    images: tuple[int, int]
    addresses: frozenset[int]
    ours: str

    def filled(self, values: Sequence[str], title: str) -> Made | None:
        """What somebody gets; None where a value might be written in another way."""
        for number, value in enumerate(values):
            fits = _is_ours(value, self.ours) if number in self.addresses else _is_plain(value)
            if not fits:
                return None
        known = [*values, escape(title)]
        found: dict[str, Link] = {}
        for address, tagged in self.links:
            whole = _put(address, known)
            found.setdefault(whole, Link(whole, _put(tagged, known)))
        return _put(self.html, known), _put(self.text, known), tuple(found.values())


def split(
    names: Sequence[Names], person: Mapping[str, Any]
) -> tuple[tuple[Names, ...], list[str]] | None:
    """Those of the names that this person has words for, and the words; None where they have
    something else, which is written as only the library knows."""
    there: list[Names] = []
    values: list[str] = []
    for one in names:
        value = _found(one, person)
        if value is None:
            continue
        if not isinstance(value, str) or not _OWN.isdisjoint(one):
            return None
        there.append(one)
        values.append(value)
    return tuple(there), values


def made(
    names: Sequence[Names], ours: str, write: Callable[[Mapping[str, Any], str], Made]
) -> Stencil | None:
    """The stencil of a body; ``write`` makes it for a person and a title. None: it has none."""
    if not ours:
        return None
    marks = [f"{ours}/{_CHANCE}{number}x" for number in range(len(names) + 1)]
    html, text, links = write(_person(names, marks), marks[-1])
    reader = _Places(ours)
    reader.feed(html)
    reader.close()
    if reader.lost or reader.seen != len(_MARK.findall(html)):
        return None
    pattern = re.compile(re.escape(ours) + _MARK.pattern)
    return Stencil(
        _parts(pattern, html), _parts(pattern, text),
        tuple((_parts(pattern, one.address), _parts(pattern, one.tagged)) for one in links),
        bodies.images(html), frozenset(reader.addresses), ours,
    )  # fmt: skip


class _Places(HTMLParser):
    """Where marks stand: in words, or as whole addresses; anything else is ``lost``."""

    def __init__(self, ours: str) -> None:
        super().__init__(convert_charrefs=True)
        self._whole = re.compile(re.escape(ours) + _MARK.pattern)
        self._style = False
        self.seen = 0
        self.lost = False
        self.addresses: set[int] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"
        for name, value in attrs:
            if not value or not _MARK.search(value):
                continue
            found = self._whole.fullmatch(value)
            if tag == "a" and name == "href" and found:
                self.addresses.add(int(found[1]))
                self.seen += 1
            else:
                self.lost = True

    def handle_endtag(self, _tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        found = len(_MARK.findall(data))
        self.seen += found
        self.lost |= bool(found) and self._style

    def handle_comment(self, data: str) -> None:
        self.lost |= bool(_MARK.search(data))


def _found(names: Names, person: Mapping[str, Any]) -> Any:
    """What stands there; None is nothing, also in place of an empty text."""
    place: Any = person
    for number, name in enumerate(names):
        if type(place) is not dict:
            return names[number:]  # of a text or a list the library knows more
        place = place.get(name)
        if place is None:
            return None
    return None if place == "" else place


def _person(names: Sequence[Names], marks: Sequence[str]) -> dict[str, Any]:
    person: dict[str, Any] = {}
    for path, mark in zip(names, marks, strict=False):
        place = person
        for name in path[:-1]:
            place = place.setdefault(name, {})
        place[path[-1]] = mark
    return person


def _parts(pattern: re.Pattern[str], text: str) -> tuple[str | int, ...]:
    words = pattern.split(text)
    return tuple(int(one) if place % 2 else one for place, one in enumerate(words))


def _put(parts: Sequence[str | int], known: Sequence[str]) -> str:
    return "".join([known[one] if isinstance(one, int) else one for one in parts])


def _is_plain(value: str) -> bool:
    return (
        value.replace("\u3000", "").isprintable()
        and value == value.strip()
        and "  " not in value
        and _HTML.search(value) is None
    )


def _is_ours(value: str, ours: str) -> bool:
    return value.startswith(ours) and _ADDRESS.fullmatch(value) is not None
