"""Words about templates: what a shop writes once and each customer gets as their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

from joren.core.words import gettext_noop

Kind = Literal["incentive", "brand", "goal_support", "transactional", "thanks"]
Form = Literal["mjml", "html", "text"]
Language = Literal["ja", "en"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
FORMS: Final[tuple[Form, ...]] = get_args(Form)
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

KIND_NAMES: Final[Mapping[str, str]] = {
    "incentive": gettext_noop("Offer: a price or a gift that invites to buy"),
    "brand": gettext_noop("Brand: who we are and what we make"),
    "goal_support": gettext_noop("Goal support: how to get more out of it"),
    "transactional": gettext_noop("Transactional: order, shipping, security"),
    "thanks": gettext_noop("Thanks: a word without an offer"),
}
FORM_NAMES: Final[Mapping[str, str]] = {
    "mjml": gettext_noop("MJML: blocks that look right in every mailbox"),
    "html": gettext_noop("HTML as it is"),
    "text": gettext_noop("Plain text"),
}
TRANSACTIONAL: Final = "transactional"
UTM: Final = ("source", "medium", "campaign")


@dataclass(frozen=True)
class Text:
    """A template in one language."""

    subject: str
    body: str


@dataclass(frozen=True)
class Content:
    """What one version of a template says. A language that is left out has no text of its own."""

    name: str
    kind: str
    form: str
    texts: Mapping[str, Text]
    utm: Mapping[str, str] = field(default_factory=dict)
    channel: str = "email"

    @property
    def purpose(self) -> str:
        """The purpose that a consent must be for."""
        return "transactional" if self.kind == TRANSACTIONAL else "marketing"

    def text_in(self, *languages: str) -> tuple[str, Text]:
        """The text in the first of the languages that has one, or in the one that there is; with
        the language it is in."""
        for language in languages:
            if language in self.texts:
                return language, self.texts[language]
        return next(iter(self.texts.items()))


@dataclass(frozen=True)
class Template:
    """A template by its newest version. ``sendable`` is the newest that can be sent, or None."""

    id: int
    content: Content
    version: int
    sendable: int | None
    changed_at: datetime
    archived: bool


@dataclass(frozen=True)
class Version:
    """What a template said from a moment on."""

    number: int
    content: Content
    sendable: bool
    changed_at: datetime
    changed_by: str
    why: str


@dataclass(frozen=True)
class Fault:
    """Something of a template that is wrong, or worth a look where it is not ``grave``.

    ``say`` is one of FAULT_WORDS, in which ``what`` is put; line and column begin at 1, and are 0
    where nobody can say them.
    """

    say: str
    what: str = ""
    where: str = "body"
    language: str = ""
    line: int = 0
    column: int = 0
    grave: bool = True

    @property
    def words(self) -> str:
        """In English, for programs."""
        place = f"{self.where} ({self.language})" if self.language else self.where
        if self.line:
            place += f", line {self.line}, column {self.column}"
        return f"{place}: {FAULT_WORDS[self.say].format(self.what)}"


FAULT_WORDS: Final[Mapping[str, str]] = {
    "no_text": gettext_noop("nothing is written in any language"),
    "empty": gettext_noop("nothing is written here"),
    "unknown_filter": gettext_noop("there is no filter “{}”"),
    "unknown_tag": gettext_noop("“{}” is not expected here"),
    "not_closed": gettext_noop("“{}” is not closed"),
    "not_opened": gettext_noop("“{}” closes what was not opened"),
    "no_include": gettext_noop("other templates cannot be included: “{}”"),
    "liquid": gettext_noop("this cannot be read: {}"),
    "mjml_unknown": gettext_noop("“{}” is no part of MJML"),
    "mjml": gettext_noop("the MJML cannot be read: {}"),
    "too_long": gettext_noop("the message grows longer than any mailbox takes"),
    "too_much": gettext_noop("writing it takes more memory than a message may have"),
    "too_slow": gettext_noop("writing it takes longer than a message may take"),
    "text_long": gettext_noop("the text is too long for this channel: {} letters"),
    "flex": gettext_noop("the Flex message cannot be read: {}"),
    "unknown_variable": gettext_noop("“{}” is not known and stays empty"),
}


@dataclass(frozen=True)
class Link:
    """A link of a message, before and after it is tagged."""

    address: str
    tagged: str


@dataclass(frozen=True)
class Rendered:
    """A message as one customer gets it. ``html`` is None where it is plain text."""

    language: str
    subject: str
    html: str | None
    text: str
    links: tuple[Link, ...]
    images: int
    images_without_words: int
    faults: tuple[Fault, ...]

    @property
    def size(self) -> int:
        """Bytes of its larger part."""
        return len((self.html or self.text).encode())

    @property
    def whole(self) -> bool:
        return not any(fault.grave for fault in self.faults)


@dataclass(frozen=True)
class Hint:
    """What may keep a message from being read, and the two numbers."""

    say: str
    what: str = ""


HINT_WORDS: Final[Mapping[str, str]] = {
    "subject_long": gettext_noop("The subject is {} wide; a telephone shows about 30 letters."),
    "subject_loud": gettext_noop("The subject shouts, which mailboxes take for spam."),
    "no_words": gettext_noop("There are {} characters of text; a mail of images alone is spam."),
    "many_images": gettext_noop("There are {} images; many mailboxes show none of them."),
    "images_without_words": gettext_noop(
        "{} images have no words (alt) for those who do not see them."
    ),
    "no_unsubscribe": gettext_noop("There is no way to unsubscribe: add {}."),
    "sms_parts": gettext_noop("It has {} letters: more than 70 are sent as several SMS."),
    "clipped": gettext_noop("It has {} KB; Gmail cuts off what is over 102 KB."),
    "insecure": gettext_noop("{} links go by http and not by https."),
    "no_reason": gettext_noop("An offer that says why somebody gets it is read better: add {}."),
    "no_postal": gettext_noop("The shop has not said its postal address, which the law asks for."),
    "links_of_nobody": gettext_noop(
        "Unsubscribe links need JOREN_URL with https; those here are examples."
    ),
}
