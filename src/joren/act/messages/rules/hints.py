"""What keeps a message from being read: mailboxes fold, cut and sort out by such things."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from joren.act.messages.contracts import TRANSACTIONAL, Hint, Rendered

_WIDEST_SUBJECT: Final = 60
"""Halves of a full-width letter: a telephone shows 30 Japanese or 60 Latin letters."""

_FEWEST_WORDS: Final = 80
_MOST_IMAGES: Final = 10
_GMAIL_CUTS: Final = 102 * 1024
_LOUD: Final = re.compile(r"[!！]{2,}|[★☆■◆]{3,}")


def hints(
    message: Rendered, *, kind: str, unsubscribe: str, postal_address: str, ours: str
) -> tuple[Hint, ...]:
    """What is worth a look before it is sent."""
    found = list(_hints(message, kind, unsubscribe, postal_address))
    addresses = (link.address for link in message.links)
    plain = sum(1 for one in addresses if one.startswith("http://") and not one.startswith(ours))
    if plain:
        found.append(Hint("insecure", str(plain)))
    return tuple(found)


def _hints(message: Rendered, kind: str, unsubscribe: str, postal: str) -> Iterator[Hint]:
    wide = sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in message.subject)
    if wide > _WIDEST_SUBJECT:
        yield Hint("subject_long", f"{wide / 2:.0f}")
    letters = [one for one in message.subject if one.isascii() and one.isalpha()]
    if _LOUD.search(message.subject) or (len(letters) > 8 and "".join(letters).isupper()):
        yield Hint("subject_loud")
    words = len(re.sub(r"https?://\S+|\s", "", message.text))
    if message.images and words < _FEWEST_WORDS:
        yield Hint("no_words", str(words))
    if message.images > _MOST_IMAGES:
        yield Hint("many_images", str(message.images))
    if message.images_without_words:
        yield Hint("images_without_words", str(message.images_without_words))
    if kind != TRANSACTIONAL:
        if not any(link.address == unsubscribe for link in message.links):
            yield Hint("no_unsubscribe", "{{ unsubscribe_url }}")
        if not postal.strip():
            yield Hint("no_postal")
    if message.size > _GMAIL_CUTS:
        yield Hint("clipped", f"{message.size / 1024:.0f}")
