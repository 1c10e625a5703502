"""Words about people who ask what is known of them, or to be forgotten. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, get_args

from joren.core.errors import BadInput, NotFound, Refused
from joren.core.words import gettext_noop

Kind = Literal["export", "erasure"]
State = Literal["open", "waiting", "running", "done", "withdrawn", "unverified"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
STATES: Final[tuple[State, ...]] = get_args(State)
BY_AGE: Final = "nightly"
"""Who asks to forget those who registered, never bought, and were not seen for long."""
DAYS: Final = 30
"""Within so many days a person is answered (GDPR Art. 12: one month; APPI: without delay)."""

LOG: Final = "erasures.jsonl"
"""The file under the home that outlives a restore: who was erased, by number and keyed hash."""

KIND_NAMES: Final[Mapping[str, str]] = {
    "export": gettext_noop("Give out"),
    "erasure": gettext_noop("Erase"),
}
STATE_NAMES: Final[Mapping[str, str]] = {
    "open": gettext_noop("To be answered"),
    "waiting": gettext_noop("Waits for a worker"),
    "running": gettext_noop("Under way"),
    "done": gettext_noop("Done"),
    "withdrawn": gettext_noop("Withdrawn"),
    "unverified": gettext_noop("Look at it"),
}


@dataclass(frozen=True)
class Request:
    """What somebody asked; ``counts`` says what went, ``due_on`` when they have to be answered."""

    id: int
    uid: str
    kind: Kind
    state: State
    customer: int
    asked_at: datetime
    due_on: date
    asked_by: str
    note: str
    suppress: bool
    finished_at: datetime | None
    counts: Mapping[str, int]
    error: str

    @property
    def is_open(self) -> bool:
        return self.state in ("open", "waiting", "running", "unverified")


@dataclass(frozen=True)
class Part:
    """What one room would do: rows that go, and rows that stay without the person."""

    label: str
    goes: Mapping[str, int]
    stays: Mapping[str, int]


@dataclass(frozen=True)
class Preview:
    """What an erasure would do; nothing is done yet."""

    customer: int
    also: tuple[int, ...]
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        return sum(sum(part.goes.values()) for part in self.parts)


@dataclass(frozen=True)
class Given:
    """Everything about a person, by room, in words that people read."""

    made_at: datetime
    customer: int
    sections: tuple[tuple[str, str, tuple[Mapping[str, Any], ...]], ...]


@dataclass(frozen=True)
class Kept:
    """How long a kind of rows is kept, and how the last run went."""

    name: str
    label: str
    note: str
    days: int | None
    usual: int | None
    least: int
    old: int | None
    last_run: datetime | None
    last_count: int


class NoSuchPerson(NotFound):
    """Nobody has that number."""


class NoSuchRequest(NotFound):
    """Nobody asked under that number."""


class RequestClosed(Refused):
    """It was answered or withdrawn before."""


class NotAsked(BadInput):
    """Too little was said to act upon."""


class NoSuchKind(NotFound):
    """Nothing of that name is kept for a time."""
