"""What somebody typed into a form or an address."""

from __future__ import annotations

from typing import Final

from joren.accounts.selectors import business
from joren.core.errors import BadInput
from joren.core.money import Money
from joren.core.numbers import DIGITS, whole_number

_MOST: Final = 10**DIGITS - 1


def whole(text: str, *, most: int = _MOST) -> int | None:
    """The number from 0 on; None where it is none, beyond ``most``, or than any database holds."""
    number = whole_number(text.replace(",", "").strip())
    return number if number is not None and number <= most else None


def amount(text: str) -> int:
    """An amount of the shop's own currency, in its minor units."""
    return Money.parse(text.strip(), business().currency or "JPY").minor


def must_be_whole(text: str) -> int:
    """``whole``, where nothing else will do."""
    if (number := whole(text)) is None:
        raise BadInput(f"{text[:60]!r} is no whole number", hint="such as 120")
    return number
