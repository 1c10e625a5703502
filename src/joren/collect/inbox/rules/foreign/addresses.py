"""Addresses of pages, as others kept them."""

from __future__ import annotations

from urllib.parse import urlsplit

from joren.collect.inbox.contracts import Unreadable


def path_in(url: str) -> str | None:
    """The path of the page; raises ``Unreadable`` where the address is none."""
    try:
        return urlsplit(url).path or None
    except ValueError:
        raise Unreadable(f"{url[:80]!r} is no address") from None
