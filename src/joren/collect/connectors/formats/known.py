"""The formats of order files that are known, the most particular first."""

from __future__ import annotations

from joren.collect.connectors.contracts import NoSuchFormat
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
from joren.collect.connectors.formats.shape import Columns, Format

FORMATS = (
    rakuten.FORMAT,
    shopify.FORMAT,
    amazon.FORMAT,
    yahoo.FORMAT,
    ecforce.FORMAT,
    eccube.FORMAT,
    makeshop.FORMAT,
    generic.FORMAT,
)


def format_named(name: str, header: Columns) -> Format:
    """The format of that name; with ``auto`` the one that recognises the header."""
    if name == "auto":
        return next(known for known in FORMATS if known.recognises(header))
    for known in FORMATS:
        if known.name == name:
            return known
    names = ", ".join(["auto", *(known.name for known in FORMATS)])
    raise NoSuchFormat(f"no format {name!r}", hint=f"known: {names}")


def readers() -> tuple[Reader, ...]:
    """How the formats read files that are no table."""
    return tuple(known.reader for known in FORMATS if known.reader)
