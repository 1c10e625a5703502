"""Whether a message speaks of a person, by any of their addresses and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from joren.collect.customers.contracts.phones import phone_of
from joren.core import mentions
from joren.core.erasing import Traces

_IDS: Final = ("userId", "previousId", "user_id", "previous_id")
_DEEPEST: Final = 20
LINE: Final = "line"
"""The one key under which a line of a file is kept that nobody could read."""


def words_of(traces: Traces) -> tuple[bytes, ...]:
    """Small letters of which one stands in each message that speaks of them."""
    tails = {phone[-4:] for phone in traces.phones}
    numbers = {number for _, number in traces.numbers}
    words = {*traces.emails, *tails, *numbers, *traces.anonymous_ids, *traces.line_ids}
    return tuple(word.lower().encode() for word in words if word)


def speaks_of(message: Any, traces: Traces, store: int | None) -> bool:
    """By an address or a phone anywhere in it, a device's id, or a number of its own store."""
    if isinstance(message, dict):
        if message.keys() == {LINE} and isinstance(message[LINE], str):
            return _line_speaks_of(message[LINE], traces, store)
        ids = {str(message[name]).strip() for name in _IDS if name in message}
        if store is not None and any((store, one) in traces.numbers for one in ids):
            return True
    for text in _texts(message, _DEEPEST):
        said = text.strip()
        if said.lower() in traces.emails or said in traces.anonymous_ids | traces.line_ids:
            return True
        if phone_of(said) in traces.phones:
            return True
    return False


def _line_speaks_of(line: str, traces: Traces, store: int | None) -> bool:
    """The same of text that has no parts: a number of a store counts right behind its name."""
    if mentions.mentioned(BytesIO(line.encode()), mentions.words_of(traces)):
        return True
    ids = traces.anonymous_ids | traces.line_ids
    if any(one and re.search(rf"(?<!\w){re.escape(one)}(?!\w)", line) for one in ids):
        return True
    said = {one for of, one in traces.numbers if of == store and one}
    names = "|".join(_IDS)
    return any(
        re.search(rf"""\b(?:{names})["']?\s*[:=]\s*["']?\s*{re.escape(one)}(?![\w-])""", line)
        for one in said
    )


def _texts(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
    elif depth and isinstance(value, dict):
        for one in value.values():
            yield from _texts(one, depth - 1)
    elif depth and isinstance(value, list):
        for one in value:
            yield from _texts(one, depth - 1)
