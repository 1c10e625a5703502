"""Whether a message fits its channel, once it is written. No Django."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from joren.act.messages.contracts import (
    ONE_SMS,
    Fault,
    Hint,
    Rendered,
    is_flex,
    letters,
    shape_of,
)

_CONTAINERS: Final = ("bubble", "carousel")


def fitted(message: Rendered, channel: str) -> Rendered:
    """The message, with what keeps it from going that way among its faults."""
    if not message.whole:
        return message
    found = [replace(one, language=message.language) for one in _faults(message, channel)]
    return replace(message, faults=(*message.faults, *found)) if found else message


def worth_a_look(message: Rendered, channel: str) -> Iterator[Hint]:
    """What is not wrong on that channel, and may not be meant."""
    if channel == "sms" and (n := letters(message.text)) > ONE_SMS:
        yield Hint("sms_parts", f"{n:,}")


def _faults(message: Rendered, channel: str) -> Iterator[Fault]:
    shape, n = shape_of(channel), letters(message.text)
    if shape.flex and is_flex(message.text):
        if said := _of_flex(message.text):
            yield Fault("flex", said)
    elif shape.longest is not None and n > shape.longest:
        yield Fault("text_long", f"{n:,} / {shape.longest:,}")


def _of_flex(text: str) -> str:
    """What is wrong with the JSON, "" where nothing is. LINE itself asks for more."""
    try:
        container = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        return str(wrong)
    kind = container.get("type") if isinstance(container, dict) else None
    return "" if kind in _CONTAINERS else f"type: {kind} ({' / '.join(_CONTAINERS)})"
