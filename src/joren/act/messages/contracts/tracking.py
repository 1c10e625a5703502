"""Words about what is noted of clicks and openings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OWN: Final = "joren"
"""In place of a mail service: what our own links told."""


@dataclass(frozen=True)
class Tracking:
    """On which channels links lead over our own, and mails carry the picture.

    Whoever refused to be followed (analytics, on the page of their wishes or by word) is not,
    whatever stands here.
    """

    clicks: tuple[str, ...] = ("email", "line", "sms")
    opens: tuple[str, ...] = ()


@dataclass(frozen=True)
class Followed:
    """What somebody opened: a row of the ledger, and the address; "" is the picture, None the link
    that no person sees."""

    send: int
    address: str | None
