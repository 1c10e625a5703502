"""The formats of order files that are known: ours, and those of guests that are installed."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from joren.collect.connectors.contracts import ColumnsUnknown, NoConnector, NoSuchFormat
from joren.collect.connectors.files.records import Reader
from joren.collect.connectors.formats import (
    amazon,
    eccube,
    ecforce,
    generic,
    makeshop,
    rakuten,
    shopify,
    yahoo,
)
from joren.collect.connectors.formats.shape import Canonical, Columns, Format

GROUP: Final = "joren.connectors"
OURS: Final = (
    rakuten.FORMAT,
    shopify.FORMAT,
    amazon.FORMAT,
    yahoo.FORMAT,
    ecforce.FORMAT,
    eccube.FORMAT,
    makeshop.FORMAT,
    generic.FORMAT,
)


@cache
def formats() -> tuple[Format, ...]:
    """Guests by their names, because somebody chose them; then ours, what takes any table last."""
    guests: dict[str, Format] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        found = _admitted(entry)
        if found in OURS:
            continue
        if found.name in {"auto", *guests, *(own.name for own in OURS)}:
            raise _refused(entry, f"the name {found.name!r} is taken")
        guests[found.name] = found
    return (*guests.values(), *OURS)


def _admitted(entry: EntryPoint) -> Format:
    try:
        found = entry.load()
    except Exception as broken:
        raise _refused(entry, f"it cannot be loaded: {broken}") from broken
    if not isinstance(found, Format):
        raise _refused(entry, f"it is a {type(found).__name__} and no Format")
    if found.name != entry.name:
        raise _refused(entry, f"it calls itself {found.name!r}")
    return found


def _refused(entry: EntryPoint, why: str) -> NoConnector:
    dist = entry.dist.name if entry.dist else "an unknown package"
    return NoConnector(
        f"{dist} offers {entry.value} as the connector {entry.name!r}, and {why}",
        hint=f"uninstall {dist}, or see docs/guides/connectors.md for what a connector is",
    )


def format_named(name: str, header: Columns) -> Format:
    """The format of that name; with ``auto`` the one that recognises the header."""
    known = formats()
    if name == "auto":
        return next(one for one in known if one.recognises(header))
    for one in known:
        if one.name == name:
            return one
    names = ", ".join(["auto", *(one.name for one in known)])
    raise NoSuchFormat(f"no format {name!r}", hint=f"known: {names}")


def meaning_of(header: Columns, known: Format) -> Canonical:
    """What the header means to a format, which may have been named for a file of another one."""
    if not known.recognises(header):
        raise ColumnsUnknown(
            f"this is no file of {known.name}; the header is: {', '.join(header)}"[:1500],
            hint="leave the format to be found, or see docs/guides/formats.md for what each needs",
        )
    return known.canonical(header)


def readers() -> tuple[Reader, ...]:
    """How the formats read files that are no table."""
    return tuple(one.reader for one in formats() if one.reader)
