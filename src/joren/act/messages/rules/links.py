"""Links of a message, tagged so that a shop sees in its own figures where visits came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from joren.act.messages.contracts import Link

HREF: Final = re.compile(r"(<a\b[^>]*?\bhref=)\"([^\"]*)\"", re.IGNORECASE)
_IN: Final = r"[!#-&*-;=?-~]"
BARE: Final = re.compile(rf"https?://(?:{_IN}|\({_IN}*\))*(?:[A-Za-z0-9/#=&~%+$*@_-]|\({_IN}*\))")
"""An address in a text: ASCII, as RFC 3986 has it, up to what ends its sentence or its brackets."""


def tagged(address: str, utm: Mapping[str, str], *, ours: str) -> str:
    """The address with its tags; what it says itself stands, and our own pages are left alone."""
    if not utm or (ours and address.startswith(ours)):
        return address
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return address
    said = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    more = [
        f"utm_{name}={quote(value, safe='')}"
        for name, value in utm.items()
        if value and f"utm_{name}" not in said
    ]
    query = "&".join(filter(None, (parts.query, *more)))
    return urlunsplit(parts._replace(query=query))


def in_html(document: str, utm: Mapping[str, str], *, ours: str) -> tuple[str, tuple[Link, ...]]:
    found: dict[str, Link] = {}

    def exchanged(match: re.Match[str]) -> str:
        address = unescape(match[2])
        link = found.setdefault(address, Link(address, _tagged(address, utm, ours)))
        return f'{match[1]}"{escape(link.tagged, quote=True)}"'

    return HREF.sub(exchanged, document), tuple(found.values())


def in_text(text: str, utm: Mapping[str, str], *, ours: str) -> tuple[str, tuple[Link, ...]]:
    found: dict[str, Link] = {}

    def exchanged(match: re.Match[str]) -> str:
        link = found.setdefault(match[0], Link(match[0], _tagged(match[0], utm, ours)))
        return link.tagged

    return BARE.sub(exchanged, text), tuple(found.values())


def _tagged(address: str, utm: Mapping[str, str], ours: str) -> str:
    try:
        return tagged(address, utm, ours=ours)
    except ValueError:  # [ in a host: a link that leads nowhere is shown as it is
        return address
