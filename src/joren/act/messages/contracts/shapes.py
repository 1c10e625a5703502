"""What a text may be on each channel: its forms, whether it has a subject, how long it may grow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from joren.act.messages.contracts.template import FORMS
from joren.core.words import gettext_noop


@dataclass(frozen=True)
class Shape:
    """``subject`` is what stands in its place there, "" where nothing does; ``longest`` counts
    UTF-16 units, as LINE does, None where no end is known; ``flex``: JSON is a message too."""

    forms: tuple[str, ...] = FORMS
    subject: str = gettext_noop("Subject")
    needs_subject: bool = True
    longest: int | None = None
    flex: bool = False

    @property
    def mail(self) -> bool:
        return "html" in self.forms


_PLAIN: Final = ("text",)
SHAPES: Final[Mapping[str, Shape]] = {
    "email": Shape(),
    "line": Shape(
        _PLAIN, gettext_noop("What a notice says of a Flex message"), False, 5_000, flex=True
    ),
    "sms": Shape(_PLAIN, "", False, 660),
    "push": Shape(_PLAIN, gettext_noop("Title of the notice"), True, 1_000),
    "post": Shape(_PLAIN, gettext_noop("Subject"), False),
}
"""Of our channels. What a guest's takes we do not know: it may be anything."""

ONE_SMS: Final = 70
"""Letters of one SMS in Japanese; a longer one is sent, and paid for, as several."""


def shape_of(channel: str) -> Shape:
    return SHAPES.get(channel, Shape(needs_subject=False))


def letters(text: str) -> int:
    """UTF-16 units: an emoji is two."""
    return len(text.strip().encode("utf-16-le")) // 2


def is_flex(text: str) -> bool:
    """Does LINE get a Flex message by it, and not a text?"""
    plain = text.strip()
    return plain.startswith("{") and '"type"' in plain
