"""Does a text say how somebody is reached? Such texts are kept nowhere but with the person."""

from __future__ import annotations

import re

_CONTACT = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|(?<![\w-])(?:\+\d|0\d)[\d\- ]{7,14}\d(?![\w-])")


def names_a_contact(text: str) -> bool:
    """Does it look like an address or a phone? A day or an amount does not."""
    return _CONTACT.search(text) is not None
