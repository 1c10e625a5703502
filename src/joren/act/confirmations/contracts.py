"""Words about mails by which somebody confirms what was asked in their name. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from joren.core.errors import JorenError, NotFound, Refused
from joren.core.words import gettext_noop

State = Literal["open", "resent", "held_back", "lapsed", "answered"]
"""``resent``: a later mail of the same request took its place. ``held_back``: the address had
enough mails, or the request waited for longer than ``LATE``, so that none left. ``lapsed``: nobody
confirmed in time."""

STATES: Final[tuple[State, ...]] = get_args(State)
STATE_NAMES: Final[Mapping[str, str]] = {
    "open": gettext_noop("waits for the answer"),
    "resent": gettext_noop("sent once more"),
    "held_back": gettext_noop("held back: the address had enough, or it waited for a day"),
    "lapsed": gettext_noop("not confirmed in time"),
    "answered": gettext_noop("answered"),
}

SOURCE: Final = "confirmation"
"""What the ledger of messages calls it."""

MOST_A_DAY: Final = 3
"""So many to one address in a day, whoever asks: a form must not fill a stranger's mailbox."""

MOST_AN_HOUR: Final = 1_000
"""First mails of all requests together: what a form that somebody fills in by machine may send to
strangers. The others wait for the next hour."""

MOST_OF_ONE: Final = 5
"""So many of one request, the first among them."""

GAP: Final = timedelta(minutes=2)
"""Between two to the same address."""

LATE: Final = timedelta(hours=24)
"""A request that is older gets no mail by itself: nobody remembers any more that they asked."""


@dataclass(frozen=True)
class Mailing:
    """One mail of one request; ``request`` is the number of the ledger's entry."""

    id: int
    request: int
    customer: int
    number: int
    language: str
    asked_at: datetime
    state: State
    confirmed_at: datetime | None


class NothingAsked(NotFound):
    """That customer has no request that waits for an answer."""


class TooManyMails(JorenError):
    """The address had as many mails as anybody gets."""

    status = 429


class TooSoon(Refused):
    """A mail left a moment ago."""
