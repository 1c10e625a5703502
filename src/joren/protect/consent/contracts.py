"""Words about what people agreed to. No Django."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from joren.core.errors import BadInput, NotFound, Refused, Unavailable
from joren.core.ids import CustomerId
from joren.core.registry import Registry
from joren.core.words import gettext_noop

Channel = Literal["email", "line", "sms", "push", "post", "phone", "web"]
Purpose = Literal["marketing", "surveys", "analytics", "transactional"]
Act = Literal["requested", "granted", "relied", "withdrawn", "undone"]
"""``requested``: asked, to be confirmed by a link. ``relied``: nobody was asked, and the shop
relies on an exception of the law. ``undone``: an earlier entry does not count."""

Source = Literal[
    "form", "import", "api", "staff", "preference_page", "one_click", "confirmation", "line",
    "shopify",
]  # fmt: skip
Basis = Literal["existing_transaction", "address_given", "address_published"]
"""特定電子メール法 第3条: whom one may write to who did not ask for it."""

State = Literal["granted", "relied", "refused", "pending", "unasked", "gone"]

CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)
ACTS: Final[tuple[Act, ...]] = get_args(Act)
SOURCES: Final[tuple[Source, ...]] = get_args(Source)
BASES: Final[tuple[Basis, ...]] = get_args(Basis)
STATES: Final[tuple[State, ...]] = get_args(State)

EVERY: Final = "*"
"""In a refusal: every channel, or every purpose."""

TRANSACTIONAL: Final = "transactional"
"""Orders, shipping, security: no matter of consent."""

ROOMS_ALONE: Final = ("form", "registration")
"""In front of the first colon of a proof: what a room of joren wrote, which then mails the link to
confirm by itself."""


@dataclass(frozen=True)
class Matter:
    """What one may agree to: to be reached on a channel for a purpose."""

    channel: str
    purpose: str

    def __str__(self) -> str:
        return f"{self.channel}/{self.purpose}"


OFFERED: Final = (
    Matter("email", "marketing"),
    Matter("line", "marketing"),
    Matter("sms", "marketing"),
    Matter("post", "marketing"),
    Matter("email", "surveys"),
    Matter("web", "analytics"),
)
"""What a shop asks about that has not said otherwise."""


CHANNEL_NAMES: Final[Mapping[str, str]] = {
    "email": gettext_noop("Mail"),
    "line": "LINE",
    "sms": "SMS",
    "push": gettext_noop("App notices"),
    "post": gettext_noop("Post"),
    "phone": gettext_noop("Telephone"),
    "web": gettext_noop("Website"),
    EVERY: gettext_noop("Every channel"),
}
PURPOSE_NAMES: Final[Mapping[str, str]] = {
    "marketing": gettext_noop("News and offers"),
    "surveys": gettext_noop("Surveys"),
    "analytics": gettext_noop("Measuring what is looked at"),
    "transactional": gettext_noop("Orders and shipping"),
    EVERY: gettext_noop("Every purpose"),
}
ACT_NAMES: Final[Mapping[str, str]] = {
    "requested": gettext_noop("Asked for, not confirmed"),
    "granted": gettext_noop("Agreed"),
    "relied": gettext_noop("Exception of the law"),
    "withdrawn": gettext_noop("Refused"),
    "undone": gettext_noop("Taken back"),
}
STATE_NAMES: Final[Mapping[str, str]] = {
    "granted": gettext_noop("Agreed"),
    "relied": gettext_noop("Exception of the law"),
    "refused": gettext_noop("Refused"),
    "pending": gettext_noop("Asked for, not confirmed"),
    "unasked": gettext_noop("Never asked"),
    "gone": gettext_noop("Not there"),
}
SOURCE_NAMES: Final[Mapping[str, str]] = {
    "form": gettext_noop("Form"),
    "import": gettext_noop("File"),
    "api": "API",
    "staff": gettext_noop("Told the shop"),
    "preference_page": gettext_noop("Own preferences page"),
    "one_click": gettext_noop("Unsubscribe link"),
    "confirmation": gettext_noop("Confirmation link"),
    "line": "LINE",
    "shopify": "Shopify",
}
BASIS_NAMES: Final[Mapping[str, str]] = {
    "existing_transaction": gettext_noop("Existing business with the customer"),
    "address_given": gettext_noop("The customer gave the address themselves"),
    "address_published": gettext_noop("The address is published"),
}
SHOWN: Final[Mapping[str, str]] = {
    "email/marketing": gettext_noop("The shop may send me news and offers by e-mail."),
    "line/marketing": gettext_noop("The shop may send me news and offers by LINE."),
    "sms/marketing": gettext_noop("The shop may send me news and offers by SMS."),
    "push/marketing": gettext_noop("The shop's app may show me news and offers."),
    "post/marketing": gettext_noop("The shop may send me news and offers by post."),
    "phone/marketing": gettext_noop("The shop may call me about news and offers."),
    "email/surveys": gettext_noop("The shop may ask for my opinion by e-mail."),
    "line/surveys": gettext_noop("The shop may ask for my opinion by LINE."),
    "web/analytics": gettext_noop("The shop may keep what I look at on its website with my name."),
}
"""What is shown where the shop wrote nothing of its own; by ``str(matter)``."""


@dataclass(frozen=True)
class Entry:
    """One row of the ledger, which is added and never changed.

    ``at`` is when the person said it, ``recorded_at`` when it was written here. ``proof`` is a
    reference (form, message, hash of an address), and never a contact.
    """

    id: int
    customer: CustomerId
    channel: str
    purpose: str
    act: str
    source: str
    at: datetime
    recorded_at: datetime
    by: str
    basis: str = ""
    wording: int | None = None
    proof: str = ""
    reason: str = ""
    undoes: int | None = None

    @property
    def counts_from(self) -> datetime:
        """``at``, but not before it was known: a sender's clock that is ahead makes nothing said
        meanwhile void."""
        return min(self.at, self.recorded_at)


@dataclass(frozen=True)
class Said:
    """What is to be written down."""

    channel: str
    purpose: str
    act: str
    source: str
    at: datetime | None = None
    basis: str = ""
    wording: int | None = None
    proof: str = ""
    reason: str = ""
    undoes: int | None = None


@dataclass(frozen=True)
class Heard:
    """What another system says of one customer; without ``at`` nobody knows since when."""

    customer: int
    channel: str
    act: str
    at: datetime | None = None
    proof: str = ""


@dataclass(frozen=True)
class Standing:
    """How things stand with one matter: ``entry`` is the row that decides."""

    matter: Matter
    state: State
    since: datetime | None = None
    entry: int | None = None

    @property
    def may(self) -> bool:
        return self.state in ("granted", "relied")


@dataclass(frozen=True)
class Wording:
    """What was shown to those who were asked; a change of the text is another version."""

    id: int
    matter: Matter
    language: str
    version: int
    text: str
    since: datetime


@dataclass(frozen=True)
class Choices:
    """What the shop decided: what it asks about, and on which exceptions it relies."""

    offered: tuple[Matter, ...] = OFFERED
    relies_on: tuple[str, ...] = ()
    confirm_days: int = 7


@dataclass(frozen=True)
class BadRow:
    """A row of a file that stayed out; rows count from 1, the header's."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Imported:
    """What became of a file of consents. ``bad`` are the first of those that stayed out."""

    rows: int
    recorded: int
    repeated: int
    refused: int
    bad: tuple[BadRow, ...]


@dataclass(frozen=True)
class Link:
    """What a token says: whose it is, and of which matter."""

    customer: CustomerId
    matter: Matter


@dataclass(frozen=True)
class Thanks:
    """What is shown to whoever has confirmed, by the room that asked; all of it is plain text."""

    title: str
    text: str = ""
    gift: str = ""


THANKS: Final[Registry[Callable[[Entry], Thanks | None]]] = Registry("thanks")
"""By the word in front of the first colon of an entry's proof."""


@dataclass(frozen=True)
class Links:
    """What a message to one customer carries, so that they can refuse (RFC 8058)."""

    unsubscribe: str
    preferences: str
    headers: Mapping[str, str]


class BadConsent(BadInput):
    """What was given is no consent."""


class BadConsents(BadInput):
    """The file of consents cannot be read."""


class NotRelied(Refused):
    """The shop has not chosen to rely on that exception."""


class NobodyThere(NotFound):
    """No person has that number."""


class NoSuchEntry(NotFound):
    """The ledger has no such entry of this person."""


class NoSuchLink(NotFound):
    """The link is none of ours, or is withdrawn."""


class LinkExpired(Refused):
    """The link came too late."""


class NoPublicAddress(Unavailable):
    """Nobody said under which address customers reach this installation."""
