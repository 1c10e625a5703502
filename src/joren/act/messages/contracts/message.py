"""Words about a message that leaves, and what a channel is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, runtime_checkable

State = Literal["accepted", "refused", "unknown"]
"""``refused``: it has certainly not left. ``unknown``: it may have left, and is not sent again by
itself."""


@dataclass(frozen=True)
class Sender:
    """Whom messages are from. 特定電子メール法 asks for the name and the postal address."""

    name: str
    email: str
    reply_to: str = ""
    postal_address: str = ""


@dataclass(frozen=True)
class Message:
    """One rendered message to one address. ``about`` is the customer whose data is in it. Notices
    of a mail return to ``returns_to``, else to the sender."""

    to: str
    subject: str
    text: str
    html: str | None
    sender: Sender
    headers: Mapping[str, str] = field(default_factory=dict)
    about: int | None = None
    returns_to: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a channel made of a message.

    ``again``: what refused it now may pass. Of what is ``unknown``: the other side knows the key
    again, so that to send it once more under the same key harms nobody. ``no_mailbox``: it was
    refused since nobody is at that address, so that nothing more is sent there.
    """

    state: State
    provider_id: str = ""
    reason: str = ""
    again: bool = False
    no_mailbox: bool = False


@runtime_checkable
class Channel(Protocol):
    """A way on which messages leave. It never raises: what goes wrong is an outcome.

    The same key says that it is the same message: a channel that can tell sends it once, and every
    channel gives it the same ``provider_id``.
    """

    @property
    def name(self) -> str: ...

    def send(self, message: Message, *, key: str) -> Outcome: ...


@runtime_checkable
class Batching(Protocol):
    """A channel that can send many over one open connection."""

    def session(self) -> AbstractContextManager[Channel]: ...


@runtime_checkable
class Streaming(Channel, Protocol):
    """An open line on which one message is on its way while the one before is not answered yet.

    It draws a message when it has room for it, so that whoever gives them may stop in between, and
    answers for each that it drew, by its key, as soon as it knows. None is on its way when it ends.
    """

    def send_all(
        self, messages: Iterable[tuple[str, Message]]
    ) -> Iterator[tuple[str, Outcome]]: ...


@runtime_checkable
class Remembering(Protocol):
    """A channel whose other side knows a key again for so long: within it, a repeat is one message.

    A channel that is none sends at most once.
    """

    @property
    def remembers(self) -> timedelta: ...


@runtime_checkable
class Lacking(Protocol):
    """A channel that can say what the settings still have to name before anything leaves."""

    def lacks(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class KeptBack:
    """A message that would have left, had it not been kept in the house."""

    id: int
    at: datetime
    to: str
    sender: str
    subject: str
    text: str
    html: str | None
    headers: Mapping[str, str]


@dataclass(frozen=True)
class PrintedLetter:
    """A letter as a printer gets it, to the address that was given last."""

    id: int
    customer: int | None
    recipient: str
    postal_code: str
    prefecture: str
    city: str
    street: str
    building: str
    subject: str
    text: str


@dataclass(frozen=True)
class JobMessage:
    """What was written for one row of the ledger; without a message ``reason`` says why."""

    message: Message | None
    reason: str = ""


@dataclass(frozen=True)
class DkimKey:
    """Under which name a domain's key is published, and the private half of it (PEM)."""

    selector: str
    domain: str
    private: str = field(repr=False)


@dataclass(frozen=True)
class Finding:
    """Something of a domain's records that is wrong, or worth a look where it is not ``grave``.

    ``say`` has a place for each of ``what``.
    """

    record: str
    grave: bool
    say: str
    what: tuple[str | int, ...] = ()

    @property
    def words(self) -> str:
        return self.say.format(*self.what)


@dataclass(frozen=True)
class Standing:
    """Whom a customer turned out to be, and why they are not written to; "" where they may be."""

    person: int
    why_not: str


@dataclass(frozen=True)
class Unclear:
    """A message of which nobody knows whether it left; ``called_at`` is when it was tried."""

    id: int
    customer: int
    channel: str
    template: str
    called_at: datetime | None
    reason: str


@dataclass(frozen=True)
class Carried:
    """What became of a batch, by state; ``waits`` were put off by limits or will be tried again."""

    states: Mapping[str, int] = field(default_factory=dict)
    waits: int = 0

    @property
    def rows(self) -> int:
        return sum(self.states.values()) + self.waits


@dataclass(frozen=True)
class Mode:
    """Does anything leave? ``lacks`` says what keeps it: ``sender``, ``smtp``, ``line``…"""

    live: bool
    lacks: tuple[str, ...]
